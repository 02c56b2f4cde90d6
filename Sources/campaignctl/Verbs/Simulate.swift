import ArgumentParser
import CampaignModel
import ControlAPI
import Recurrence
import VarlinkKit

struct Simulate: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "simulate", abstract: "Shows what would happen until a day, and sends nothing.",
        discussion: """
            campaignd's own engine runs on a copy of its ledger with a clock of its own: status changes, sends, what \
            is missed or skipped, alerts, and clashes: two sends of different campaigns to one audience less than \
            --clash-within apart. Each send is taken to succeed at once. With --with it is as if the files were \
            applied and activated now.

            Example: campaignctl simulate --until 2027-01-31
            Example: campaignctl simulate --until 2027-01-31 --with spring-newsletter.yaml
            """)

    @Option(help: ArgumentHelp("Up to the end of this day, UTC.", valueName: "date"))
    var until: String

    @Option(
        help: ArgumentHelp(
            "A campaign file, or a folder of them, as if it were activated; may come several times.",
            valueName: "path"),
        completion: .file())
    var with: [String] = []

    @OptionGroup var clash: ClashArguments
    @OptionGroup var options: VerbOptions

    func validate() throws {
        guard LocalDate(until) != nil else {
            throw ValidationError("--until: \"\(until.escapedForDisplay)\" is not a date; write 2027-01-31")
        }
    }

    func run() async throws {
        try await options.run(isPaged: true) { session in
            var campaigns: [CampaignDefinition] = []
            for path in try CampaignFiles.paths(with) {
                campaigns.append(try CampaignFile(path).definition)
            }
            guard campaigns.count <= SimulationQuery.campaignLimit else {
                let why = "files are too many; \(SimulationQuery.campaignLimit) at most are allowed"
                throw FieldError("--with", "\(campaigns.count)", why)
            }
            guard let day = LocalDate(until) else { return }
            let query = SimulationQuery(
                until: SeriesEnd.date(day).lastInstant(in: .utc), campaigns: campaigns,
                clashWithinSeconds: clash.seconds, actor: .daemon)
            let found = try await simulation(query, in: session)
            if session.isJSON { return try Output.line(found.json) }
            let times = session.times()
            for definition in campaigns {
                times.note(zoneName: definition.schedule?.timezone, ofCampaign: definition.name ?? "")
            }
            let page = SimulationPage(
                found: found.view, clashSeconds: clash.seconds, times: times, style: session.style)
            try await page.print()
        }
    }

    /// What would happen; a day that can't be taken is told as it was written, not as the instant of its end.
    private func simulation(_ query: SimulationQuery, in session: Session) async throws -> Received<SimulationView> {
        do {
            return try await session.connect().simulate(query)
        } catch let reply as VarlinkErrorReply {
            guard reply.parameters["field"] == "until", let reason = reply.parameters["reason"]?.stringValue else {
                throw reply
            }
            throw FieldError("--until", until, reason)
        }
    }
}
