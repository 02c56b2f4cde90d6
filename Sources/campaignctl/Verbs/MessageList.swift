import ArgumentParser
import CampaignModel
import ControlAPI

struct MessageList: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "list", abstract: "Lists messages with their newest revision.",
        discussion: "Example: campaignctl message list")

    @Option(help: ArgumentHelp("How many messages at most.", valueName: "n"))
    var limit: Int?

    @OptionGroup var tableOptions: TableOptions
    @OptionGroup var options: VerbOptions

    private static let columns = ["NAME", "REVISION", "PUBLISHED", "BYTES", "ATTACHMENTS", "SUBJECT"]

    func validate() throws {
        try tableOptions.validate(Self.columns, isJSON: options.json)
        try Limit.validate(limit)
    }

    func run() async throws {
        try await options.run(isPaged: true) { session in
            let client = try await session.connect()
            let messages = client.messages(limit: limit)
            if session.isJSON {
                for try await message in messages { try Output.line(message.json) }
                return
            }
            var table = Table(Self.columns, style: session.style, tableOptions)
            for try await message in messages {
                let message = message.view
                try table.add([
                    Table.Cell(message.name), Table.Cell("\(message.revision)"),
                    Table.Cell(message.publishedRevision.map { "\($0)" } ?? "-"), Table.Cell("\(message.bytes)"),
                    Table.Cell("\(message.attachments)"), Table.Cell(message.subject?.escapedForDisplay ?? ""),
                ])
            }
            try table.flush(orSay: "No messages.")
        }
    }
}
