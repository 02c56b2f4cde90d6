import CampaignModel
import Recurrence
import Testing

/// A campaign file, judged field by field.
struct ContentTests {
    private func error(_ edit: (inout CampaignDefinition) -> Void) throws -> String {
        let error = #expect(throws: FieldError.self) { try CampaignContent.sample(edit) }
        return try #require(error).description
    }

    @Test("an empty definition is a draft to be: nothing is demanded, defaults hold")
    func empty() throws {
        let content = try CampaignContent(CampaignDefinition())
        #expect(content.kind == .oneShot)
        #expect(content.overlap == .queue)
        #expect(content.onInterrupt == .leave)
        #expect(content.lateLimit == nil)
        #expect(content.retries == nil)
        #expect(content.schedule.gap == .shift)
        #expect(content.schedule.start == nil)
    }

    @Test("name and tags belong to the campaign, not to its content")
    func nameAndTags() throws {
        let plain = try CampaignContent.sample()
        let named = try CampaignContent.sample {
            $0.name = "spring"
            $0.tags = ["fr"]
        }
        #expect(plain == named)
    }

    @Test("each value that can't be taken is told as one sentence with its field, the value and what is allowed")
    func sentences() throws {
        #expect(try error { $0.type = "daily" } == "type: \"daily\" is not known; use scheduled or triggered")
        #expect(try error { $0.overlap = "wait" } == "overlap: \"wait\" is not known; use allow or queue or skip")
        #expect(try error { $0.overlap = "alow" } == "overlap: \"alow\" is not known; did you mean allow?")
        #expect(try error { $0.onInterrupt = "yes" } == "on_interrupt: \"yes\" is not known; use leave or retry")
        #expect(try error { $0.retries = "-1" } == "retries: \"-1\" is not a whole number from 0 to 100")
        #expect(try error { $0.retries = "+1" } == "retries: \"+1\" is not a whole number from 0 to 100")
        #expect(try error { $0.retries = "101" } == "retries: \"101\" is not a whole number from 0 to 100")
        #expect(try error { $0.lateLimit = "an hour" }
            == "late_limit: \"an hour\" is not a duration; write a whole number and ms, s, m, h or d, "
            + "such as 30s or 72h")
        #expect(try error { $0.lateLimit = "0s" }
            == "late_limit: \"0s\" is out of range; allowed is 1s to 366d")
        #expect(try error { $0.channel = "E-Mail" }
            == "channel: \"E-Mail\" is not a name; use a-z, 0-9 and -, starting with a letter or digit, "
            + "63 characters at most")
        #expect(try error { $0.schedule?.start = "tomorrow" }
            == "schedule.start: \"tomorrow\" is not a date and time of the years 0001 to 9999; "
            + "write 2026-12-07T09:00, or now")
        #expect(try error { $0.schedule?.start = "2026-02-30T09:00" }
            == "schedule.start: \"2026-02-30T09:00\" is not a date and time of the years 0001 to 9999; "
            + "write 2026-12-07T09:00, or now")
        #expect(try error { $0.schedule?.end = "soon" }
            == "schedule.end: \"soon\" is not a date of the years 0001 to 9999; write 2027-03-31, or 2027-03-31T18:00")
        #expect(try error { $0.schedule?.except = ["xmas"] }
            == "schedule.except: \"xmas\" is not a date of the years 0001 to 9999; write 2026-12-28")
        #expect(try error { $0.schedule?.gap = "later" } == "schedule.gap: \"later\" is not known; use shift or skip")
    }

    @Test("what does not stand together is refused")
    func combinations() throws {
        #expect(try error { $0.schedule?.days = ["monday"] }
            == "schedule.days: \"monday\" needs every, such as every: week")
        #expect(try error { $0.schedule?.count = "3" } == "schedule.count: \"3\" needs every, such as every: week")
        #expect(try error {
            $0.schedule?.rrule = "FREQ=DAILY"
            $0.schedule?.every = "day"
        } == "schedule.every: \"day\" stands beside rrule; use one of the two forms")
        #expect(try error {
            $0.schedule?.rrule = "FREQ=DAILY;UNTIL=20270101T000000"
            $0.schedule?.end = "2027-01-01"
        } == "schedule.end: \"2027-01-01\" stands beside UNTIL; use one of them")
        #expect(try error {
            $0.schedule?.every = "day"
            $0.schedule?.count = "3"
            $0.schedule?.end = "2027-01-01"
        } == "schedule.end: \"2027-01-01\" stands beside count; use one of them")
        #expect(try error {
            $0.type = "triggered"
            $0.schedule?.every = "day"
        } == "schedule: a triggered campaign has no rule; leave out every, days, at, count and rrule")
        #expect(try error { $0.schedule?.rrule = "FREQ=DAILY;COUNT=2;UNTIL=20270101T000000" }
            .hasPrefix("schedule.rrule: \"FREQ=DAILY;COUNT=2;UNTIL=20270101T000000\" is refused: "))
    }

    @Test("a title is free text of 1 to 256 characters, kept as given; controls and overrides are refused", arguments: [
        ("Soldes d’été 🎉", true), ("Распродажа", true), ("مبيعات الربيع", true), ("e\u{301}te\u{301}", true),
        (String(repeating: "👩‍👩‍👧‍👦", count: 100), true), (String(repeating: "x", count: 256), true),
        ("", false), (String(repeating: "x", count: 257), false), ("a\nb", false), ("a\u{0}b", false),
        ("a\u{1B}[31mb", false), ("a\u{202E}b", false), ("a\u{2066}b", false), ("a\u{85}b", false),
        (String(repeating: "x", count: 10_000_000), false),
    ])
    func title(text: String, isAllowed: Bool) throws {
        if isAllowed {
            let content = try CampaignContent.sample { $0.title = text }
            #expect(content.title.map { Array($0.utf8) } == Array(text.utf8))
        } else {
            let sentence = try error { $0.title = text }
            #expect(sentence.hasPrefix("title: "))
            #expect(sentence.utf8.count < 1_000)
            #expect(!sentence.unicodeScalars.contains { $0.isUnsafeToDisplay })
        }
    }

    @Test("what needs zone data is judged when the draft is made: the zone, the spacing, the end", arguments: [
        ("timezone", "Europe/Pariss", "schedule.timezone: \"Europe/Pariss\" is not in the zone database; "
            + "the nearest name there is Europe/Paris"),
        ("timezone", "../etc/passwd", "schedule.timezone: \"../etc/passwd\" is not the name of a zone; "
            + "write one of the database, such as Europe/Paris"),
        ("rrule", "FREQ=SECONDLY;INTERVAL=30", "schedule: two occurrences are 30 s apart; 1m at least are allowed"),
        ("rrule", "FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=30", "schedule: \"FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=30\" never "
            + "occurs; no date and time from the start to the year 9999 fits all of its parts"),
        ("rrule", "FREQ=DAILY;UNTIL=20261206", "schedule: \"FREQ=DAILY;UNTIL=20261206\" has an UNTIL that comes "
            + "before the first occurrence, which would be at 2026-12-07T08:00:00Z"),
        ("end", "2026-12-06", "schedule.end: \"2026-12-06\" comes before the first occurrence, which would be at "
            + "2026-12-07T08:00:00Z"),
    ])
    func judged(key: String, value: String, sentence: String) throws {
        let content = try CampaignContent.sample {
            $0.schedule?.start = "2026-12-07T09:00"
            switch key {
            case "timezone": $0.schedule?.timezone = value
            case "rrule": $0.schedule?.rrule = value
            default:
                $0.schedule?.every = "day"
                $0.schedule?.end = value
            }
        }
        let error = #expect(throws: FieldError.self) {
            try Rules.sample.judge(content, at: try instant("2026-12-01T08:00:00Z"))
        }
        #expect(error?.description == sentence)
    }

    @Test("the daemon's default zone is written into a definition that names none")
    func defaultZone() {
        var rules = Rules.sample
        rules.settings.defaultTimezone = "Europe/Berlin"
        #expect(rules.completed(CampaignDefinition()).schedule?.timezone == "Europe/Berlin")
        var named = CampaignDefinition()
        named.schedule = ScheduleDefinition()
        named.schedule?.timezone = "Asia/Tokyo"
        #expect(rules.completed(named).schedule?.timezone == "Asia/Tokyo")
    }

    @Test("tags are slugs, each once, in the order given; 32 at most")
    func tags() throws {
        #expect(try Tags.read(["fr", "spring", "fr"]) == ["fr", "spring"])
        #expect(throws: FieldError("tags", "Fr", "is not a name; use a-z, 0-9 and -, starting with a letter or digit, "
            + "63 characters at most")) { try Tags.read(["Fr"]) }
        #expect(throws: FieldError("tags", "33", "tags are too many; 32 at most are allowed")) {
            try Tags.read((0..<33).map { "t\($0)" })
        }
    }

    @Test("excluded dates have a limit")
    func exclusions() throws {
        let dates = Array(repeating: "2026-12-28", count: Schedule.exclusionLimit + 1)
        #expect(try error { $0.schedule?.except = dates }
            == "schedule.except: \"1001\" dates are too many; 1000 at most are allowed")
    }
}
