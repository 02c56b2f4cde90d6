import ArgumentParser
import CampaignModel
import ControlAPI

struct MessageList: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "list", abstract: "Lists messages with their newest revision.",
        discussion: "Example: campaignctl message list")

    @Option(help: ArgumentHelp("How many messages at most.", valueName: "n"))
    var limit: Int?

    @OptionGroup var options: VerbOptions

    func validate() throws {
        try Limit.validate(limit)
    }

    func run() async throws {
        try await options.run { session in
            let client = try await session.connect()
            let messages = client.messages(limit: limit)
            if session.isJSON {
                for try await message in messages { try Output.line(message.json) }
                return
            }
            let head = ["NAME", "REVISION", "PUBLISHED", "BYTES", "ATTACHMENTS", "SUBJECT"]
            var table = Table(head, style: session.style)
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
