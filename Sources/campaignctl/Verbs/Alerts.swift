import ArgumentParser
import CampaignModel
import ControlAPI

struct Alerts: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "alerts", abstract: "Lists what a person should look at.",
        discussion: "Example: campaignctl alerts spring-newsletter")

    @Argument(help: "Of this campaign alone.", completion: Names.completion(of: .campaign))
    var name: String?

    @Option(help: ArgumentHelp("How many alerts at most.", valueName: "n"))
    var limit: Int?

    @OptionGroup var tableOptions: TableOptions
    @OptionGroup var options: VerbOptions

    private static let columns = ["SEVERITY", "CODE", "CAMPAIGN", "SINCE", "TEXT"]

    func validate() throws {
        try tableOptions.validate(Self.columns, isJSON: options.json)
        try Limit.validate(limit)
    }

    func run() async throws {
        try await options.run(isPaged: true) { session in
            let client = try await session.connect()
            let alerts = client.alerts(of: name, limit: limit)
            if session.isJSON {
                for try await alert in alerts { try Output.line(alert.json) }
                return
            }
            let times = session.times()
            let style = session.style
            var table = Table(Self.columns, style: style, tableOptions)
            for try await alert in alerts {
                let alert = alert.view
                var zoneName: String?
                if let campaign = alert.campaign { zoneName = await times.zoneName(ofCampaign: campaign) }
                try table.add([
                    Table.Cell(alert.severity.rawValue) { _ in style.severity(alert.severity) },
                    Table.Cell(alert.code), Table.Cell(alert.campaign ?? "-"),
                    times.cell(alert.since, zoneName: zoneName),
                    Table.Cell(alert.textWithCount.escapedForDisplay),
                ])
            }
            try table.flush(orSay: "No alerts.")
        }
    }
}
