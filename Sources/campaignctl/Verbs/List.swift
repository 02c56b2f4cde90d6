import ArgumentParser
import CampaignModel
import ControlAPI
import VarlinkKit

struct List: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "list",
        abstract: "Lists campaigns: drafts, scheduled, activating and active ones unless told otherwise.",
        discussion: """
            All conditions hold together. A draft has no NEXT: nothing of it is sent before it is activated. With \
            --sort next campaigns without a next occurrence come last, with created the newest first, with status they \
            are in the order of a campaign's life.

            Example: campaignctl list --status active --tag fr --sort next
            """)

    @Option(help: ArgumentHelp("Only campaigns of this status; may come several times.", valueName: "status"))
    var status: [Status] = []

    @Flag(help: "Campaigns of every status, archived ones included.")
    var all = false

    @Option(help: ArgumentHelp("Only campaigns of this type.", valueName: "scheduled|triggered"))
    var type: CampaignType?

    @Option(help: ArgumentHelp("Only campaigns of this channel.", valueName: "channel"))
    var channel: String?

    @Option(
        help: ArgumentHelp("Only campaigns with this tag; may come several times.", valueName: "tag"),
        completion: Names.completion(of: .tag))
    var tag: [String] = []

    @Flag(help: "Only campaigns with a rule, or only those without.")
    var rhythm: Rhythm?

    @Option(help: ArgumentHelp("Only campaigns with this in their name, title or tags.", valueName: "text"))
    var search: String?

    @Option(help: "What to sort by.")
    var sort: CampaignSort = .name

    @Option(help: ArgumentHelp("How many campaigns at most.", valueName: "n"))
    var limit: Int?

    @Flag(help: "Only tell how many there are of each status.")
    var count = false

    @OptionGroup var tableOptions: TableOptions
    @OptionGroup var options: VerbOptions

    private static let columns = ["NAME", "STATUS", "TYPE", "CHANNEL", "NEXT", "TAGS", "TITLE"]
    private static let countColumns = ["STATUS", "COUNT"]

    enum CampaignType: String, ExpressibleByArgument, CaseIterable {
        case scheduled, triggered
    }

    enum Rhythm: String, EnumerableFlag {
        case recurring
        case oneShot
    }

    func validate() throws {
        try tableOptions.validate(count ? Self.countColumns : Self.columns, isJSON: options.json)
        try Limit.validate(limit)
        if count, limit != nil { throw ValidationError("--limit stands beside --count; use one of them") }
    }

    func run() async throws {
        try await options.run(isPaged: true) { session in
            let client = try await session.connect()
            let query = try query()
            if count { return try print(try await client.count(query), of: query.statuses, in: session) }
            let isStreamed = limit == nil && Terminal.isOutputFile
            if session.isJSON, isStreamed {
                for try await lines in client.listLines(query) { try Output.bytes(lines) }
                return
            }
            let campaigns = client.list(query, limit: limit, isStreamed: isStreamed)
            if session.isJSON {
                for try await campaign in campaigns { try Output.line(campaign.json) }
                return
            }
            let times = session.times()
            let style = session.style
            var table = Table(Self.columns, style: style, tableOptions, cut: ["TITLE", "TAGS"])
            for try await campaign in campaigns { try table.add(row(campaign.view, times, style)) }
            if table.isEmpty { return Output.message(try await sentenceOfNone(query, client)) }
            try table.flush()
        }
    }

    /// `No campaigns.`, and what ``query()`` leaves out unless told otherwise.
    private func sentenceOfNone(_ query: CampaignQuery, _ client: ControlClient) async throws -> String {
        guard !all, status.isEmpty else { return "No campaigns." }
        var every = query
        every.statuses = nil
        let count = try await client.count(every).values.reduce(0, +)
        if count == 0 { return "No campaigns." }
        return "No campaigns; --all shows \(count) that \(count == 1 ? "has" : "have") ended."
    }

    private func query() throws -> CampaignQuery {
        var query = CampaignQuery()
        if all { query.statuses = nil }
        if !status.isEmpty { query.statuses = Set(status) }
        query.isTriggered = type.map { $0 == .triggered }
        query.channel = try channel.map { try Slug($0, field: "channel") }
        query.tags = try Tags.read(tag, field: "--tag")
        query.isRecurring = rhythm.map { $0 == .recurring }
        query.search = search
        query.sort = sort
        return query
    }

    /// The statuses that the list lets through, in the order of a campaign's life.
    private func print(_ counts: [Status: Int], of statuses: Set<Status>?, in session: Session) throws {
        let shown = Status.allCases.filter { statuses?.contains($0) ?? true }
        if session.isJSON {
            let members = shown.map { ($0.rawValue, JSONValue(counts[$0] ?? 0)) }
            return try Output.line(JSONObject(members))
        }
        let style = session.style
        var table = Table(Self.countColumns, style: style, tableOptions)
        for status in shown {
            try table.add([
                Table.Cell(status.rawValue) { style.status($0, status) }, Table.Cell("\(counts[status] ?? 0)"),
            ])
        }
        try table.flush()
    }

    private func row(_ campaign: CampaignView, _ times: Times, _ style: Style) -> [Table.Cell] {
        let (status, alerts) = (campaign.status, campaign.alerts)
        // Nothing of a draft is to come before it is activated.
        let next = status == .draft ? nil : campaign.next.first
        return [
            Table.Cell(campaign.name),
            Table.Cell(CampaignWords.status(campaign)) {
                alerts.isEmpty ? style.status($0, status) : style.gravest($0, of: alerts)
            },
            Table.Cell(CampaignWords.type(campaign)), Table.Cell(campaign.channel ?? "-"),
            next.map { times.cell($0, zoneName: campaign.schedule.definition.timezone) }
                ?? Table.Cell("-"),
            Table.Cell(campaign.tags.isEmpty ? "-" : campaign.tags.joined(separator: ",")),
            Table.Cell(campaign.title?.escapedForDisplay ?? ""),
        ]
    }
}
