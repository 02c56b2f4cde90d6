import CProcess
import Glibc
import SystemdKit

/// The first process of a surface or of an audience's program, with the pipes to it.
///
/// Started by posix_spawn(3) through ``ProgramTrampoline``, not by Subprocess: a surface must inherit the record's
/// lock, and all must die with the one thread of this process, and neither can be asked of a library that starts
/// processes from threads of its own.
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
        let reading = input.reading.raw
        let program = try start(words, environment: environment, folder: folder) { actions in
            posix_spawn_file_actions_adddup2(&actions, reading, STDIN_FILENO)
            posix_spawn_file_actions_adddup2(&actions, lock, ProgramTrampoline.lockDescriptor)
        }
        setNonBlocking(input.writing.raw)
        program.input = input.takeWriting()
        return program
    }

    /// A program whose standard input is a file.
    ///
    /// - Parameters:
    ///   - input: a descriptor at the file's beginning. It may be closed when this returns.
    ///   - trampoline: the file of this program; tests run in another one.
    static func start(
        _ words: [String], environment: [String], folder: String, reading input: CInt,
        trampoline: String = itself
    ) throws(SystemError) -> ChildProgram {
        try start(words, environment: environment, folder: folder, trampoline: trampoline) { actions in
            posix_spawn_file_actions_adddup2(&actions, input, STDIN_FILENO)
        }
    }

    /// A program that is given nothing to read: its standard input is /dev/null.
    static func startWithoutInput(
        _ words: [String], environment: [String], folder: String
    ) throws(SystemError) -> ChildProgram {
        try start(words, environment: environment, folder: folder) { actions in
            posix_spawn_file_actions_addopen(&actions, STDIN_FILENO, "/dev/null", O_RDONLY, 0)
        }
    }

    /// This very program, also where another one has taken its place on disk since.
    static let itself = "/proc/self/exe"

    private static func start(
        _ words: [String], environment: [String], folder: String, trampoline: String = itself,
        _ addActions: (inout posix_spawn_file_actions_t) -> Void
    ) throws(SystemError) -> ChildProgram {
        let output = try Pipe()
        let errors = try Pipe()
        let status = try Pipe()
        var actions = posix_spawn_file_actions_t()
        posix_spawn_file_actions_init(&actions)
        defer { posix_spawn_file_actions_destroy(&actions) }
        addActions(&actions)
        posix_spawn_file_actions_adddup2(&actions, output.writing.raw, STDOUT_FILENO)
        posix_spawn_file_actions_adddup2(&actions, errors.writing.raw, STDERR_FILENO)
        posix_spawn_file_actions_adddup2(&actions, status.writing.raw, ProgramTrampoline.statusDescriptor)
        var attributes = posix_spawnattr_t()
        posix_spawnattr_init(&attributes)
        defer { posix_spawnattr_destroy(&attributes) }
        setSignals(&attributes)
        let arguments = ["campaign-send", ProgramTrampoline.verb, "\(getpid())", folder] + words
        var id: pid_t = 0
        let code = withArray(of: arguments) { argv in
            withArray(of: environment) { envp in
                posix_spawn(&id, trampoline, &actions, &attributes, argv, envp)
            }
        }
        guard code == 0 else { throw SystemError(call: "posix_spawn", object: words[0], code: code) }
        for descriptor in [output.reading.raw, errors.reading.raw, status.reading.raw] { setNonBlocking(descriptor) }
        return ChildProgram(
            id: id, input: nil, output: output.takeReading(), errors: errors.takeReading(),
            execStatus: status.takeReading())
    }

    private static func setNonBlocking(_ descriptor: CInt) {
        _ = fcntl(descriptor, F_SETFL, fcntl(descriptor, F_GETFL) | O_NONBLOCK)
    }

    /// Nothing is held back or ignored in the program, as in any program that a shell starts.
    private static func setSignals(_ attributes: inout posix_spawnattr_t) {
        var none = sigset_t()
        sigemptyset(&none)
        var all = sigset_t()
        sigfillset(&all)
        posix_spawnattr_setsigmask(&attributes, &none)
        posix_spawnattr_setsigdefault(&attributes, &all)
        posix_spawnattr_setflags(&attributes, Int16(POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF))
    }

    private static func withArray<Result>(
        of words: [String], _ body: ([UnsafeMutablePointer<CChar>?]) -> Result
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
