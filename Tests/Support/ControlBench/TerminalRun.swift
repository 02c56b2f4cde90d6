import Foundation
import Glibc
import ProgramRun

/// A program on a terminal of its own (pty(7)), whose other end the test holds: what the program writes arrives here,
/// what is typed here arrives there, signals of keys included.
final class TerminalRun: Sendable {
    private let master: Int32
    private let pid: pid_t

    /// glibc's, which its Swift module lacks: a session of its own, so that the terminal becomes its controlling one.
    private static let setsid: Int16 = 0x80
    /// TIOCSPTLCK and TIOCGPTN, ioctl_tty(2), which it lacks too.
    private static let setLock: UInt = 0x4004_5431
    private static let getNumber: UInt = 0x8004_5430
    /// What one program of a test writes stays far below.
    private static let outputLimit = 1 << 20

    init(
        _ program: String, _ arguments: [String], environment: [String: String], columns: UInt16, rows: UInt16
    ) throws {
        master = open("/dev/ptmx", O_RDWR | O_NOCTTY | O_CLOEXEC)
        guard master >= 0 else { throw Failed(operation: "open /dev/ptmx", code: errno) }
        var (locked, number): (Int32, UInt32) = (0, 0)
        guard ioctl(master, Self.setLock, &locked) == 0, ioctl(master, Self.getNumber, &number) == 0 else {
            throw Failed(operation: "ioctl of /dev/ptmx", code: errno)
        }
        var size = winsize(ws_row: rows, ws_col: columns, ws_xpixel: 0, ws_ypixel: 0)
        _ = ioctl(master, UInt(TIOCSWINSZ), &size)
        var attributes = posix_spawnattr_t()
        posix_spawnattr_init(&attributes)
        defer { posix_spawnattr_destroy(&attributes) }
        posix_spawnattr_setflags(&attributes, Self.setsid)
        var actions = posix_spawn_file_actions_t()
        posix_spawn_file_actions_init(&actions)
        defer { posix_spawn_file_actions_destroy(&actions) }
        posix_spawn_file_actions_addopen(&actions, 0, "/dev/pts/\(number)", O_RDWR, 0)
        for stream: Int32 in [1, 2] { posix_spawn_file_actions_adddup2(&actions, 0, stream) }
        let argv = ([program] + arguments).map { strdup($0) } + [nil]
        let variables = environment.merging(SanitizerOptions.variables) { own, _ in own }
        let envp = variables.map { strdup("\($0.key)=\($0.value)") } + [nil]
        defer { for pointer in argv + envp { free(pointer) } }
        var pid: pid_t = 0
        let code = posix_spawn(&pid, program, &actions, &attributes, argv, envp)
        guard code == 0 else { throw Failed(operation: "spawn \(program)", code: code) }
        self.pid = pid
    }

    deinit {
        close(master)
    }

    struct Failed: Error {
        let operation: String
        let code: Int32
    }

    /// Types a text once the program has written another one, and waits for the program's end.
    ///
    /// - Parameter then: called once that text has come.
    /// - Returns: all that was written, and how the program ended, as waitpid(2) tells it.
    func run(
        until text: String, then: @escaping @Sendable (TerminalRun) -> Void
    ) async -> (output: String, status: Int32) {
        await withCheckedContinuation { continuation in
            Thread.detachNewThread {
                continuation.resume(returning: self.runBlocking(until: Array(text.utf8), then: then))
            }
        }
    }

    func type(_ bytes: [UInt8]) {
        _ = bytes.withUnsafeBytes { write(master, $0.baseAddress, $0.count) }
    }

    private func runBlocking(
        until text: [UInt8], then: @Sendable (TerminalRun) -> Void
    ) -> (output: String, status: Int32) {
        var output: [UInt8] = []
        var isAwaited = true
        var piece = [UInt8](repeating: 0, count: 4_096)
        while output.count < Self.outputLimit {
            let count = read(master, &piece, piece.count)
            // EIO: nobody has the other end any more.
            guard count > 0 || (count < 0 && errno == EINTR) else { break }
            output += piece[..<max(0, count)]
            if isAwaited, output.contains(text) {
                isAwaited = false
                then(self)
            }
        }
        var status: Int32 = 0
        while waitpid(pid, &status, 0) < 0, errno == EINTR {}
        return (String(decoding: output, as: UTF8.self), status)
    }
}
