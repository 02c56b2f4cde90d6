import CampaignModel
import Glibc
import VarlinkKit

/// The person's own editor: `$VISUAL`, else `$EDITOR`, else `editor`, else `vi`.
enum Editor {
    /// Debian's alternative, and what POSIX has everywhere.
    private static let defaultCommand = "if command -v editor >/dev/null; then editor \"$1\"; else vi \"$1\"; fi"

    /// Opens a file and returns when the person is done.
    ///
    /// - Throws: ``Failure`` where the editor can't be started or says that it failed.
    static func edit(_ path: String) throws(Failure) {
        let named = Terminal.variable("VISUAL") ?? Terminal.variable("EDITOR")
        let name = named.map { " (\($0.escapedForDisplay))" } ?? ""
        // The variables hold a command with its arguments, for a shell (environ(7)); the path is no part of its text.
        let command = named.map { "\($0) \"$1\"" } ?? defaultCommand
        let status: Int32
        switch run(["/bin/sh", "-c", command, "sh", path]) {
        case .success(let ended): status = ended
        case .failure(let error):
            throw failure("the editor can't be started: \(String(cString: strerror(error.code)))")
        }
        if status & 0x7F != 0 { throw failure("the editor\(name) was ended by signal \(status & 0x7F)") }
        if status != 0 { throw failure("the editor\(name) ended with status \(status >> 8 & 0xFF)") }
    }

    private struct SystemFailure: Error {
        let code: Int32
    }

    /// Runs a program on this terminal, as system(3) does: what the keyboard interrupts is the program alone.
    ///
    /// - Returns: how it ended, as waitpid(2) tells it.
    private static func run(_ arguments: [String]) -> Result<Int32, SystemFailure> {
        var attributes = posix_spawnattr_t()
        posix_spawnattr_init(&attributes)
        defer { posix_spawnattr_destroy(&attributes) }
        // An ignored signal would stay ignored in the editor and in what it starts.
        var defaults = sigset_t()
        sigemptyset(&defaults)
        for number in [SIGINT, SIGQUIT, SIGPIPE] { sigaddset(&defaults, number) }
        posix_spawnattr_setsigdefault(&attributes, &defaults)
        posix_spawnattr_setflags(&attributes, Int16(POSIX_SPAWN_SETSIGDEF))
        let handlers = [SIGINT, SIGQUIT].map { ($0, signal($0, SIG_IGN)) }
        defer { for (number, handler) in handlers { signal(number, handler) } }
        let argv = arguments.map { strdup($0) } + [nil]
        defer { for pointer in argv { free(pointer) } }
        var pid: pid_t = 0
        let code = posix_spawn(&pid, arguments[0], nil, &attributes, argv, environ)
        guard code == 0 else { return .failure(SystemFailure(code: code)) }
        var status: Int32 = 0
        while waitpid(pid, &status, 0) < 0 {
            if errno != EINTR { return .failure(SystemFailure(code: errno)) }
        }
        return .success(status)
    }

    private static func failure(_ reason: String) -> Failure {
        Failure(.refused, text: "\(reason); nothing was changed", parameters: ["error": "EditorFailed"])
    }
}
