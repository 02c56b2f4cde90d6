import ArgumentParser
import CampaignModel
import ControlAPI
import VarlinkKit

struct AudienceSampleVerb: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "sample", abstract: "Shows an audience's first recipients; only operators may.",
        discussion: "Example: campaignctl audience sample subscribers -n 3")

    @Argument(help: "The audience's name.", completion: Names.completion(of: .audience))
    var name: String

    @Option(name: [.customShort("n"), .long], help: ArgumentHelp("How many recipients at most.", valueName: "n"))
    var count = AudienceSample.defaultLimit

    @OptionGroup var options: VerbOptions

    func validate() throws {
        try Limit.validate("--count", count, in: AudienceSample.allowedLimits)
    }

    func run() async throws {
        try await options.run(isPaged: true) { session in
            let sample = try await session.connect().sampleAudience(name, limit: count).view
            if session.isJSON {
                for recipient in sample.recipients { try Output.line(object(recipient)) }
                return
            }
            if let text = sample.text { Output.message(text.escapedForDisplay) }
            try printTable(sample.recipients, session.style)
        }
    }

    private func object(_ recipient: Recipient) -> JSONObject {
        // Of two columns with one name the first counts.
        JSONObject(recipient.columns.reversed().map { ($0.name, .string($0.value)) })
    }

    /// The columns that any of them has, in the order in which they come first.
    private func printTable(_ recipients: [Recipient], _ style: Style) throws {
        var names: [String] = []
        for column in recipients.flatMap(\.columns) where !names.contains(column.name) { names.append(column.name) }
        var table = Table(names.map(\.escapedForDisplay), style: style)
        for recipient in recipients {
            let values = object(recipient)
            try table.add(names.map { Table.Cell((values[$0]?.stringValue ?? "").escapedForDisplay) })
        }
        try table.flush()
    }
}
