import ArgumentParser
import CampaignModel
import ControlAPI
import VarlinkKit

struct Log: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "log", abstract: "Tells what happened, the oldest first.",
        discussion: "Example: campaignctl log spring-newsletter --follow")

    @Argument(help: "Of this campaign alone, also after it is gone.", completion: Names.completion(of: .campaign))
    var name: String?

    @Flag(name: .shortAndLong, help: "Go on with what happens.")
    var follow = false

    @Option(name: [.customShort("n"), .long], help: ArgumentHelp("How many of the newest at most.", valueName: "n"))
    var limit: Int?

    @OptionGroup var options: VerbOptions

    func validate() throws {
        try Limit.validate(limit)
        if let limit, limit > EventQuery.lastLimit {
            throw ValidationError("--limit: \(limit) is out of range; allowed is 1 to \(EventQuery.lastLimit)")
        }
    }

    func run() async throws {
        try await options.run(isPaged: !follow) { session in
            let client = try await session.connect()
            let times = session.times()
            var told = 0
            for try await event in client.log(of: name, last: limit, follows: follow) {
                // What happens while they are told is none of those that were asked for.
                if let limit, told == limit, !follow { break }
                told += 1
                if session.isJSON {
                    try Output.line(event.json)
                } else {
                    try Output.line(await line(event.view, times))
                }
            }
            // A history that is followed ends only with the daemon.
            if follow { throw VarlinkClientError.disconnected }
            if told == 0, !session.isJSON { Output.message("No events.") }
        }
    }

    /// `2026-12-07 09:00:00 Europe/Paris spring: scheduled → activating (root: as agreed)`
    private func line(_ event: EventView, _ times: Times) async -> String {
        var zoneName: String?
        if let campaign = event.campaign { zoneName = await times.zoneName(ofCampaign: campaign) }
        let time = times.fullText(event.at, zoneName: zoneName)
        return "\(time) \(event.campaign ?? "campaignd"): \(EventWords.line(event))"
    }
}
