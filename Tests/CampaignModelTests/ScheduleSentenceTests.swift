import CampaignModel
import Recurrence
import Testing

/// What people read of a schedule. It says all of it, or shows the rule.
struct ScheduleSentenceTests {
    struct Case: CustomTestStringConvertible, Sendable {
        var start: String? = "2026-12-07T09:00"
        var every: String?
        var days: [String]?
        var at: [String]?
        var rule: String?
        var end: String?
        var count: String?
        var except: [String]?
        var gap: String?
        var monthEnd: String?
        let sentence: String

        var testDescription: String { sentence }

        func content(type: String? = nil, timezone: String? = nil) throws -> CampaignContent {
            var schedule = ScheduleDefinition()
            schedule.start = start
            schedule.timezone = timezone
            schedule.every = every
            schedule.days = days
            schedule.at = at
            schedule.rrule = rule
            schedule.end = end
            schedule.count = count
            schedule.except = except
            schedule.gap = gap
            schedule.monthEnd = monthEnd
            var definition = CampaignDefinition()
            definition.type = type
            definition.schedule = schedule
            return try CampaignContent(definition)
        }
    }

    /// The structured form.
    static let structured: [Case] = [
        Case(every: "2 weeks", days: ["monday", "friday"], at: ["09:00", "17:00"], end: "2027-03-31",
            sentence: "every 2 weeks on Monday and Friday at 09:00 and 17:00, until 31 March 2027"),
        Case(sentence: "once on 7 December 2026 at 09:00"),
        Case(start: "2026-12-07T09:00:30", sentence: "once on 7 December 2026 at 09:00:30"),
        Case(start: nil, sentence: "once at activation"),
        Case(start: "now", sentence: "once at activation"),
        Case(every: "day", sentence: "every day at 09:00"),
        Case(every: "3 days", at: ["17:30", "09:00"], sentence: "every 3 days at 09:00 and 17:30"),
        Case(every: "day", days: ["monday", "tuesday", "friday"],
            sentence: "every Monday, Tuesday and Friday at 09:00"),
        Case(every: "3 days", days: ["monday"], sentence: "every 3 days at 09:00, only on Monday"),
        Case(every: "week", sentence: "every week on Monday at 09:00"),
        Case(every: "week", days: ["friday"], at: ["09:00", "17:30", "18:15:05"],
            sentence: "every week on Friday at 09:00, 17:30 and 18:15:05"),
        Case(every: "week", count: "12", except: ["2026-12-28"],
            sentence: "every week on Monday at 09:00, 12 times, except 28 December 2026"),
        Case(every: "day", count: "1", sentence: "every day at 09:00, 1 time"),
        Case(every: "day", except: ["2027-01-01", "2026-12-25", "2026-12-26"],
            sentence: "every day at 09:00, except 25 December 2026, 26 December 2026 and 1 January 2027"),
        Case(every: "day", except: ["2027-01-01", "2026-12-25", "2026-12-26", "2026-12-31"],
            sentence: "every day at 09:00, except on 4 dates"),
        Case(every: "day", end: "2027-03-31T18:00", sentence: "every day at 09:00, until 31 March 2027 at 18:00"),
        Case(every: "day", end: "2027-03-31T18:00:00Z",
            sentence: "every day at 09:00, until 31 March 2027 at 18:00 UTC"),
        Case(every: "day", gap: "skip", sentence: "every day at 09:00, leaving out times that the clocks skip"),
        Case(every: "month", sentence: "every month on the 7th at 09:00"),
        Case(start: "2027-01-31T09:00", every: "month",
            sentence: "every month on the 31st (or the month's last day) at 09:00"),
        Case(every: "month", days: ["31"], sentence: "every month on the 31st (or the month's last day) at 09:00"),
        Case(every: "month", days: ["31"], monthEnd: "omit",
            sentence: "every month on the 31st (only in months that have it) at 09:00"),
        Case(every: "month", days: ["last day"], sentence: "every month on the last day at 09:00"),
        Case(every: "3 months", days: ["last day", "15", "1"],
            sentence: "every 3 months on the 1st, the 15th and the last day at 09:00"),
        Case(every: "month", days: ["last friday", "first monday"],
            sentence: "every month on the first Monday and the last Friday at 09:00"),
        Case(every: "month", days: ["fifth friday"],
            sentence: "every month on the fifth Friday (only in months that have it) at 09:00"),
        Case(every: "month", days: ["monday"], sentence: "every month on every Monday at 09:00"),
        Case(every: "year", sentence: "every year on 7 December at 09:00"),
        Case(start: "2028-02-29T09:00", every: "year",
            sentence: "every year on 29 February (or 28 February) at 09:00"),
        Case(start: "2028-02-29T09:00", every: "year", monthEnd: "omit",
            sentence: "every year on 29 February (only in leap years) at 09:00"),
        Case(every: "90 minutes", sentence: "every 90 minutes from 7 December 2026 at 09:00"),
        Case(every: "hour", sentence: "every hour from 7 December 2026 at 09:00"),
    ]

    /// Without a start the day and the time are not known yet.
    static let atActivation: [Case] = [
        Case(start: nil, every: "day", sentence: "every day from activation"),
        Case(start: nil, every: "90 minutes", sentence: "every 90 minutes from activation"),
        Case(start: nil, every: "2 weeks", sentence: "every 2 weeks from activation"),
        Case(start: nil, every: "week", days: ["monday"], sentence: "every week on Monday at the time of activation"),
        Case(start: nil, every: "day", days: ["monday"], sentence: "every Monday at the time of activation"),
        Case(start: nil, every: "week", at: ["09:00"], sentence: "every week on the weekday of activation at 09:00"),
        Case(start: nil, every: "month", sentence: "every month from activation (or the month's last day)"),
        Case(start: nil, every: "month", at: ["09:00"], monthEnd: "omit",
            sentence: "every month on the day of activation (only in months that have it) at 09:00"),
        Case(start: nil, every: "year", at: ["09:00"], sentence: "every year on the date of activation at 09:00"),
        Case(start: nil, rule: "FREQ=DAILY;BYHOUR=9", sentence: "by the rule FREQ=DAILY;BYHOUR=9 from activation"),
    ]

    /// Rules that say what words can.
    static let rules: [Case] = [
        Case(rule: "FREQ=WEEKLY;INTERVAL=2;BYDAY=MO,FR;BYHOUR=9,17;UNTIL=20270331",
            sentence: "every 2 weeks on Monday and Friday at 09:00 and 17:00, until 31 March 2027"),
        Case(rule: "FREQ=DAILY;UNTIL=20270331T160000Z",
            sentence: "every day at 09:00, until 31 March 2027 at 16:00 UTC"),
        Case(rule: "FREQ=DAILY;COUNT=3;SKIP=FORWARD", sentence: "every day at 09:00, 3 times"),
        Case(rule: "FREQ=DAILY;BYMONTH=6,7", sentence: "every day at 09:00, only in June and July"),
        Case(rule: "FREQ=DAILY;INTERVAL=2;BYDAY=SA;BYMONTH=6",
            sentence: "every 2 days at 09:00, only on Saturday, only in June"),
        Case(rule: "FREQ=WEEKLY;BYMONTH=6;WKST=SU", sentence: "every week on Monday at 09:00, only in June"),
        Case(rule: "FREQ=DAILY;BYHOUR=9,10;BYMINUTE=0,30",
            sentence: "every day at 09:00, 09:30, 10:00 and 10:30"),
        Case(rule: "FREQ=DAILY;BYSECOND=59,60", sentence: "every day at 09:00:59"),
        Case(rule: "FREQ=MONTHLY;BYMONTHDAY=31;SKIP=FORWARD",
            sentence: "every month on the 31st (or the 1st of the next month) at 09:00"),
        Case(rule: "FREQ=MONTHLY;BYMONTHDAY=1,22,23,-1,-2;BYMONTH=3",
            sentence: "every month on the 1st, the 22nd, the 23rd, the last day and the second to last day at 09:00, "
                + "only in March"),
        Case(rule: "FREQ=MONTHLY;BYDAY=MO,2TU,-2FR",
            sentence: "every month on every Monday, the second Tuesday and the second to last Friday at 09:00"),
        Case(rule: "FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=29;SKIP=FORWARD",
            sentence: "every year on 29 February (or 1 March) at 09:00"),
        Case(rule: "FREQ=YEARLY;BYMONTH=3,9", sentence: "every year on 7 March and 7 September at 09:00"),
        Case(rule: "FREQ=YEARLY;BYMONTH=4,5;BYMONTHDAY=31;SKIP=BACKWARD",
            sentence: "every year on 31 April and 31 May (or the month's last day) at 09:00"),
        Case(rule: "FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=-1", sentence: "every year on the last day of February at 09:00"),
        Case(rule: "FREQ=YEARLY;INTERVAL=2;BYDAY=-1FR;BYMONTH=11",
            sentence: "every 2 years on the last Friday of November at 09:00"),
        Case(rule: "FREQ=YEARLY;BYDAY=20MO", sentence: "every year on the 20th Monday of the year at 09:00"),
        Case(rule: "FREQ=YEARLY;BYDAY=MO", sentence: "every year on every Monday at 09:00"),
        Case(rule: "FREQ=SECONDLY;INTERVAL=90", sentence: "every 90 seconds from 7 December 2026 at 09:00"),
    ]

    /// Rules that say more.
    static let untold: [String] = [
        "FREQ=MONTHLY;BYDAY=MO,TU;BYSETPOS=-1", "FREQ=YEARLY;BYWEEKNO=20", "FREQ=YEARLY;BYYEARDAY=100",
        "FREQ=HOURLY;BYHOUR=9,17", "FREQ=MINUTELY;INTERVAL=30;BYDAY=MO", "FREQ=HOURLY;BYMINUTE=0,30",
        "FREQ=HOURLY;BYMONTHDAY=1", "FREQ=DAILY;BYMONTHDAY=1,15", "FREQ=MONTHLY;BYDAY=FR;BYMONTHDAY=13",
        "FREQ=WEEKLY;INTERVAL=2;BYDAY=MO,SU;WKST=SU", "FREQ=YEARLY;BYMONTHDAY=1", "FREQ=MONTHLY;BYMONTHDAY=-29",
        "FREQ=YEARLY;BYDAY=53MO", "FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=-2", "FREQ=MONTHLY;BYDAY=6MO,1TU",
        "FREQ=YEARLY;BYMONTH=1,2,3,4,5,6,7;BYMONTHDAY=1,15",
        "FREQ=DAILY;BYHOUR=9,10,11,12,13;BYMINUTE=0,10,20,30,40", "FREQ=MONTHLY;BYDAY=MO,TU;BYSETPOS=-1;COUNT=3",
        "FREQ=YEARLY;BYWEEKNO=20;UNTIL=20300101",
    ]

    @Test("a schedule is told in a sentence", arguments: structured + atActivation + rules)
    func sentence(test: Case) throws {
        #expect(ScheduleSentence(try test.content()).description == test.sentence)
    }

    @Test("a rule that says more than words is shown as a rule", arguments: untold)
    func rule(text: String) throws {
        let test = Case(rule: text, sentence: "")
        let content = try test.content(timezone: "Europe/Paris")
        let canonical = try RecurrenceRule(parsing: text).description
        #expect(
            ScheduleSentence(content).description
                == "by the rule \(canonical) from 7 December 2026 at 09:00, Europe/Paris")
    }

    @Test("a long rule is cut")
    func longRule() throws {
        let days = (1...53).flatMap { number in ["MO", "TU"].map { "\(number)\($0)" } }.joined(separator: ",")
        let text = ScheduleSentence(try Case(rule: "FREQ=YEARLY;BYDAY=\(days)", sentence: "").content()).description
        #expect(text.hasPrefix("by the rule FREQ=YEARLY;BYDAY=1MO,"))
        #expect(text.hasSuffix("… from 7 December 2026 at 09:00"))
        #expect(text.count < 300)
    }

    @Test("the zone stands after the rhythm, and nowhere that it says nothing")
    func zone() throws {
        func sentence(_ test: Case, _ type: String? = nil) throws -> String {
            ScheduleSentence(try test.content(type: type, timezone: "Europe/Paris")).description
        }
        #expect(try sentence(Case(sentence: "")) == "once on 7 December 2026 at 09:00, Europe/Paris")
        #expect(try sentence(Case(start: nil, sentence: "")) == "once at activation")
        #expect(try sentence(Case(start: nil, end: "2027-03-31", sentence: ""))
            == "once at activation, Europe/Paris, until 31 March 2027")
        #expect(
            try sentence(
                Case(every: "2 weeks", days: ["monday", "friday"], at: ["09:00", "17:00"], end: "2027-03-31",
                    except: ["2026-12-28"], sentence: ""))
                == "every 2 weeks on Monday and Friday at 09:00 and 17:00, Europe/Paris, until 31 March 2027, "
                + "except 28 December 2026")
        #expect(try sentence(Case(start: nil, sentence: ""), "triggered") == "when triggered")
        #expect(try sentence(Case(start: nil, end: "2027-03-31", sentence: ""), "triggered")
            == "when triggered, Europe/Paris, until 31 March 2027")
    }
}
