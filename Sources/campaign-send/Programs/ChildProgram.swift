import CProcess
import Glibc
import SystemdKit

/// The first process of a surface or of an audience's program, with the pipes to it.
///
/// Started by a fork and exec of our own, not by Subprocess: a surface must inherit the record's lock, and all must die
/// with the one thread of this process, and neither can be asked of a library that starts processes from threads of its
/// own.
final class ChildProgram {
    let id: pid_t
    /// Nil once it is closed: then the program has read all there is. Nil from the start where it is given nothing.
    private(set) var input: Descriptor?
    let output: Descriptor
    let errors: Descriptor
    /// Gets the errno of an exec that failed; its end without one says that the program runs.
    let execStatus: Descriptor

    private init(
        id: pid_t, input: consuming Descriptor?, output: consuming Descriptor, errors: consuming Descriptor,
        execStatus: consuming Descriptor
    ) {
        self.id = id
        self.input = consume input
        self.output = output
        self.errors = errors
        self.execStatus = execStatus
    }

    func closeInput() {
        input = nil
    }

    /// The input's descriptor, nil once it is closed.
    var openInput: CInt? {
        switch input {
        case .some(let descriptor): descriptor.raw
        case .none: nil
        }
    }

    /// Where the record's lock lies in a surface: above what shells and scripts use for themselves.
    private static let lockDescriptor: CInt = 100

    /// A surface: it gets its request on its standard input.
    ///
    /// - Parameters:
    ///   - words: program and arguments.
    ///   - folder: its working directory.
    ///   - lock: stays open in it.
    static func start(
        _ words: [String], environment: [String], folder: String, lock: CInt
    ) throws(SystemError) -> ChildProgram {
        let input = try Pipe()
        let program = try start(
            words[0], words, environment: environment, folder: folder, reading: input.reading.raw, lock: lock)
        setNonBlocking(input.writing.raw)
        program.input = input.takeWriting()
        return program
    }

    /// A program whose standard input is a file.
    ///
    /// - Parameter input: a descriptor at the file's beginning. It may be closed when this returns.
    static func start(
        _ words: [String], environment: [String], folder: String, reading input: CInt
    ) throws(SystemError) -> ChildProgram {
        try start(words[0], words, environment: environment, folder: folder, reading: input, lock: nil)
    }

    /// A program that is given nothing to read: its standard input is /dev/null.
    ///
    /// - Parameter file: what is run, where it is not the first of the words.
    static func startWithoutInput(
        _ words: [String], as file: String? = nil, environment: [String], folder: String
    ) throws(SystemError) -> ChildProgram {
        let nothing = Descriptor(open("/dev/null", O_RDONLY | O_CLOEXEC))
        guard nothing.raw >= 0 else { throw SystemError(call: "open", object: "/dev/null", code: errno) }
        return try start(
            file ?? words[0], words, environment: environment, folder: folder, reading: nothing.raw, lock: nil)
    }

    private static func start(
        _ file: String, _ words: [String], environment: [String], folder: String, reading input: CInt, lock: CInt?
    ) throws(SystemError) -> ChildProgram {
        let output = try Pipe()
        let errors = try Pipe()
        let status = try Pipe()
        let id = withArray(of: words) { argv in
            withArray(of: environment) { envp in
                file.withCString { file in
                    folder.withCString { folder in
                        var program = cprocess_program(
                            file: file, argv: argv, envp: envp, folder: folder, input: input,
                            output: output.writing.raw, errors: errors.writing.raw, kept: lock ?? -1,
                            kept_as: lockDescriptor, status: status.writing.raw)
                        return cprocess_start(&program)
                    }
                }
            }
        }
        guard id > 0 else { throw SystemError(call: "fork", object: words[0], code: errno) }
        for descriptor in [output.reading.raw, errors.reading.raw, status.reading.raw] { setNonBlocking(descriptor) }
        return ChildProgram(
            id: id, input: nil, output: output.takeReading(), errors: errors.takeReading(),
            execStatus: status.takeReading())
    }

    private static func setNonBlocking(_ descriptor: CInt) {
        _ = fcntl(descriptor, F_SETFL, fcntl(descriptor, F_GETFL) | O_NONBLOCK)
    }

    private static func withArray<Result>(
        of words: [String], _ body: (UnsafePointer<UnsafeMutablePointer<CChar>?>) -> Result
    ) -> Result {
        let copies: [UnsafeMutablePointer<CChar>?] = words.map { strdup($0) }
        defer { copies.forEach { free($0) } }
        return body(copies + [nil])
    }

    /// To the process and its group; to the process alone while it has none yet.
    func signal(_ number: CInt) {
        kill(-id, number)
        kill(id, number)
    }

    /// Whether it has ended; it stays a zombie, so that its number names no other process or group.
    var hasEnded: Bool {
        var info = siginfo_t()
        return waitid(P_PID, id_t(id), &info, WEXITED | WNOHANG | WNOWAIT) == 0 && info.si_signo == SIGCHLD
    }

    /// Waits for it, and lets its number go.
    func reap() -> ProgramExit {
        var status: CInt = 0
        while waitpid(id, &status, 0) < 0 && errno == EINTR {}
        return ProgramExit(waitStatus: status)
    }
}

/// Two ends, both closed on exec.
private struct Pipe: ~Copyable {
    let reading: Descriptor
    let writing: Descriptor

    init() throws(SystemError) {
        var ends: [CInt] = [-1, -1]
        guard pipe(&ends) == 0 else { throw SystemError(call: "pipe", object: "a program", code: errno) }
        for end in ends { _ = fcntl(end, F_SETFD, FD_CLOEXEC) }
        reading = Descriptor(ends[0])
        writing = Descriptor(ends[1])
    }

    consuming func takeReading() -> Descriptor { reading }
    consuming func takeWriting() -> Descriptor { writing }
}
