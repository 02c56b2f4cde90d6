import ArgumentParser
import ControlAPI

struct MessagePut: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "put", abstract: "Adds a draft revision of a message from a file.",
        discussion: """
            A .yaml file has subject, text, html, headers and attachments (names of files beside it); any other file \
            is the text itself.

            Example: campaignctl message put spring-2026 -f spring-2026.yaml
            """)

    @Argument(help: "The message's name.", completion: Names.completion(of: .message))
    var name: String

    @Option(name: .shortAndLong, help: ArgumentHelp("The message's file.", valueName: "file"), completion: .file())
    var file: String

    @OptionGroup var change: ChangeArguments
    @OptionGroup var options: VerbOptions

    func run() async throws {
        try await options.run { session in
            let content = try MessageSource.read(file)
            let client = try await session.connect()
            let message = try await client.putMessage(name, content, change.options)
            if session.isJSON { return try Output.line(message.json) }
            let dryRun = change.dryRun ? " (dry run)" : ""
            try Output.line("\(message.view.name): revision \(message.view.revision), draft\(dryRun)")
            if !change.dryRun {
                let verb = "campaignctl message publish \(message.view.name)"
                Output.message("A draft is not sent until it is published: \(verb)")
            }
        }
    }
}
