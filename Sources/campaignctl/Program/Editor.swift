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
        do {
            status = try run(["-c", command, "sh", path])
        } catch {
            throw failure("the editor can't be started: \(String(cString: strerror(error.code)))")
        }
        if status & 0x7F != 0 { throw failure("the editor\(name) was ended by signal \(status & 0x7F)") }
        if status != 0 { throw failure("the editor\(name) ended with status \(status >> 8 & 0xFF)") }
    }

    /// As system(3) does: what the keyboard interrupts is the editor alone.
    private static func run(_ arguments: [String]) throws(ShellProcess.Failed) -> Int32 {
        let handlers = [SIGINT, SIGQUIT].map { ($0, signal($0, SIG_IGN)) }
        defer { for (number, handler) in handlers { signal(number, handler) } }
        return try ShellProcess.start(arguments).wait()
    }

    private static func failure(_ reason: String) -> Failure {
        Failure(.refused, text: "\(reason); nothing was changed", parameters: ["error": "EditorFailed"])
    }
}
