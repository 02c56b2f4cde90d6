import ArgumentParser
import CampaignModel
import ControlAPI
import Recurrence

struct Preview: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "preview", abstract: "Shows what is to come: of a campaign, of a campaign file, or of a rule.",
        discussion: """
            A campaign is asked for at campaignd; a file and a rule need no daemon. A mark tells where a rule was \
            applied: "gap: shifted" where clocks leave the local time out, "fold: first" where they show it twice, \
            "month end" where a month lacks the day.

            With --batch each line of standard input is one JSON object with the keys \
            \(BatchRequest.keys.joined(separator: ", ")), and is answered by one line: its id, the occurrences, and \
            whether that is all; or its id and an error.

            Example: campaignctl preview spring-newsletter --draft
            Example: campaignctl preview -f spring-newsletter.yaml -n 20
            Example: campaignctl preview --rrule 'FREQ=DAILY' --start 2026-10-03T02:30 --timezone Australia/Sydney
            """)

    @Argument(help: "A campaign.", completion: Names.completion(of: .campaign))
    var name: String?

    @Flag(help: "The campaign's live version, or the draft beside it.")
    var which: Show.Which?

    @Option(help: ArgumentHelp("The campaign's version with this number.", valueName: "n"))
    var version: Int?

    @Option(
        name: .shortAndLong, help: ArgumentHelp("A campaign file; - for standard input.", valueName: "file"),
        completion: .file(extensions: ["yaml", "yml"]))
    var file: String?

    @OptionGroup(title: "A schedule on the command line") var schedule: ScheduleArguments

    @Flag(help: "Answer schedules on standard input, one JSON object a line.")
    var batch = false

    @Option(
        name: [.customShort("n"), .long],
        help: ArgumentHelp("How many occurrences at most; with --batch of lines without a count.", valueName: "n"))
    var count = OccurrencePage.defaultLimit

    @Option(
        help: ArgumentHelp(
            "Only those later than this instant, such as 2026-12-07T08:00:00Z.",
            discussion: "Default: now; of a rule the beginning.", valueName: "instant"))
    var after: String?

    @OptionGroup var options: VerbOptions

    func validate() throws {
        try validateSource()
        try VersionChoice.validate(which, number: version)
        try Limit.validate("--count", count, in: OccurrencePage.allowedLimits)
        if let after, Instant(after) == nil {
            throw ValidationError(
                "--after: \"\(after.escapedForDisplay)\" is not an instant; write 2026-12-07T08:00:00Z")
        }
    }

    /// One of the four things to preview, with the options that belong to it.
    private func validateSource() throws {
        let rule = schedule.isGiven ? schedule.givenOptions.first : nil
        let sources = [
            name.map { "a campaign's name (\($0.escapedForDisplay))" }, file.map { _ in "--file" }, rule,
            batch ? "--batch" : nil,
        ].compactMap(\.self)
        if sources.isEmpty {
            throw ValidationError("Name a campaign, a file (-f), a rule (--rrule or --every), or say --batch")
        }
        if sources.count > 1 {
            throw ValidationError("\(sources.joined(separator: " and ")) exclude each other; use one of them")
        }
        if let option = schedule.givenOptions.first, !schedule.isGiven {
            throw ValidationError("\(option) goes with --rrule, --every or --start only")
        }
        if schedule.timezone != nil, name != nil || batch {
            throw ValidationError("--timezone goes with a rule or a file only; every campaign and line has its own")
        }
        if name == nil, which != nil || version != nil {
            throw ValidationError("--live, --draft and --version go with a campaign's name only")
        }
        if batch, after != nil { throw ValidationError("--after stands beside --batch, whose lines have their own") }
    }

    func run() async throws {
        try await options.run(isPaged: true) { session in
            if batch { return try BatchRequest.answerAll(defaultCount: count) }
            let after = after.flatMap { Instant($0) }
            if let name { return try await show(name, after: after, session) }
            try LocalPreview(file: file, schedule: schedule, after: after, count: count).show(in: session)
        }
    }

    private func show(_ name: String, after: Instant?, _ session: Session) async throws {
        let client = try await session.connect()
        let choice = VersionChoice(which, number: version)
        let found = try await client.preview(name, PreviewQuery(version: choice, after: after, limit: count))
        if session.isJSON { return try PreviewPage.printJSON(found.occurrences.map(\.json)) }
        let shown = try await client.show(name, version: choice)
        let campaign = shown.campaign.view
        var page = PreviewPage(
            sentence: campaign.schedule.text, rule: campaign.schedule.rule, notes: notes(campaign),
            occurrences: found.occurrences.map(\.view), isExhausted: found.isExhausted, after: after)
        // One that has ended is to send nothing, whatever its schedule says.
        if found.occurrences.isEmpty, campaign.status.isInForce || campaign.status == .draft {
            page.reason = PastSchedule.words(campaign.schedule.definition, at: shown.now, session.times())
        }
        try page.print(in: session)
    }

    private func notes(_ campaign: CampaignView) -> [String] {
        var notes: [String] = []
        if campaign.status == .draft || campaign.version == campaign.draftVersion {
            notes.append("As if it were activated now; a draft sends nothing.")
        }
        if campaign.isPaused { notes.append("It is paused: what falls due until it is resumed is skipped.") }
        if !campaign.status.isInForce, campaign.status != .draft { notes.append("It is \(campaign.status.rawValue).") }
        return notes
    }
}
