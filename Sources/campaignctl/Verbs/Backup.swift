import ArgumentParser
import ControlAPI
import VarlinkKit

struct Backup: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "backup", abstract: "Copies the ledger to a file while campaignd goes on.",
        discussion: """
            The copy is a ledger as it was at one moment, looked through before it is given away. Nobody but its owner \
            can read it: it has all campaigns and messages. campaignd check-ledger FILE looks through it again.

            Example: campaignctl backup campaignd.sqlite
            """)

    @Argument(
        help: ArgumentHelp("The file to make, mode 0600; - for standard output.", valueName: "file"),
        completion: .file())
    var file: String

    @Flag(help: "Replace the file if it is there.")
    var force = false

    @OptionGroup var options: VerbOptions

    func validate() throws {
        guard file == "-" else { return }
        if options.json { throw ValidationError("--json and the copy can't both go to standard output") }
        if Terminal.isOutputTerminal { throw ValidationError("a ledger is nothing for a terminal; name a file") }
    }

    func run() async throws {
        try await options.run { session in
            let client = try await session.connect()
            if file == "-" {
                for try await part in client.backup() { try Output.bytes(part) }
                return
            }
            var copy = try NewFile(file, mode: 0o600, replaces: force)
            defer { copy.discard() }
            var size = 0
            for try await part in client.backup() {
                try copy.append(part)
                size += part.count
            }
            try copy.finish()
            if session.isJSON { return try Output.line(["bytes": JSONValue(size), "file": .string(file)]) }
            try Output.line("\(file): \(size) bytes")
        }
    }
}
