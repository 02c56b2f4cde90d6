import Recurrence
import SeededRandom
import Testing

/// What is allowed, as the errors say it.
private let allowedFrequencies = "SECONDLY, MINUTELY, HOURLY, DAILY, WEEKLY, MONTHLY and YEARLY are allowed"
private let allowedParts = "parts are FREQ, INTERVAL, COUNT, UNTIL, BYMONTH, BYWEEKNO, BYYEARDAY, BYMONTHDAY, BYDAY, "
    + "BYHOUR, BYMINUTE, BYSECOND, BYSETPOS, WKST, RSCALE, SKIP"
private let allowedWeekdays = "weekdays are MO, TU, WE, TH, FR, SA, SU, or numbered such as 2TU and -1FR, up to 53"
private let allowedUntils =
    "20261231, 20261231T235959 (local) and 20261231T235959Z (UTC) are allowed, years 0001 to 9999"

@Suite("recurrence rules")
struct RecurrenceRuleTests {
    @Test("a rule is printed in canonical form, which reads as itself", arguments: [
        ("FREQ=DAILY", "FREQ=DAILY"),
        ("RRULE:FREQ=DAILY;INTERVAL=1;WKST=MO;SKIP=OMIT;RSCALE=GREGORIAN", "FREQ=DAILY"),
        ("rrule:freq=weekly;byday=fr,mo;interval=2;byhour=17,9", "FREQ=WEEKLY;INTERVAL=2;BYDAY=MO,FR;BYHOUR=9,17"),
        ("COUNT=12;FREQ=MONTHLY;BYMONTHDAY=31,-1,+1,01", "FREQ=MONTHLY;BYMONTHDAY=-1,1,31;COUNT=12"),
        ("FREQ=MONTHLY;BYDAY=+2TU,-1FR,WE", "FREQ=MONTHLY;BYDAY=WE,-1FR,2TU"),
        ("FREQ=YEARLY;BYWEEKNO=20,-1;BYDAY=MO;WKST=SU", "FREQ=YEARLY;BYWEEKNO=-1,20;BYDAY=MO;WKST=SU"),
        ("FREQ=YEARLY;BYYEARDAY=366,-366;BYMONTH=12,1", "FREQ=YEARLY;BYMONTH=1,12;BYYEARDAY=-366,366"),
        ("FREQ=HOURLY;BYMINUTE=0,30;BYSECOND=60,0;BYSETPOS=-1", "FREQ=HOURLY;BYMINUTE=0,30;BYSECOND=0,60;BYSETPOS=-1"),
        ("FREQ=DAILY;UNTIL=20261231", "FREQ=DAILY;UNTIL=20261231"),
        ("FREQ=DAILY;UNTIL=20261231T235959", "FREQ=DAILY;UNTIL=20261231T235959"),
        ("FREQ=DAILY;UNTIL=20261231T235959z", "FREQ=DAILY;UNTIL=20261231T235959Z"),
        ("RSCALE=GREGORIAN;FREQ=MONTHLY;SKIP=BACKWARD", "FREQ=MONTHLY;SKIP=BACKWARD"),
        ("FREQ=SECONDLY;INTERVAL=999999999;COUNT=999999999", "FREQ=SECONDLY;INTERVAL=999999999;COUNT=999999999"),
        ("FREQ=MINUTELY;BYYEARDAY=1;BYMONTHDAY=1;BYDAY=MO;BYHOUR=1",
         "FREQ=MINUTELY;BYYEARDAY=1;BYMONTHDAY=1;BYDAY=MO;BYHOUR=1"),
    ])
    func canonical(text: String, printed: String) throws {
        let rule = try RecurrenceRule(parsing: text)
        #expect(rule.description == printed)
        #expect(try RecurrenceRule(parsing: printed) == rule)
        #expect(try RecurrenceRule(parsing: rule.iCalendarText) == rule)
    }

    @Test("a rule with SKIP names its calendar for other programs")
    func iCalendar() {
        #expect(rule("FREQ=MONTHLY;SKIP=BACKWARD").iCalendarText == "RSCALE=GREGORIAN;FREQ=MONTHLY;SKIP=BACKWARD")
        #expect(rule("FREQ=MONTHLY").iCalendarText == "FREQ=MONTHLY")
    }

    @Test("a rule made from its parts is the one that is read from text")
    func parts() throws {
        let made = try RecurrenceRule(
            frequency: .monthly, interval: 3, byMonth: [12, 1], byMonthDay: [31, 31],
            byDay: [.init(.friday, ordinal: -1), .init(.monday)],
            byHour: [17, 9], bySetPosition: [1], weekStart: .sunday, skip: .forward, count: 5)
        let read = rule(
            "FREQ=MONTHLY;INTERVAL=3;BYMONTH=1,12;BYMONTHDAY=31;BYDAY=MO,-1FR;BYHOUR=9,17;BYSETPOS=1;WKST=SU"
                + ";SKIP=FORWARD;COUNT=5")
        #expect(made == read)
        #expect(read.byDay == [.init(.monday), .init(.friday, ordinal: -1)])
        #expect(throws: RuleError.self) { try RecurrenceRule(frequency: .daily, interval: 0) }
        #expect(throws: RuleError.self) { try RecurrenceRule(frequency: .daily, byHour: [24]) }
        #expect(throws: RuleError.self) { try RecurrenceRule(frequency: .daily, count: 1,
            until: .date(date("2026-01-01"))) }
    }

    @Test("a bad rule is refused in a sentence that names part, value and what is allowed", arguments: [
        ("", "RRULE: is empty; a rule such as FREQ=DAILY is needed"),
        ("RRULE:", "RRULE: is empty; a rule such as FREQ=DAILY is needed"),
        ("INTERVAL=2", "FREQ: is missing; \(allowedFrequencies)"),
        ("FREQ=FORTNIGHTLY", #"FREQ: "FORTNIGHTLY" is not a frequency; \#(allowedFrequencies)"#),
        ("FREQ=DAıLY", #"FREQ: "DAıLY" is not a frequency; \#(allowedFrequencies)"#),
        ("FREQ=DAILY;BYFOO=1", #"BYFOO: "1" stands in a part that rules do not have; \#(allowedParts)"#),
        ("FREQ=DAILY;", "RRULE: has an empty part; parts are NAME=VALUE with semicolons between them"),
        ("FREQ=DAILY;COUNT", #"RRULE: "COUNT" is not a part; parts are NAME=VALUE with semicolons between them"#),
        ("FREQ=DAILY;BYHOUR=", "BYHOUR: has no value; a value is needed after the ="),
        ("FREQ=DAILY;FREQ=WEEKLY", #"FREQ: "WEEKLY" is given a second time; each part may stand once"#),
        ("FREQ=DAILY;INTERVAL=0", #"INTERVAL: "0" is not an interval; intervals are 1 to 999999999"#),
        ("FREQ=DAILY;INTERVAL=-1", #"INTERVAL: "-1" is not an interval; intervals are 1 to 999999999"#),
        ("FREQ=DAILY;INTERVAL=1000000000", #"INTERVAL: "1000000000" is not an interval; intervals are 1 to 999999999"#),
        ("FREQ=DAILY;COUNT=0", #"COUNT: "0" is not a count; counts are 1 to 999999999"#),
        ("FREQ=DAILY;COUNT=99999999999999999999",
         #"COUNT: "99999999999999999999" is not a count; counts are 1 to 999999999"#),
        ("FREQ=DAILY;COUNT=3;UNTIL=20270101", #"COUNT: "3" stands together with UNTIL; one of them is allowed"#),
        ("FREQ=DAILY;BYMONTH=13", #"BYMONTH: "13" is not a month; months are 1 to 12"#),
        ("FREQ=DAILY;BYMONTH=+1", #"BYMONTH: "+1" is not a month; months are 1 to 12"#),
        ("FREQ=DAILY;BYMONTH=1,,2", "BYMONTH: is not a month; months are 1 to 12"),
        ("FREQ=DAILY;BYMONTHDAY=32",
         #"BYMONTHDAY: "32" is not a day of the month; days of the month are 1 to 31 and -31 to -1"#),
        ("FREQ=DAILY;BYMONTHDAY=0",
         #"BYMONTHDAY: "0" is not a day of the month; days of the month are 1 to 31 and -31 to -1"#),
        ("FREQ=YEARLY;BYYEARDAY=367",
         #"BYYEARDAY: "367" is not a day of the year; days of the year are 1 to 366 and -366 to -1"#),
        ("FREQ=YEARLY;BYWEEKNO=54", #"BYWEEKNO: "54" is not a week of the year; weeks are 1 to 53 and -53 to -1"#),
        ("FREQ=DAILY;BYHOUR=24", #"BYHOUR: "24" is not an hour; hours are 0 to 23"#),
        ("FREQ=DAILY;BYMINUTE=60", #"BYMINUTE: "60" is not a minute; minutes are 0 to 59"#),
        ("FREQ=DAILY;BYSECOND=61", #"BYSECOND: "61" is not a second; seconds are 0 to 60"#),
        ("FREQ=DAILY;BYHOUR=9;BYSETPOS=0", #"BYSETPOS: "0" is not a position; positions are 1 to 366 and -366 to -1"#),
        ("FREQ=DAILY;BYSETPOS=1", #"BYSETPOS: "1" stands alone; it is allowed together with another BY part"#),
        ("FREQ=MONTHLY;BYDAY=XX", #"BYDAY: "XX" is not a weekday; \#(allowedWeekdays)"#),
        ("FREQ=MONTHLY;BYDAY=0MO", #"BYDAY: "0MO" is not a weekday; \#(allowedWeekdays)"#),
        ("FREQ=MONTHLY;BYDAY=54MO", #"BYDAY: "54MO" is not a weekday; \#(allowedWeekdays)"#),
        ("FREQ=WEEKLY;BYDAY=1MO",
         #"BYDAY: "1MO" stands in a rule of FREQ=WEEKLY; numbered weekdays are allowed with FREQ=MONTHLY and YEARLY"#),
        ("FREQ=YEARLY;BYWEEKNO=1;BYDAY=1MO",
         #"BYDAY: "1MO" stands together with BYWEEKNO; weekdays without a number are allowed there"#),
        ("FREQ=MONTHLY;BYWEEKNO=20",
         #"BYWEEKNO: "20" stands in a rule of FREQ=MONTHLY; it is allowed with FREQ=YEARLY alone"#),
        ("FREQ=WEEKLY;BYMONTHDAY=1",
         #"BYMONTHDAY: "1" stands in a rule of FREQ=WEEKLY; it is allowed with every other FREQ"#),
        ("FREQ=DAILY;BYYEARDAY=1,2",
         #"BYYEARDAY: "1,2" stands in a rule of FREQ=DAILY; "#
            + "it is allowed with FREQ=YEARLY, HOURLY, MINUTELY and SECONDLY"),
        ("FREQ=WEEKLY;WKST=XX", #"WKST: "XX" is not a weekday; weekdays are MO, TU, WE, TH, FR, SA, SU"#),
        ("FREQ=MONTHLY;SKIP=BACK", #"SKIP: "BACK" is not a way to skip; OMIT, BACKWARD and FORWARD are allowed"#),
        ("FREQ=MONTHLY;RSCALE=HEBREW", #"RSCALE: "HEBREW" is not a calendar known here; GREGORIAN is allowed"#),
        ("FREQ=DAILY;UNTIL=20270230", #"UNTIL: "20270230" is not a date or time; \#(allowedUntils)"#),
        ("FREQ=DAILY;UNTIL=2027-01-01", #"UNTIL: "2027-01-01" is not a date or time; \#(allowedUntils)"#),
        ("FREQ=DAILY;UNTIL=00000101", #"UNTIL: "00000101" is not a date or time; \#(allowedUntils)"#),
        ("FREQ=DAILY;UNTIL=100000101", #"UNTIL: "100000101" is not a date or time; \#(allowedUntils)"#),
        ("FREQ=DAILY; BYHOUR=9", #" BYHOUR: "9" stands in a part that rules do not have; \#(allowedParts)"#),
        ("FREQ=DAILY\n", #"FREQ: "DAILY\u{a}" is not a frequency; \#(allowedFrequencies)"#),
    ])
    func refusals(text: String, sentence: String) {
        #expect { try RecurrenceRule(parsing: text) } throws: { "\($0)" == sentence }
    }

    @Test("rules of a megabyte and lists of ten thousand values are refused at once, their errors stay short")
    func bounds() {
        let long = "FREQ=DAILY;BYHOUR=" + String(repeating: "1,", count: 500_000) + "1"
        #expect { try RecurrenceRule(parsing: long) } throws: { error in
            "\(error)" == #"RRULE: "FREQ=DAILY;BYHOUR=1,1,1,1,1,1,1,1,1,1,1,…" has 1000019 bytes; "#
                + "up to 8192 are allowed"
        }
        let many = "FREQ=DAILY;BYHOUR=" + String(repeating: "1,", count: RecurrenceRule.valuesLimit) + "1"
        #expect { try RecurrenceRule(parsing: many) } throws: { error in
            "\(error)" == #"BYHOUR: "1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,…" has 801 values; up to 800 are allowed"#
        }
        let most = "FREQ=DAILY;BYHOUR=" + String(repeating: "1,", count: RecurrenceRule.valuesLimit - 1) + "1"
        #expect(throws: Never.self) { try RecurrenceRule(parsing: most) }
    }

    @Test("all values of every list fit into a rule")
    func largest() throws {
        let days = (-53...53).flatMap { n in Weekday.allCases.map { n == 0 ? $0.code : "\(n)\($0.code)" } }
        let text = "FREQ=YEARLY;BYDAY=\(days.joined(separator: ","))"
        let rule = try RecurrenceRule(parsing: text)
        #expect(rule.byDay.count == 749)
        #expect(try RecurrenceRule(parsing: rule.description) == rule)
    }

    @Test("random rules are printed and read as themselves")
    func roundTrip() throws {
        var generator = SeededGenerator(seed: 5_545)
        for _ in 0..<2_000 {
            guard let rule = try? randomRule(&generator) else { continue }
            #expect(try RecurrenceRule(parsing: rule.description) == rule, "\(rule)")
        }
    }

    private func randomRule(_ generator: inout SeededGenerator) throws -> RecurrenceRule {
        func list(_ range: ClosedRange<Int>, signed: Bool = false) -> [Int] {
            guard Int.random(in: 0..<3, using: &generator) == 0 else { return [] }
            return (0..<Int.random(in: 1...5, using: &generator)).map { _ in
                let value = Int.random(in: range, using: &generator)
                return signed && Bool.random(using: &generator) ? -value : value
            }
        }
        let frequency = RecurrenceRule.Frequency.allCases.randomElement(using: &generator)!
        let untils: [SeriesEnd?] = [
            nil, .date(date("2031-05-06")), .local(local("2031-05-06T07:08:09")),
            .instant(instant("2031-05-06T07:08:09Z")),
        ]
        return try RecurrenceRule(
            frequency: frequency, interval: Int.random(in: 1...30, using: &generator),
            byMonth: list(1...12), byWeekNumber: frequency == .yearly ? list(1...53, signed: true) : [],
            byYearDay: frequency == .yearly ? list(1...366, signed: true) : [],
            byMonthDay: frequency == .weekly ? [] : list(1...31, signed: true),
            byDay: list(0...6).map { .init(Weekday(rawValue: $0)!) },
            byHour: list(0...23), byMinute: list(0...59), bySecond: list(0...60),
            bySetPosition: list(1...366, signed: true),
            weekStart: Weekday.allCases.randomElement(using: &generator)!,
            skip: RecurrenceRule.Skip.allCases.randomElement(using: &generator)!,
            until: untils.randomElement(using: &generator)!)
    }
}
