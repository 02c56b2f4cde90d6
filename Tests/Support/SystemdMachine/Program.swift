import Foundation
import Glibc

/// A program that a test runs and whose output it reads when it has ended.
public enum Program {
    /// What it printed, and how it ended.
    public struct Outcome: Sendable {
        /// The exit code; 128 and the signal where one ended it.
        public let status: Int32
        public let output: String
        public let errors: String

        /// The rest of each line of the form `name: rest`.
        public var answers: [String: String] {
            var answers: [String: String] = [:]
            for line in output.split(separator: "\n") {
                guard let colon = line.firstRange(of: ": ") else { continue }
                answers[String(line[..<colon.lowerBound])] = String(line[colon.upperBound...])
            }
            return answers
        }
    }

    struct Failed: Error {
        let operation: String
        let code: Int32
    }

    /// Longer than any scenario gives itself.
    public static let limit = Duration.seconds(900)
    /// From TERM to KILL: a machine powers off meanwhile.
    private static let grace = Duration.seconds(30)
    /// The exit status of timeout(1) for what it has ended.
    private static let endedStatus: Int32 = 124

    /// Runs it to its end, with no input and / as its working directory. What is left of its process group is killed.
    ///
    /// - Parameter limit: after so long it is ended, and says so among its errors: a test that hangs is to fail.
    public static func run(
        _ path: String, _ arguments: [String], limit: Duration = limit
    ) async throws -> Outcome {
        try await withCheckedThrowingContinuation { continuation in
            Thread.detachNewThread {
                continuation.resume(with: Result { try runBlocking(path, arguments, limit: limit) })
            }
        }
    }

    /// The same for whoever has a thread to wait with.
    static func runBlocking(_ path: String, _ arguments: [String], limit: Duration = limit) throws -> Outcome {
        let folder = FileManager.default.temporaryDirectory.appending(path: "program-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        let (output, errors) = (folder.appending(path: "output"), folder.appending(path: "errors"))
        let pid = try spawn(
            ["timeout", "--kill-after=\(grace.components.seconds)", "\(limit.components.seconds)", path] + arguments,
            output: output.path, errors: errors.path)
        // By the process itself: a pipe or a socket would stay open as long as anything that it has started.
        var end = siginfo_t()
        while waitid(P_PID, id_t(pid), &end, WEXITED | WNOWAIT) < 0, errno == EINTR {}
        kill(-pid, SIGKILL)
        var status: Int32 = 0
        while waitpid(pid, &status, 0) < 0, errno == EINTR {}
        let signal = status & 0x7F
        let code = signal == 0 ? status >> 8 & 0xFF : 128 + signal
        return Outcome(
            status: code, output: String(decoding: try Data(contentsOf: output), as: UTF8.self),
            errors: (code == endedStatus ? "\(path): ended after \(limit) at the latest\n" : "")
                + String(decoding: try Data(contentsOf: errors), as: UTF8.self))
    }

    /// With these files, /, and no other descriptor; timeout(1) makes a process group of it.
    private static func spawn(_ command: [String], output: String, errors: String) throws -> pid_t {
        var actions = posix_spawn_file_actions_t()
        posix_spawn_file_actions_init(&actions)
        defer { posix_spawn_file_actions_destroy(&actions) }
        posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0)
        posix_spawn_file_actions_addopen(&actions, 1, output, O_WRONLY | O_CREAT | O_APPEND, 0o600)
        posix_spawn_file_actions_addopen(&actions, 2, errors, O_WRONLY | O_CREAT | O_APPEND, 0o600)
        // Those of tests that run meanwhile: who waits for the end of one must not wait for this program.
        for descriptor in 3..<descriptors { posix_spawn_file_actions_addclose(&actions, descriptor) }
        var attributes = posix_spawnattr_t()
        posix_spawnattr_init(&attributes)
        defer { posix_spawnattr_destroy(&attributes) }
        var unblocked = sigset_t()
        sigemptyset(&unblocked)
        posix_spawnattr_setsigmask(&attributes, &unblocked)
        posix_spawnattr_setflags(&attributes, Int16(POSIX_SPAWN_SETSIGMASK))
        let argv = (["env", "--chdir=/"] + command).map { strdup($0) } + [nil]
        defer { for pointer in argv { free(pointer) } }
        var pid: pid_t = 0
        let code = posix_spawn(&pid, "/usr/bin/env", &actions, &attributes, argv, environ)
        guard code == 0 else { throw Failed(operation: "spawn \(command)", code: code) }
        return pid
    }

    /// More than a test process has open.
    private static let descriptors: Int32 = 1_024
}
