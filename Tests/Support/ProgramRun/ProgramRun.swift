import Foundation
import Glibc

/// A program that ran to its end. A thread of its own waits for it, so that a server in this process goes on meanwhile.
public struct ProgramRun: Sendable {
    /// The exit code; 128 and the signal where one ended it, 124 or 137 where it took too long.
    public let status: Int32
    public let standardOutput: String
    public let standardError: String

    struct Failed: Error {
        let operation: String
        let code: Int32
    }

    /// Longer than any scenario gives itself.
    public static let limit = Duration.seconds(900)
    /// From TERM to KILL: a machine powers off meanwhile.
    private static let grace = Duration.seconds(30)

    /// Runs it to its end. What is left of its process group is killed then.
    ///
    /// - Parameters:
    ///   - environment: all that the program gets; nil for this process's own.
    ///   - closesOutput: whether nobody reads the standard output from the beginning.
    ///   - limit: after so long it is ended, and says so among its errors: a test that hangs is to fail.
    public static func run(
        _ program: String, _ arguments: [String], environment: [String: String]? = nil, input: String = "",
        closesOutput: Bool = false, limit: Duration = limit
    ) async throws -> ProgramRun {
        let start: @Sendable () throws -> ProgramRun = {
            try runBlocking(
                program, arguments, environment: environment, input: input, closesOutput: closesOutput, limit: limit)
        }
        return try await withCheckedThrowingContinuation { continuation in
            Thread.detachNewThread { continuation.resume(with: Result(catching: start)) }
        }
    }

    /// The same for whoever has a thread to wait with.
    public static func runBlocking(
        _ program: String, _ arguments: [String], environment: [String: String]? = nil, input: String = "",
        closesOutput: Bool = false, limit: Duration = limit
    ) throws -> ProgramRun {
        let folder = FileManager.default.temporaryDirectory.appending(path: "program-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        // Files: a pipe would stay open as long as anything that the program has started.
        let streams = ["input", "output", "errors"].map { folder.appending(path: $0) }
        try Data(input.utf8).write(to: streams[0])
        let pid = try spawn(
            ["--verbose", "--kill-after=\(grace.components.seconds)", "\(limit.components.seconds)", program]
                + arguments,
            environment, streams.map(\.path), closesOutput)
        var end = siginfo_t()
        while waitid(P_PID, id_t(pid), &end, WEXITED | WNOWAIT) < 0, errno == EINTR {}
        kill(-pid, SIGKILL)
        var status: Int32 = 0
        while waitpid(pid, &status, 0) < 0, errno == EINTR {}
        let signal = status & 0x7F
        return ProgramRun(
            status: signal == 0 ? status >> 8 & 0xFF : 128 + signal,
            standardOutput: closesOutput ? "" : String(decoding: try Data(contentsOf: streams[1]), as: UTF8.self),
            standardError: String(decoding: try Data(contentsOf: streams[2]), as: UTF8.self))
    }

    /// timeout(1), which makes a process group of it, with these files and no other descriptor.
    private static func spawn(
        _ arguments: [String], _ environment: [String: String]?, _ streams: [String], _ closesOutput: Bool
    ) throws -> pid_t {
        var actions = posix_spawn_file_actions_t()
        posix_spawn_file_actions_init(&actions)
        defer { posix_spawn_file_actions_destroy(&actions) }
        var ends: [Int32] = [-1, -1]
        defer { close(ends[1]) }
        for (number, path) in streams.enumerated() {
            let flags = number == 0 ? O_RDONLY : O_WRONLY | O_CREAT | O_APPEND
            posix_spawn_file_actions_addopen(&actions, Int32(number), path, flags, 0o600)
        }
        if closesOutput {
            guard pipe(&ends) == 0 else { throw Failed(operation: "pipe", code: errno) }
            close(ends[0])
            _ = fcntl(ends[1], F_SETFD, FD_CLOEXEC)
            posix_spawn_file_actions_adddup2(&actions, ends[1], 1)
        }
        // Those of tests that run meanwhile: who waits for the end of one must not wait for this program.
        for descriptor in 3..<descriptors { posix_spawn_file_actions_addclose(&actions, descriptor) }
        var attributes = posix_spawnattr_t()
        posix_spawnattr_init(&attributes)
        defer { posix_spawnattr_destroy(&attributes) }
        var unblocked = sigset_t()
        sigemptyset(&unblocked)
        posix_spawnattr_setsigmask(&attributes, &unblocked)
        posix_spawnattr_setflags(&attributes, Int16(POSIX_SPAWN_SETSIGMASK))
        let argv = ([timeout] + arguments).map { strdup($0) } + [nil]
        let variables = (environment ?? ProcessInfo.processInfo.environment)
            .merging(SanitizerOptions.variables) { own, _ in own }
        let envp = variables.map { strdup("\($0.key)=\($0.value)") } + [nil]
        defer { for pointer in argv + envp { free(pointer) } }
        var pid: pid_t = 0
        let code = posix_spawn(&pid, timeout, &actions, &attributes, argv, envp)
        guard code == 0 else { throw Failed(operation: "spawn \(arguments)", code: code) }
        return pid
    }

    private static let timeout = "/usr/bin/timeout"
    /// More than a test process has open.
    private static let descriptors: Int32 = 1_024
}

extension ProgramRun {
    /// The rest of each line of the form `name: rest` in the standard output.
    public var answers: [String: String] {
        var answers: [String: String] = [:]
        for line in standardOutput.split(separator: "\n") {
            guard let colon = line.firstRange(of: ": ") else { continue }
            answers[String(line[..<colon.lowerBound])] = String(line[colon.upperBound...])
        }
        return answers
    }
}
