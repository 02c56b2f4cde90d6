import ArgumentParser
import CampaignModel
import ControlAPI
import VarlinkKit

struct Check: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "check", abstract: "Checks what activation checks, and changes nothing.",
        discussion: """
            The draft is checked; without one, what the live version has to pass at its start; of a campaign that has \
            ended, what a duplicate of it would have to pass. Exit status: 1 where an error is found, since it would \
            block activation; a warning blocks nothing.

            The audience is counted, and where its surface has a rate, how long the next send takes is told with it.

            Example: campaignctl check spring-newsletter && campaignctl activate spring-newsletter
            """)

    @OptionGroup var campaigns: CampaignNames
    @OptionGroup var options: VerbOptions

    func run() async throws {
        try await options.run { session in
            let client = try await session.connect()
            let times = session.times()
            try await session.forEach(campaigns.names) { name in
                let (alerts, forecast) = try await client.check(name)
                if let forecast, !session.isJSON {
                    let zoneName = await times.zoneName(ofCampaign: name)
                    try Output.line("\(name): \(ForecastWords.line(forecast.view, times, zoneName: zoneName))")
                }
                for alert in alerts {
                    try Output.line(
                        session.isJSON
                            ? JSONValue.object(alert.json).description
                            : "\(name): \(AlertWords.line(alert.view, session.style))")
                }
                if alerts.isEmpty, !session.isJSON { try Output.line("\(name): nothing to mend") }
                if alerts.contains(where: { $0.view.severity == .error }) { throw ExitStatus.refused.exitCode }
            }
        }
    }
}
