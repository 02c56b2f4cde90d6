import Glibc
import Synchronization

/// A program that ran to its end. A thread of its own waits for it, so that a server in this process goes on meanwhile.
struct ProgramRun: Sendable {
    /// The exit code; 128 and the signal where one ended it.
    let status: Int32
    let standardOutput: String
    let standardError: String

    struct Failed: Error {
        let operation: String
        let code: Int32
    }

    /// - Parameters:
    ///   - environment: all that the program gets; nil for this process's own.
    ///   - input: given as fast as the program takes it.
    ///   - closesOutput: whether nobody reads the standard output from the beginning.
    static func run(
        _ program: String, _ arguments: [String], environment: [String: String]? = nil, input: String = "",
        closesOutput: Bool = false
    ) async throws -> ProgramRun {
        let start: @Sendable () throws -> ProgramRun = {
            try runBlocking(program, arguments, environment, Array(input.utf8), closesOutput)
        }
        return try await withCheckedThrowingContinuation { continuation in
            ProgramThread.start { continuation.resume(with: Result(catching: start)) }
        }
    }

    private static let spawning = Mutex(())

    private static func runBlocking(
        _ program: String, _ arguments: [String], _ environment: [String: String]?, _ input: [UInt8],
        _ closesOutput: Bool
    ) throws -> ProgramRun {
        // One after the other: a pipe that another program inherits before it is marked would not end with its own.
        let (pid, inputEnd, output, errors) = try spawning.withLock { _ in
            let (standardInput, output, errors) = (try pipe(), try pipe(), try pipe())
            if closesOutput { close(output.read) }
            let childs = [standardInput.read, output.write, errors.write]
            defer { for descriptor in childs { close(descriptor) } }
            let pid = try spawn(program, arguments, environment, childs)
            return (pid, standardInput.write, output.read, errors.read)
        }
        var texts: [Int32: [UInt8]] = [errors: []]
        if !closesOutput { texts[output] = [] }
        // A program that ends before it has read all would end this one too.
        var signals = sigset_t()
        sigemptyset(&signals)
        sigaddset(&signals, SIGPIPE)
        pthread_sigmask(SIG_BLOCK, &signals, nil)
        exchange(input[...], to: inputEnd, &texts)
        var status: Int32 = 0
        while waitpid(pid, &status, 0) < 0, errno == EINTR {}
        let signal = status & 0x7F
        return ProgramRun(
            status: signal == 0 ? status >> 8 & 0xFF : 128 + signal,
            standardOutput: String(decoding: texts[output] ?? [], as: UTF8.self),
            standardError: String(decoding: texts[errors] ?? [], as: UTF8.self))
    }

    /// Writes the input and reads all outputs to their ends, whichever comes first.
    private static func exchange(_ input: ArraySlice<UInt8>, to inputEnd: Int32, _ texts: inout [Int32: [UInt8]]) {
        var open = Array(texts.keys)
        var rest = input
        var inputEnd: Int32? = inputEnd
        if let inputEnd { _ = fcntl(inputEnd, F_SETFL, O_NONBLOCK) }
        var piece = [UInt8](repeating: 0, count: 1 << 16)
        while !open.isEmpty || inputEnd != nil {
            if rest.isEmpty, let end = inputEnd {
                close(end)
                inputEnd = nil
            }
            var entries = open.map { pollfd(fd: $0, events: Int16(POLLIN), revents: 0) }
            if let inputEnd { entries.append(pollfd(fd: inputEnd, events: Int16(POLLOUT), revents: 0)) }
            guard !entries.isEmpty, poll(&entries, nfds_t(entries.count), -1) > 0 else { continue }
            for entry in entries where entry.revents != 0 {
                if entry.fd == inputEnd {
                    let count = rest.withUnsafeBytes { write(entry.fd, $0.baseAddress, $0.count) }
                    rest = count < 0 ? (errno == EAGAIN || errno == EINTR ? rest : []) : rest.dropFirst(count)
                    continue
                }
                let count = read(entry.fd, &piece, piece.count)
                if count > 0 {
                    texts[entry.fd]? += piece[..<count]
                } else if count == 0 || errno != EINTR {
                    close(entry.fd)
                    open.removeAll { $0 == entry.fd }
                }
            }
        }
    }

    private static func pipe() throws -> (read: Int32, write: Int32) {
        var ends: [Int32] = [0, 0]
        guard Glibc.pipe(&ends) == 0 else { throw Failed(operation: "pipe", code: errno) }
        for end in ends { _ = fcntl(end, F_SETFD, FD_CLOEXEC) }
        return (ends[0], ends[1])
    }

    private static func spawn(
        _ program: String, _ arguments: [String], _ environment: [String: String]?, _ streams: [Int32]
    ) throws -> pid_t {
        var actions = posix_spawn_file_actions_t()
        posix_spawn_file_actions_init(&actions)
        defer { posix_spawn_file_actions_destroy(&actions) }
        for (number, descriptor) in streams.enumerated() {
            posix_spawn_file_actions_adddup2(&actions, descriptor, Int32(number))
        }
        let argv = ([program] + arguments).map { strdup($0) } + [nil]
        let envp = environment.map { $0.map { strdup("\($0.key)=\($0.value)") } + [nil] }
        defer { for pointer in argv + (envp ?? []) { free(pointer) } }
        var pid: pid_t = 0
        let code =
            if let envp {
                posix_spawn(&pid, program, &actions, nil, argv, envp)
            } else {
                posix_spawn(&pid, program, &actions, nil, argv, environ)
            }
        guard code == 0 else { throw Failed(operation: "spawn \(program)", code: code) }
        return pid
    }
}

/// A thread for one body, gone when the body has ended.
enum ProgramThread {
    private final class Body: Sendable {
        let run: @Sendable () -> Void
        init(_ run: @escaping @Sendable () -> Void) { self.run = run }
    }

    static func start(_ run: @escaping @Sendable () -> Void) {
        var thread = pthread_t()
        let body = Unmanaged.passRetained(Body(run))
        pthread_create(&thread, nil, { argument in
            Unmanaged<Body>.fromOpaque(argument!).takeRetainedValue().run()
            return nil
        }, body.toOpaque())
        pthread_detach(thread)
    }
}
