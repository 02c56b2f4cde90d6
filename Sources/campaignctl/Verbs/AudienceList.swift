import ArgumentParser
import CampaignModel
import ControlAPI

struct AudienceList: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "list", abstract: "Lists audiences, with how many campaigns in force name them.",
        discussion: "Example: campaignctl audience list")

    @OptionGroup var tableOptions: TableOptions
    @OptionGroup var options: VerbOptions

    private static let columns = ["NAME", "CAMPAIGNS"]

    func validate() throws {
        try tableOptions.validate(Self.columns, isJSON: options.json)
    }

    func run() async throws {
        try await options.run(isPaged: true) { session in
            let audiences = try await session.connect().audiences()
            if session.isJSON {
                for audience in audiences { try Output.line(audience.json) }
                return
            }
            if audiences.isEmpty { return Output.message("No audience is set up.") }
            var table = Table(Self.columns, style: session.style, tableOptions)
            for audience in audiences.map(\.view) {
                try table.add([Table.Cell(audience.name), Table.Cell("\(audience.campaigns)")])
            }
            try table.flush()
        }
    }
}
