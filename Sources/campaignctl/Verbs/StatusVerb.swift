import ArgumentParser
import CampaignModel
import ControlAPI

struct StatusVerb: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "status", abstract: "Tells how campaignd is.",
        discussion: "Example: campaignctl status --check || echo look at it")

    @Flag(help: "Exit with 1 where the daemon or a campaign has an alert that is an error.")
    var check = false

    @OptionGroup var options: VerbOptions

    func run() async throws {
        try await options.run(isPaged: true) { session in
            let client = try await session.connect()
            let status = try await client.status()
            if session.isJSON {
                try Output.line(status.json)
            } else {
                for line in lines(status.view, session.times(), session.style) { try Output.line(line) }
            }
            if check {
                for try await alert in client.alerts() where alert.view.severity == .error {
                    throw ExitStatus.refused.exitCode
                }
            }
        }
    }

    private func lines(_ status: StatusView, _ times: Times, _ style: Style) -> [String] {
        let mark = status.alerts.isEmpty ? style.green("●") : style.gravest("●", of: status.alerts)
        let campaigns = Status.allCases.compactMap { word in status.campaigns[word].map { "\($0) \(word.rawValue)" } }
        let sends = StatusView.openStates.compactMap { word in status.sends[word].map { "\($0) \(word.rawValue)" } }
        var lines = [
            "\(mark) campaignd \(status.version), pid \(status.pid)",
            "    Started: \(times.text(status.startedAt, zoneName: nil))",
            "      Clock: \(times.fullText(status.now, zoneName: nil))",
            "  Campaigns: \(campaigns.isEmpty ? "none" : campaigns.joined(separator: ", "))",
            "      Sends: \(sends.isEmpty ? "none open" : sends.joined(separator: ", "))",
            "   Next due: \(status.nextDue.map { times.text($0, zoneName: nil) } ?? "nothing")",
        ]
        for alert in status.alerts {
            let text = "\(alert.text.escapedForDisplay) (\(alert.code))"
            lines.append("      Alert: \(style.severity(alert.severity)): \(text)")
        }
        return lines
    }
}
