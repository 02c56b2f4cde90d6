import ArgumentParser
import CampaignModel
import ControlAPI
import Recurrence
import VarlinkKit

struct CalendarVerb: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "calendar",
        abstract: "Draws a month or a week with what is to come on each day.",
        discussion: """
            Each campaign stands at its own local time; ! marks a clash: another campaign goes to the same audience \
            less than --clash-within before or after it. Drafts are left out unless asked for, and marked with ?, as \
            if they were activated now. What was sent is told by campaignctl sends. With --json each occurrence is an \
            object: that of next, with clashes_with, the other campaigns' names.

            Example: campaignctl calendar --month 2026-12
            Example: campaignctl calendar --week 2026-12-07 --drafts
            """)

    @Option(help: ArgumentHelp("This month. Default: the present one.", valueName: "yyyy-mm"))
    var month: String?

    @Option(help: ArgumentHelp("The week that has this date, from Monday to Sunday.", valueName: "date"))
    var week: String?

    @Flag(help: "Drafts too.")
    var drafts = false

    @OptionGroup var clash: ClashArguments
    @OptionGroup var options: VerbOptions

    /// How wide lines may be, also where nobody tells.
    private var columns: Int { Terminal.outputColumns ?? 80 }

    func validate() throws {
        if month != nil, week != nil { throw ValidationError("--week stands beside --month; use one of them") }
        if let month, LocalDate("\(month)-01") == nil {
            throw ValidationError("--month: \"\(month.escapedForDisplay)\" is not a month; write 2026-12")
        }
        if let week, LocalDate(week) == nil {
            throw ValidationError("--week: \"\(week.escapedForDisplay)\" is not a date; write 2026-12-07")
        }
    }

    func run() async throws {
        try await options.run(isPaged: true) { session in
            let today = Terminal.today
            let shown = month.flatMap { LocalDate("\($0)-01") }.map(CalendarSpan.init(monthOf:))
                ?? week.flatMap { LocalDate($0) }.map(CalendarSpan.init(weekOf:)) ?? CalendarSpan(monthOf: today)
            // Those just outside clash with those inside.
            let seconds = clash.seconds
            let found = try await session.connect().next(
                NextQuery(
                    after: shown.instants.after - seconds, until: shown.instants.until + seconds,
                    includesDrafts: drafts, limit: NextQuery.allowedLimits.upperBound))
            let views = found.occurrences.map(\.view)
            let entries = CalendarEntry.all(of: views, clashWithin: seconds, isUTC: options.utc)
            if session.isJSON {
                for (received, entry) in zip(found.occurrences, entries) where shown.contains(entry.local.date) {
                    var object = received.json
                    object["clashes_with"] = .array(entry.clashes.map(JSONValue.string))
                    try Output.line(object)
                }
            } else {
                let page = entries.filter { shown.contains($0.local.date) }
                for line in lines(shown, page, today, session.style) { try Output.line(line) }
                tell(of: page)
            }
            if !found.isExhausted { tellEnd(views.last) }
        }
    }

    private func lines(
        _ span: CalendarSpan, _ entries: [CalendarEntry], _ today: LocalDate, _ style: Style
    ) -> [String] {
        if case .month = span, let width = MonthPage.dayWidth(columns: columns) {
            return MonthPage(span: span, entries: entries, today: today, style: style).lines(dayWidth: width)
        }
        return DayList(span: span, entries: entries, today: today, style: style).lines
    }

    private func tell(of entries: [CalendarEntry]) {
        if entries.isEmpty {
            return Output.message("Nothing is planned\(drafts ? "" : "; --drafts shows drafts too").")
        }
        let zones = Set(entries.map(\.zoneName)).sorted()
        var text = zones.count == 1 ? "Times in \(zones[0])." : "Times in each campaign's own zone."
        if entries.contains(where: \.isDraft) { text += " ? is a draft." }
        if entries.contains(where: { !$0.clashes.isEmpty }) {
            text += " ! is a clash: another campaign to the same audience less than \(clash.clashWithin) apart."
            if week == nil { text += " --week tells which." }
        }
        for line in text.wrapped(to: columns) { Output.message(line) }
    }

    private func tellEnd(_ last: PlannedView?) {
        let end = last.map { "up to \($0.occurrence.instant)" } ?? "in part"
        Output.message("So much is planned that it is shown \(end) only.")
    }
}
