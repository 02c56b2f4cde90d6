import ArgumentParser
import ControlAPI

struct MessagePublish: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "publish", abstract: "Publishes the newest revisions of messages.",
        discussion: """
            What is claimed from then on is sent with them.

            Example: campaignctl message publish spring-2026
            """)

    @Argument(help: ArgumentHelp("The messages' names.", valueName: "name"), completion: Names.completion(of: .message))
    var names: [String]

    @OptionGroup var change: ChangeArguments
    @OptionGroup var options: VerbOptions

    func validate() throws {
        if change.revision != nil, names.count > 1 { throw ValidationError("--revision goes with one name only") }
    }

    func run() async throws {
        try await options.run { session in
            let client = try await session.connect()
            try await session.forEach(names) { name in
                let message = try await client.publishMessage(name, change.options)
                if session.isJSON { return try Output.line(message.json) }
                let dryRun = change.dryRun ? " (dry run)" : ""
                try Output.line("\(message.view.name): revision \(message.view.revision), published\(dryRun)")
            }
        }
    }
}
