import CampaignModel
import ControlAPI
import ProgramRun
import Recurrence
import Testing
import VarlinkKit

@testable import ControlBench
@testable import campaignctl

@Suite("campaignctl calendar and export", .timeLimit(.minutes(10)))
struct CalendarTests {
    private static func planned(
        _ name: String, _ local: String, _ zone: String = "Europe/Paris", utc: String, title: String? = nil,
        audience: String? = "subscribers", status: Status = .active, mark: String? = nil
    ) -> PlannedView {
        var view = Sample.planned(name, inSeconds: 0, newestSend: nil)
        view.title = title
        view.audience = audience
        view.status = status
        view.occurrence.local = LocalDateTime(local)!
        view.occurrence.nominal = view.occurrence.local
        view.occurrence.timezone = zone
        view.occurrence.instant = Instant(utc)!
        view.occurrence.mark = mark
        return view
    }

    private static let some: [PlannedView] = [
        planned("late", "2026-11-30T23:00", "America/New_York", utc: "2026-12-01T04:00:00Z", audience: "others"),
        planned("spring", "2026-12-07T09:00", utc: "2026-12-07T08:00:00Z", title: "Soldes d’été"),
        planned("a-campaign-with-a-long-name", "2026-12-07T18:00", "Asia/Tokyo", utc: "2026-12-07T09:00:00Z"),
        planned("idea", "2026-12-09T10:00", utc: "2026-12-09T09:00:00Z", status: .draft),
    ] + (0..<5).map {
        planned("ping", "2026-12-24T0\($0):00", "UTC", utc: "2026-12-24T0\($0):00:00Z", audience: nil)
    }

    private func entries(_ isUTC: Bool = false) -> [CalendarEntry] {
        CalendarEntry.all(of: Self.some, clashWithin: 86_400, isUTC: isUTC)
    }

    private let today = LocalDate("2026-12-08")!
    private let plain = Style(isColoured: false)

    @Test(
        "a month and a week have their days and their title",
        arguments: [
            (CalendarSpan(monthOf: LocalDate("2028-02-11")!), "2028-02-01", "2028-02-29", "February 2028"),
            (CalendarSpan(weekOf: LocalDate("2026-12-09")!), "2026-12-07", "2026-12-13", "7 to 13 December 2026"),
            (
                CalendarSpan(weekOf: LocalDate("2026-12-06")!), "2026-11-30", "2026-12-06",
                "30 November to 6 December 2026"
            ),
            (
                CalendarSpan(weekOf: LocalDate("2027-01-01")!), "2026-12-28", "2027-01-03",
                "28 December 2026 to 3 January 2027"
            ),
        ])
    func span(span: CalendarSpan, first: String, last: String, title: String) {
        #expect((span.days.first?.description, span.days.last?.description, span.title) == (first, last, title))
    }

    @Test("a month is drawn with a row a week, a narrow day with names below their times")
    func month() {
        let span = CalendarSpan(monthOf: today)
        let shown = entries().filter { span.contains($0.local.date) }
        let narrow = MonthPage(span: span, entries: shown, today: today, style: plain).lines(dayWidth: 11)
        #expect(!narrow.contains { $0.displayWidth > 85 })
        #expect(
            Array(narrow[3...10]) == [
                "│           │1          │2          │3          │4          │5          │6          │",
                "├───────────┼───────────┼───────────┼───────────┼───────────┼───────────┼───────────┤",
                "│7          │8 today    │9          │10         │11         │12         │13         │",
                "│!09:00     │           │?10:00     │           │           │           │           │",
                "│ spring    │           │ idea      │           │           │           │           │",
                "│!18:00     │           │           │           │           │           │           │",
                "│ a-campaig…│           │           │           │           │           │           │",
                "├───────────┼───────────┼───────────┼───────────┼───────────┼───────────┼───────────┤",
            ])
        let wide = MonthPage(span: span, entries: shown, today: today, style: plain).lines(dayWidth: 20)
        #expect(wide.contains { $0.hasPrefix("│!09:00 spring       │") })
        #expect(wide.contains { $0.contains("│00:00 ×5 ping       │") })
        #expect(wide.first == String(repeating: " ", count: 67) + "December 2026")
        #expect(MonthPage.dayWidth(columns: 80) == 10)
        #expect(MonthPage.dayWidth(columns: 77) == nil)
    }

    @Test("days below each other tell all of it")
    func days() {
        let week = DayList(
            span: CalendarSpan(weekOf: today),
            entries: entries().filter { CalendarSpan(weekOf: today).contains($0.local.date) }, today: today,
            style: plain)
        #expect(
            week.lines == [
                "7 to 13 December 2026", "Mon 7 December 2026",
                "    !09:00 Europe/Paris  spring                       Soldes d’été; clashes with "
                    + "a-campaign-with-a-long-name",
                "    !18:00 Asia/Tokyo    a-campaign-with-a-long-name; clashes with spring",
                "Tue 8 December 2026 (today)", "    -", "Wed 9 December 2026",
                "    ?10:00 Europe/Paris  idea                         draft", "Thu 10 December 2026", "    -",
                "Fri 11 December 2026", "    -", "Sat 12 December 2026", "    -", "Sun 13 December 2026", "    -",
            ])
        let month = DayList(span: CalendarSpan(monthOf: today), entries: [], today: today, style: plain)
        #expect(month.lines == ["December 2026"])
    }

    @Test("in UTC each stands on its day there")
    func utc() {
        let late = entries(true)[0]
        #expect((late.local.description, late.zoneName) == ("2026-12-01T04:00:00", "UTC"))
    }

    private func control() -> RecordingControl {
        let control = RecordingControl(campaigns: [Sample.campaign(named: "spring", .active)])
        control.set(planned: Self.some)
        return control
    }

    @Test("the daemon is asked for the month and what may clash with it; what lies outside is not shown")
    func asked() async throws {
        let control = control()
        try await ControlServer.run(control) { _, server in
            let run = try await Campaignctl.run(["calendar", "--month", "2026-12", "--json"], server: server)
            let names = try run.standardOutput.split(separator: "\n").map { try JSONValue(parsing: $0.utf8) }
            #expect(names.prefix(2).map { $0["campaign"] } == ["spring", "a-campaign-with-a-long-name"])
            #expect(names.first?["clashes_with"] == ["a-campaign-with-a-long-name"])
            #expect(run.status == 0)
        }
        let query = NextQuery(
            after: Instant("2026-11-28T22:00:00Z")!, until: Instant("2027-01-03T02:00:00Z")!,
            limit: NextQuery.allowedLimits.upperBound)
        #expect(control.asked == [.next(query)])
    }

    @Test(
        "what is no month, date or span is a usage error",
        arguments: [
            (["--month", "2026-13"], "--month: \"2026-13\" is not a month; write 2026-12"),
            (["--week", "tomorrow"], "--week: \"tomorrow\" is not a date; write 2026-12-07"),
            (["--week", "2026-12-07", "--month", "2026-12"], "--week stands beside --month; use one of them"),
            (["--clash-within", "0s"], "--clash-within: \"0s\" is out of range; allowed is 1s to 744h"),
        ])
    func refused(arguments: [String], sentence: String) async throws {
        let run = try await Campaignctl.run(["calendar"] + arguments)
        #expect(run.standardError.contains(sentence), "\(run.standardError)")
        #expect((run.standardOutput, run.status) == ("", 2))
    }

    @Test("a calendar file escapes, folds and never cuts a character")
    func file() {
        let view = Self.planned(
            "spring", "2026-12-07T09:00", utc: "2026-12-07T08:00:00Z",
            title: "a;b,c\\d\u{7}" + String(repeating: "é", count: 60), mark: "gap: shifted")
        let text = ICSFile(occurrences: [view], now: Sample.instant).text
        let lines = text.split(separator: "\r\n", omittingEmptySubsequences: false)
        #expect(!lines.contains { $0.utf8.count > 75 })
        let summary = "SUMMARY:a\\;b\\,c\\\\d" + String(repeating: "é", count: 60)
        #expect(text.replacing("\r\n ", with: "").contains(summary))
        #expect(lines.contains("DTSTART:20261207T080000Z"))
        #expect(text.hasSuffix("END:VCALENDAR\r\n"))
    }

    @Test("an export names a format, and only campaigns that there are")
    func export() async throws {
        try await ControlServer.run(control()) { _, server in
            let none = try await Campaignctl.run(["export"], server: server)
            #expect((none.standardOutput, none.status) == ("", 2))
            #expect(none.standardError.contains("Name a format: --ics"))
            let missing = try await Campaignctl.run(["export", "--ics", "sprong"], server: server)
            #expect(missing.standardError == "campaignctl: there is no campaign \"sprong\"; did you mean spring?\n")
            #expect((missing.standardOutput, missing.status) == ("", 3))
            let run = try await Campaignctl.run(["export", "--ics", "spring", "--until", "2026-12-31"], server: server)
            #expect(run.standardOutput.hasPrefix("BEGIN:VCALENDAR\r\nVERSION:2.0\r\n"))
            #expect(run.status == 0)
        }
    }
}
