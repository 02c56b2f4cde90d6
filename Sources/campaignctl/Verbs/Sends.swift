import ArgumentParser
import CampaignModel
import ControlAPI

struct Sends: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "sends", abstract: "Lists what was and is being sent, the newest first.",
        discussion: """
            campaignctl watch shows those that are under way as they go on, and campaignctl retry with a key tries one \
            again that failed, was interrupted or cancelled.

            Example: campaignctl sends spring-newsletter --state failed
            """)

    @Argument(help: "Of this campaign alone.", completion: Names.completion(of: .campaign))
    var name: String?

    @Option(help: ArgumentHelp("Only sends in this state; may come several times.", valueName: "state"))
    var state: [SendState] = []

    @Option(help: ArgumentHelp("How many sends at most.", valueName: "n"))
    var limit: Int?

    @OptionGroup var tableOptions: TableOptions
    @OptionGroup var options: VerbOptions

    private static let columns = ["CAMPAIGN", "DUE", "STATE", "ATTEMPTS", "PROGRESS", "KEY", "REASON"]

    func validate() throws {
        try tableOptions.validate(Self.columns, isJSON: options.json)
        try Limit.validate(limit)
    }

    func run() async throws {
        try await options.run(isPaged: true) { session in
            let client = try await session.connect()
            let sends = client.sends(of: name, states: state, limit: limit)
            if session.isJSON {
                for try await send in sends { try Output.line(send.json) }
                return
            }
            let times = session.times()
            let style = session.style
            var table = Table(Self.columns, style: style, tableOptions)
            for try await send in sends {
                let zoneName = await times.zoneName(ofCampaign: send.view.campaign)
                try table.add(row(send.view, times, zoneName: zoneName, style))
            }
            try table.flush(orSay: "No sends.")
        }
    }

    private func row(_ send: SendView, _ times: Times, zoneName: String?, _ style: Style) -> [Table.Cell] {
        let state = send.state
        let words = SendWords.state(send, times, zoneName: zoneName)
        return [
            Table.Cell(send.campaign), times.cell(send.due, zoneName: zoneName),
            Table.Cell(words) { style.sendState($0, state) }, Table.Cell("\(send.attempts)"),
            Table.Cell(SendWords.progress(send) ?? "-"), Table.Cell(send.key),
            Table.Cell(send.reason?.escapedForDisplay ?? ""),
        ]
    }
}
