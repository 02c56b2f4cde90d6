import ArgumentParser
import CampaignModel
import ControlAPI

struct Sends: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "sends", abstract: "Lists what was and is being sent, the newest first.",
        discussion: """
            campaignctl watch shows those that are under way as they go on, and campaignctl retry with a key tries one \
            again that failed, was interrupted or cancelled.

            With --recipients and a send's key it tells what became of each recipient, as far as the surface keeps \
            that: CSV with the columns email, state, reason, attempt and at. Only operators may see it. A value that a \
            spreadsheet would take for a formula has a ' before it; --json has each as it is.

            Example: campaignctl sends spring-newsletter --state failed
            Example: campaignctl sends dm3c7dgx5cmy3tzrspm6rkm4oy/now/order-1815 --recipients --state refused
            """)

    @Argument(
        help: "Of this campaign alone; with --recipients a send's key.",
        completion: Names.completion(of: .campaign))
    var name: String?

    @Flag(help: "What became of each recipient of one send, as CSV.")
    var recipients = false

    @Option(help: ArgumentHelp("Only sends, or recipients, in this state; may come several times.", valueName: "state"))
    var state: [ListedState] = []

    @Option(help: ArgumentHelp("How many sends, or recipients, at most.", valueName: "n"))
    var limit: Int?

    @OptionGroup var tableOptions: TableOptions
    @OptionGroup var options: VerbOptions

    private static let columns = ["CAMPAIGN", "DUE", "STATE", "ATTEMPTS", "PROGRESS", "KEY", "REASON"]

    func validate() throws {
        try tableOptions.validate(recipients ? Self.recipientColumns : Self.columns, isJSON: options.json)
        if recipients, name == nil {
            throw ValidationError("--recipients goes with a send's key; campaignctl sends tells the keys")
        }
        if let stray = state.first(where: { recipients ? $0.ofRecipient == nil : $0.ofSend == nil }) {
            throw ValidationError("--state: \(stray.word) is a state of a \(recipients ? "send" : "recipient")")
        }
        try Limit.validate(limit)
    }

    func run() async throws {
        // While a pager stands at its first page nobody reads; the daemon waits for a reader half a minute.
        try await options.run(isPaged: !recipients) { session in
            if recipients, let name { return try await printRecipients(of: SendKey.read(name), in: session) }
            let client = try await session.connect()
            let sends = client.sends(of: name, states: state.compactMap(\.ofSend), limit: limit)
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
