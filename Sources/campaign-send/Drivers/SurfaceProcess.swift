import CProcess
import Glibc
import SystemdKit

/// A surface's first process, with the pipes to it.
///
/// Started by posix_spawn(3) through ``SurfaceTrampoline``, not by Subprocess: the surface must inherit the record's
/// lock and must die with the one thread of this process, and neither can be asked of a library that starts
/// processes from threads of its own.
final class SurfaceProcess {
    let id: pid_t
    /// Nil once it is closed: then the surface has read all there is.
    private(set) var input: Descriptor?
    let output: Descriptor
    let errors: Descriptor
    /// Gets the errno of an exec that failed; its end without one says that the surface runs.
    let execStatus: Descriptor

    private init(
        id: pid_t, input: consuming Descriptor, output: consuming Descriptor, errors: consuming Descriptor,
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

    /// - Parameters:
    ///   - words: program and arguments.
    ///   - folder: its working directory.
    ///   - lock: stays open in it.
    static func start(
        _ words: [String], environment: [String], folder: String, lock: CInt
    ) throws(SystemError) -> SurfaceProcess {
        let input = try Pipe()
        let output = try Pipe()
        let errors = try Pipe()
        let status = try Pipe()
        var actions = posix_spawn_file_actions_t()
        posix_spawn_file_actions_init(&actions)
        defer { posix_spawn_file_actions_destroy(&actions) }
        posix_spawn_file_actions_adddup2(&actions, input.reading.raw, STDIN_FILENO)
        posix_spawn_file_actions_adddup2(&actions, output.writing.raw, STDOUT_FILENO)
        posix_spawn_file_actions_adddup2(&actions, errors.writing.raw, STDERR_FILENO)
        posix_spawn_file_actions_adddup2(&actions, lock, SurfaceTrampoline.lockDescriptor)
        posix_spawn_file_actions_adddup2(&actions, status.writing.raw, SurfaceTrampoline.statusDescriptor)
        var attributes = posix_spawnattr_t()
        posix_spawnattr_init(&attributes)
        defer { posix_spawnattr_destroy(&attributes) }
        setSignals(&attributes)
        // This very program, also where another one has taken its place on disk since.
        let arguments = ["campaign-send", SurfaceTrampoline.verb, "\(getpid())", folder] + words
        var id: pid_t = 0
        let code = withArray(of: arguments) { argv in
            withArray(of: environment) { envp in
                posix_spawn(&id, "/proc/self/exe", &actions, &attributes, argv, envp)
            }
        }
        guard code == 0 else { throw SystemError(call: "posix_spawn", object: words[0], code: code) }
        for descriptor in [input.writing.raw, output.reading.raw, errors.reading.raw, status.reading.raw] {
            _ = fcntl(descriptor, F_SETFL, fcntl(descriptor, F_GETFL) | O_NONBLOCK)
        }
        return SurfaceProcess(
            id: id, input: input.takeWriting(), output: output.takeReading(), errors: errors.takeReading(),
            execStatus: status.takeReading())
    }

    /// Nothing is held back or ignored in the surface, as in any program that a shell starts.
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
    func reap() -> SurfaceExit {
        var status: CInt = 0
        while waitpid(id, &status, 0) < 0 && errno == EINTR {}
        return SurfaceExit(waitStatus: status)
    }
}

/// Two ends, both closed on exec.
private struct Pipe: ~Copyable {
    let reading: Descriptor
    let writing: Descriptor

    init() throws(SystemError) {
        var ends: [CInt] = [-1, -1]
        guard pipe(&ends) == 0 else { throw SystemError(call: "pipe", object: "a surface", code: errno) }
        for end in ends { _ = fcntl(end, F_SETFD, FD_CLOEXEC) }
        reading = Descriptor(ends[0])
        writing = Descriptor(ends[1])
    }

    consuming func takeReading() -> Descriptor { reading }
    consuming func takeWriting() -> Descriptor { writing }
}
