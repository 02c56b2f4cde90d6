import ArgumentParser
import CampaignModel
import ControlAPI

struct StatusVerb: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "status", abstract: "Tells how campaignd is.",
        discussion: """
            Example: campaignctl status --check || echo look at it
            Example: campaignctl status --config
            """)

    @Flag(help: "Exit with 1 where the daemon or a campaign has an alert that is an error.")
    var check = false

    @Flag(help: "Tell the settings in force too, each with where it comes from.")
    var config = false

    @OptionGroup var options: VerbOptions

    func run() async throws {
        try await options.run(isPaged: true) { session in
            let client = try await session.connect()
            let status = try await client.status()
            if session.isJSON {
                try Output.line(status.json)
            } else {
                for line in lines(status.view, session.times(), session.style) { try Output.line(line) }
                if config { try printSettings(of: status.view.configuration, session.style) }
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
            "  Campaigns: \(campaigns.isEmpty ? "none" : campaigns.joined(separator: ", "))"
                + (status.paused > 0 ? "; \(status.paused) paused" : ""),
            "      Sends: \(sends.isEmpty ? "none open" : sends.joined(separator: ", "))",
            "   Next due: \(status.nextDue.map { times.text($0, zoneName: nil) } ?? "nothing")",
        ]
        lines += self.lines(status.configuration, times, style)
        for alert in status.alerts {
            let text = "\(alert.text.escapedForDisplay) (\(alert.code))"
            lines.append("      Alert: \(style.severity(alert.severity)): \(text)")
        }
        return lines
    }

    private func lines(_ configuration: ConfigurationView, _ times: Times, _ style: Style) -> [String] {
        let files = configuration.files.map(\.escapedForDisplay)
        let from = files.isEmpty ? "; there is no file" : " from \(files.joined(separator: ", "))"
        let lines = ["     Config: read \(times.text(configuration.readAt, zoneName: nil))\(from)"]
        guard let refused = configuration.refused else { return lines }
        let text = "\(refused.text.escapedForDisplay) (\(times.text(refused.at, zoneName: nil)))"
        return lines + ["    Refused: \(style.red("a newer one")): \(text)"]
    }

    private func printSettings(of configuration: ConfigurationView, _ style: Style) throws {
        try Output.line("")
        var table = Table(["SETTING", "VALUE", "FROM"], style: style)
        for setting in configuration.settings {
            try table.add([setting.key, setting.value, setting.source].map { Table.Cell($0.escapedForDisplay) })
        }
        try table.flush()
    }
}
