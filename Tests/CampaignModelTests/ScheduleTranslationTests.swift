import CampaignModel
import Recurrence
import Testing

/// The structured form of a schedule, translated into a rule.
struct ScheduleTranslationTests {
    struct Case: CustomTestStringConvertible, Sendable {
        let every: String
        var days: [String]?
        var at: [String]?
        var count: String?
        var monthEnd: String?
        var start: String? = "2026-12-07T09:00"
        let rule: String

        var testDescription: String { rule }
    }

    static let cases: [Case] = [
        Case(every: "day", rule: "FREQ=DAILY"),
        Case(every: "1 day", rule: "FREQ=DAILY"),
        Case(every: "days", rule: "FREQ=DAILY"),
        Case(every: "2 weeks", days: ["monday", "friday"], at: ["09:00", "17:00"],
            rule: "FREQ=WEEKLY;INTERVAL=2;BYDAY=MO,FR;BYHOUR=9,17"),
        Case(every: "week", days: ["Friday", "MONDAY", "friday"], rule: "FREQ=WEEKLY;BYDAY=MO,FR"),
        Case(every: "90 minutes", rule: "FREQ=MINUTELY;INTERVAL=90"),
        Case(every: "hours", rule: "FREQ=HOURLY"),
        Case(every: "day", days: ["monday", "tuesday"], rule: "FREQ=DAILY;BYDAY=MO,TU"),
        Case(every: "3 months", rule: "FREQ=MONTHLY;INTERVAL=3;SKIP=BACKWARD"),
        Case(every: "month", days: ["31"], rule: "FREQ=MONTHLY;BYMONTHDAY=31;SKIP=BACKWARD"),
        Case(every: "month", days: ["31"], monthEnd: "clamp", rule: "FREQ=MONTHLY;BYMONTHDAY=31;SKIP=BACKWARD"),
        Case(every: "month", days: ["31"], monthEnd: "omit", rule: "FREQ=MONTHLY;BYMONTHDAY=31"),
        Case(every: "month", days: ["last day"], rule: "FREQ=MONTHLY;BYMONTHDAY=-1;SKIP=BACKWARD"),
        Case(every: "month", days: ["first monday", "last friday"],
            rule: "FREQ=MONTHLY;BYDAY=-1FR,1MO;SKIP=BACKWARD"),
        Case(every: "year", rule: "FREQ=YEARLY;SKIP=BACKWARD"),
        Case(every: "day", count: "12", rule: "FREQ=DAILY;COUNT=12"),
        Case(every: "day", at: ["09:00"], rule: "FREQ=DAILY;BYHOUR=9"),
        Case(every: "day", at: ["09:30", "17:30"], rule: "FREQ=DAILY;BYHOUR=9,17;BYMINUTE=30"),
        Case(every: "day", at: ["09:00"], start: nil, rule: "FREQ=DAILY;BYHOUR=9;BYMINUTE=0;BYSECOND=0"),
        Case(every: "day", at: ["09:00", "09:00"], rule: "FREQ=DAILY;BYHOUR=9"),
        Case(every: "day", at: ["09:00", "17:30"], rule: "FREQ=DAILY;BYHOUR=9,17;BYMINUTE=0,30;BYSETPOS=1,4"),
        Case(every: "week", days: ["monday", "friday"], at: ["09:00", "17:30"],
            rule: "FREQ=WEEKLY;BYDAY=MO,FR;BYHOUR=9,17;BYMINUTE=0,30;BYSETPOS=1,4,5,8"),
        Case(every: "day", at: ["09:00:05", "10:00:00"],
            rule: "FREQ=DAILY;BYHOUR=9,10;BYSECOND=0,5;BYSETPOS=2,3"),
    ]

    private func schedule(_ test: Case) throws -> Schedule {
        var definition = ScheduleDefinition()
        definition.start = test.start
        definition.every = test.every
        definition.days = test.days
        definition.at = test.at
        definition.count = test.count
        definition.monthEnd = test.monthEnd
        return try Schedule(definition)
    }

    @Test("the structured form becomes this rule", arguments: cases)
    func translation(test: Case) throws {
        let expected = try RecurrenceRule(parsing: test.rule)
        #expect(try schedule(test).rule == expected)
    }

    @Test("times with different minutes are sent at those times and no others")
    func differentMinutes() throws {
        let paris = try SystemZones(directory: "/usr/share/zoneinfo").zone(named: "Europe/Paris")
        let start = try #require(LocalDateTime("2026-12-07T09:00"))
        let anchor = Anchor(local: start, instant: paris.resolve(start).instant, isWritten: true)
        let weekly = Case(every: "week", days: ["monday", "friday"], at: ["09:00", "17:30"], rule: "")
        let series = try schedule(weekly).series(anchor, in: paris)
        var found: [String] = []
        var after = Instant.earliest
        for _ in 0..<6 {
            let next = try #require(series.next(after: after))
            found.append(next.local.description)
            after = next.instant
        }
        #expect(found == [
            "2026-12-07T09:00:00", "2026-12-07T17:30:00", "2026-12-11T09:00:00", "2026-12-11T17:30:00",
            "2026-12-14T09:00:00", "2026-12-14T17:30:00",
        ])
        let mondays = Case(every: "month", days: ["monday", "friday"], at: ["09:00", "17:30"], rule: "")
        let monthly = try schedule(mondays).series(anchor, in: paris)
        after = .earliest
        for _ in 0..<40 {
            let next = try #require(monthly.next(after: after))
            #expect(["09:00:00", "17:30:00"].contains(next.local.time.description))
            after = next.instant
        }
    }

    struct Refused: CustomTestStringConvertible, Sendable {
        let test: Case
        let sentence: String

        init(_ test: Case, _ sentence: String) {
            self.test = test
            self.sentence = sentence
        }

        var testDescription: String { sentence }
    }

    private static let steps = """
        is not a step; write a number from 1 to 10000 and minutes, hours, days, weeks, months or years, \
        or the unit alone
        """

    static let refusals: [Refused] = [
        Refused(Case(every: "fortnight", rule: ""), "schedule.every: \"fortnight\" \(steps)"),
        Refused(Case(every: "0 days", rule: ""), "schedule.every: \"0 days\" \(steps)"),
        Refused(Case(every: "2 days ago", rule: ""), "schedule.every: \"2 days ago\" \(steps)"),
        Refused(Case(every: "", rule: ""), "schedule.every: \"\" \(steps)"),
        Refused(
            Case(every: "hour", days: ["monday"], rule: ""),
            "schedule.days: \"monday\" does not go with every: hour; use day, week or month, or write an rrule"),
        Refused(
            Case(every: "year", days: ["monday"], rule: ""),
            "schedule.days: \"monday\" does not go with every: year; use day, week or month, or write an rrule"),
        Refused(
            Case(every: "minute", at: ["09:00"], rule: ""),
            """
            schedule.at: "09:00" does not go with every: minute, which steps from the start; \
            use day, week, month or year
            """),
        Refused(
            Case(every: "week", days: ["first monday"], rule: ""),
            "schedule.days: \"first monday\" is not a day here; write monday to sunday"),
        Refused(
            Case(every: "month", days: ["32"], rule: ""),
            """
            schedule.days: "32" is not a day here; write monday to sunday, first monday, last friday, last day, \
            or 1 to 31
            """),
        Refused(
            Case(every: "month", days: ["monday", "31"], rule: ""),
            "schedule.days: \"monday, 31\" mixes weekdays and days of the month; use one kind"),
        Refused(Case(every: "week", days: [], rule: ""), "schedule.days: is empty; write monday to sunday"),
        Refused(Case(every: "day", at: [], rule: ""), "schedule.at: is empty; write times such as 09:00"),
        Refused(
            Case(every: "day", at: ["25:00"], rule: ""),
            "schedule.at: \"25:00\" is not a time of day; hours are 00 to 23, minutes and seconds 00 to 59"),
        Refused(Case(every: "2 weeek", rule: ""), "schedule.every: \"2 weeek\" is not a step; did you mean 2 week?"),
        Refused(Case(every: "moth", rule: ""), "schedule.every: \"moth\" is not a step; did you mean month?"),
        Refused(Case(every: "0 weeek", rule: ""), "schedule.every: \"0 weeek\" \(steps)"),
        Refused(
            Case(every: "week", days: ["Munday"], rule: ""),
            "schedule.days: \"Munday\" is not a day here; did you mean monday?"),
        Refused(
            Case(every: "month", days: ["lsat day"], rule: ""),
            "schedule.days: \"lsat day\" is not a day here; did you mean last day?"),
        Refused(
            Case(every: "month", days: ["frist firday"], rule: ""),
            "schedule.days: \"frist firday\" is not a day here; did you mean first friday?"),
        Refused(
            Case(every: "day", at: ["9:00"], rule: ""),
            "schedule.at: \"9:00\" is not a time of day; write \"09:00\""),
        Refused(
            Case(every: "day", at: ["930"], rule: ""),
            "schedule.at: \"930\" is not a time of day; write \"09:30\""),
        Refused(
            Case(every: "day", at: ["9.30.15"], rule: ""),
            "schedule.at: \"9.30.15\" is not a time of day; write \"09:30:15\""),
        Refused(
            Case(every: "day", at: [""], rule: ""),
            "schedule.at: \"\" is not a time of day; hours are 00 to 23, minutes and seconds 00 to 59"),
        Refused(
            Case(every: "day", count: "0", rule: ""),
            "schedule.count: \"0\" is not a whole number from 1 to 1000000"),
        Refused(
            Case(every: "month", monthEnd: "skip", rule: ""),
            "schedule.month_end: \"skip\" is not known; use clamp or omit"),
    ]

    @Test("what can't be translated is refused with its field and what is allowed", arguments: refusals)
    func refused(_ refused: Refused) throws {
        let error = #expect(throws: FieldError.self) { try schedule(refused.test) }
        #expect(error?.description == refused.sentence)
    }

    @Test("more different times than a rule can name are refused")
    func tooManyTimes() throws {
        let times = (0..<20).map { "\($0 < 10 ? "0" : "")\($0):\(10 + $0)" }
        let error = #expect(throws: FieldError.self) {
            try schedule(Case(every: "day", at: times, rule: ""))
        }
        #expect(error?.field == "schedule.at")
        #expect(error?.reason.hasPrefix("are too many different hours and minutes for one rule") == true)
    }
}
