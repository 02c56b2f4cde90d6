import ArgumentParser
import CampaignModel
import ControlAPI

struct Next: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "next", abstract: "Lists the next occurrences of all campaigns, soonest first.",
        discussion: """
            Campaigns that are scheduled, activating or active are in the list, a recurring one as often as it comes \
            round; paused ones are not, since nothing of theirs is sent. LAST is how the campaign's last send went.

            Example: campaignctl next -n 5
            """)

    @Option(name: [.customShort("n"), .long], help: ArgumentHelp("How many occurrences at most.", valueName: "n"))
    var count = NextQuery.defaultLimit

    @OptionGroup var tableOptions: TableOptions
    @OptionGroup var options: VerbOptions

    private static let columns = ["WHEN", "IN", "CAMPAIGN", "LAST", "MARK"]

    func validate() throws {
        try tableOptions.validate(Self.columns, isJSON: options.json)
        try Limit.validate("--count", count, in: NextQuery.allowedLimits)
    }

    func run() async throws {
        try await options.run(isPaged: true) { session in
            let found = try await session.connect().next(NextQuery(limit: count)).occurrences
            if session.isJSON {
                for planned in found { try Output.line(planned.json) }
                return
            }
            if found.isEmpty { return Output.message("Nothing is planned.") }
            let times = session.times()
            let style = session.style
            var table = Table(Self.columns, style: style, tableOptions)
            for planned in found.map(\.view) {
                let occurrence = planned.occurrence
                let last = planned.lastState
                try table.add([
                    times.cell(occurrence.instant, zoneName: occurrence.timezone),
                    Table.Cell(TimeSpan.words(ahead: planned.inSeconds)), Table.Cell(planned.campaign),
                    Table.Cell(last?.rawValue ?? "-") { text in last.map { style.sendState(text, $0) } ?? text },
                    Table.Cell(occurrence.mark ?? ""),
                ])
            }
            try table.flush()
        }
    }
}
