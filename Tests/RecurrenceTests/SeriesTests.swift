import Recurrence
import Testing

@Suite("series of calendar rules")
struct SeriesTests {
    // MARK: What a rule names

    @Test("rules name local times", arguments: [
        // The start is the anchor; it is an occurrence only where the rule says so.
        ("FREQ=WEEKLY;BYDAY=TH", "2024-05-01T07:40", ["2024-05-02T07:40:00", "2024-05-09T07:40:00"]),
        ("FREQ=DAILY;BYHOUR=9", "2026-12-07T09:30", ["2026-12-07T09:30:00", "2026-12-08T09:30:00"]),
        ("FREQ=DAILY;BYHOUR=9;BYMINUTE=0", "2026-12-07T09:30", ["2026-12-08T09:00:00"]),
        // Weeks begin with WKST, and an interval counts them.
        ("FREQ=WEEKLY;INTERVAL=2;BYDAY=TU,SU;WKST=MO;COUNT=4", "1997-08-05T09:00",
         ["1997-08-05T09:00:00", "1997-08-10T09:00:00", "1997-08-19T09:00:00", "1997-08-24T09:00:00"]),
        ("FREQ=WEEKLY;INTERVAL=2;BYDAY=TU,SU;WKST=SU;COUNT=4", "1997-08-05T09:00",
         ["1997-08-05T09:00:00", "1997-08-17T09:00:00", "1997-08-19T09:00:00", "1997-08-31T09:00:00"]),
        // Plain and numbered weekdays are a union.
        ("FREQ=MONTHLY;BYDAY=MO,1TU", "2026-09-01T08:00",
         ["2026-09-01T08:00:00", "2026-09-07T08:00:00", "2026-09-14T08:00:00", "2026-09-21T08:00:00"]),
        ("FREQ=MONTHLY;BYDAY=5FR", "2026-01-01T08:00",
         ["2026-01-30T08:00:00", "2026-05-29T08:00:00", "2026-07-31T08:00:00"]),
        ("FREQ=MONTHLY;BYDAY=FR;BYMONTHDAY=13", "1998-01-01T09:00",
         ["1998-02-13T09:00:00", "1998-03-13T09:00:00", "1998-11-13T09:00:00"]),
        // A numbered weekday of a year, and of a month of the year.
        ("FREQ=YEARLY;BYDAY=20MO", "1997-05-19T09:00",
         ["1997-05-19T09:00:00", "1998-05-18T09:00:00", "1999-05-17T09:00:00"]),
        ("FREQ=YEARLY;BYDAY=-1SU;BYMONTH=10", "1997-10-26T02:00", ["1997-10-26T02:00:00", "1998-10-25T02:00:00"]),
        ("FREQ=YEARLY;INTERVAL=4;BYMONTH=11;BYDAY=TU;BYMONTHDAY=2,3,4,5,6,7,8", "1996-11-05T09:00",
         ["1996-11-05T09:00:00", "2000-11-07T09:00:00", "2004-11-02T09:00:00"]),
        // YEARLY with BYMONTHDAY alone takes every month, with BYMONTH alone the start's day.
        ("FREQ=YEARLY;BYMONTHDAY=15", "2026-01-01T08:00",
         ["2026-01-15T08:00:00", "2026-02-15T08:00:00", "2026-03-15T08:00:00"]),
        ("FREQ=YEARLY;BYMONTH=3,9", "2026-01-10T08:00",
         ["2026-03-10T08:00:00", "2026-09-10T08:00:00", "2027-03-10T08:00:00"]),
        // Weeks of the year: the days of a calendar year, the start's weekday where none is named.
        ("FREQ=YEARLY;BYWEEKNO=20;BYDAY=MO", "1997-05-12T09:00", ["1997-05-12T09:00:00", "1998-05-11T09:00:00"]),
        ("FREQ=YEARLY;BYWEEKNO=20", "1997-05-13T09:00", ["1997-05-13T09:00:00", "1998-05-12T09:00:00"]),
        ("FREQ=YEARLY;BYWEEKNO=53;BYDAY=FR", "2015-01-01T09:00",
         ["2016-01-01T09:00:00", "2021-01-01T09:00:00", "2027-01-01T09:00:00"]),
        ("FREQ=YEARLY;BYWEEKNO=-1;BYDAY=MO", "2020-01-01T09:00", ["2020-12-28T09:00:00", "2021-12-27T09:00:00"]),
        ("FREQ=YEARLY;BYWEEKNO=1;BYDAY=WE;WKST=SU", "2026-01-01T09:00",
         ["2026-01-07T09:00:00", "2027-01-06T09:00:00", "2028-01-05T09:00:00"]),
        ("FREQ=YEARLY;BYYEARDAY=1,100,-1", "1997-01-01T09:00",
         ["1997-01-01T09:00:00", "1997-04-10T09:00:00", "1997-12-31T09:00:00"]),
        ("FREQ=YEARLY;BYYEARDAY=366", "1997-01-01T09:00", ["2000-12-31T09:00:00", "2004-12-31T09:00:00"]),
        ("FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=29", "2096-03-01T12:00", ["2104-02-29T12:00:00", "2108-02-29T12:00:00"]),
        // BYSETPOS counts the instances of an interval, times included.
        ("FREQ=MONTHLY;BYDAY=MO,TU,WE,TH,FR;BYSETPOS=-1", "2026-01-01T17:00",
         ["2026-01-30T17:00:00", "2026-02-27T17:00:00"]),
        ("FREQ=MONTHLY;BYDAY=MO;BYHOUR=9,17;BYSETPOS=2,-1", "2026-01-01T00:00",
         ["2026-01-05T17:00:00", "2026-01-26T17:00:00", "2026-02-02T17:00:00"]),
        ("FREQ=DAILY;BYHOUR=9,12,17;BYSETPOS=2", "2026-01-01T00:00", ["2026-01-01T12:00:00", "2026-01-02T12:00:00"]),
        ("FREQ=YEARLY;BYDAY=SU;BYSETPOS=1,-1", "2026-01-01T08:00",
         ["2026-01-04T08:00:00", "2026-12-27T08:00:00", "2027-01-03T08:00:00"]),
        ("FREQ=WEEKLY;BYDAY=MO,WE,FR;BYSETPOS=2", "2026-01-01T08:00", ["2026-01-07T08:00:00", "2026-01-14T08:00:00"]),
        // 60 seconds are 59, once.
        ("FREQ=DAILY;BYSECOND=59,60", "2026-01-01T08:00", ["2026-01-01T08:00:59", "2026-01-02T08:00:59"]),
        ("FREQ=DAILY;INTERVAL=100;BYMONTH=1", "2026-01-01T08:00", ["2026-01-01T08:00:00", "2029-01-05T08:00:00"]),
    ])
    func names(text: String, anchor: String, expected: [String]) throws {
        #expect(try makeSeries(text, from: anchor).locals(expected.count) == expected)
    }

    @Test("a series without a rule occurs once, at its anchor")
    func single() throws {
        let series = try makeSeries(nil, from: "2026-12-07T09:00:30", in: "Europe/Paris")
        #expect(series.instants(3) == ["2026-12-07T08:00:30Z"])
        #expect(series.next(after: instant("2026-12-07T08:00:29Z")) == series.first)
        #expect(series.next(after: instant("2026-12-07T08:00:30Z")) == nil)
        #expect(series.last(atOrBefore: instant("2026-12-07T08:00:30Z")) == series.first)
        #expect(series.last(before: instant("2026-12-07T08:00:30Z")) == nil)
        #expect(series.last(before: .latest) == series.first)
        #expect(throws: SeriesError.neverOccurs(.allLeftOut)) {
            try makeSeries(nil, from: "2026-03-29T02:30", in: "Europe/Berlin", gap: .skip)
        }
    }

    // MARK: Days that do not exist

    @Test("a day that a month or year lacks is left out, or moved and marked", arguments: [
        ("FREQ=MONTHLY", "2027-01-31T09:00", ["2027-01-31", "2027-03-31", "2027-05-31"]),
        ("FREQ=MONTHLY;SKIP=BACKWARD", "2027-01-31T09:00",
         ["2027-01-31", "2027-02-28 month end", "2027-03-31", "2027-04-30 month end"]),
        ("FREQ=MONTHLY;SKIP=FORWARD", "2027-01-31T09:00",
         ["2027-01-31", "2027-03-01 month end", "2027-03-31", "2027-05-01 month end"]),
        ("FREQ=MONTHLY;BYMONTHDAY=30,31;SKIP=BACKWARD", "2027-04-01T09:00",
         ["2027-04-30", "2027-05-30", "2027-05-31", "2027-06-30"]),
        ("FREQ=MONTHLY;BYMONTHDAY=1,31;SKIP=FORWARD", "2027-04-02T09:00",
         ["2027-05-01", "2027-05-31", "2027-06-01", "2027-07-01"]),
        ("FREQ=MONTHLY;BYMONTHDAY=-31;SKIP=BACKWARD", "2027-03-01T09:00",
         ["2027-03-01", "2027-03-31 month end", "2027-05-01", "2027-05-31 month end"]),
        ("FREQ=MONTHLY;BYMONTHDAY=-31;SKIP=FORWARD", "2027-03-01T09:00",
         ["2027-03-01", "2027-04-01 month end", "2027-05-01"]),
        ("FREQ=MONTHLY;INTERVAL=2;BYMONTHDAY=31;SKIP=FORWARD", "2027-02-01T09:00",
         ["2027-03-01 month end", "2027-05-01 month end", "2027-07-01 month end", "2027-08-31"]),
        ("FREQ=YEARLY", "2024-02-29T12:00", ["2024-02-29", "2028-02-29"]),
        ("FREQ=YEARLY;SKIP=BACKWARD", "2024-02-29T12:00",
         ["2024-02-29", "2025-02-28 month end", "2026-02-28 month end"]),
        ("FREQ=YEARLY;SKIP=FORWARD", "2024-02-29T12:00",
         ["2024-02-29", "2025-03-01 month end", "2026-03-01 month end"]),
        ("FREQ=YEARLY;BYYEARDAY=366;SKIP=BACKWARD", "2023-01-01T12:00",
         ["2023-12-31 month end", "2024-12-31", "2025-12-31 month end"]),
        ("FREQ=YEARLY;BYYEARDAY=366;SKIP=FORWARD", "2023-01-01T12:00",
         ["2024-01-01 month end", "2024-12-31", "2026-01-01 month end"]),
        ("FREQ=YEARLY;INTERVAL=3;BYYEARDAY=366;SKIP=FORWARD", "2023-01-01T12:00",
         ["2024-01-01 month end", "2027-01-01 month end", "2030-01-01 month end"]),
        // BYDAY comes after SKIP: 30 April 2027 is a Friday.
        ("FREQ=MONTHLY;BYMONTHDAY=31;BYDAY=FR;SKIP=BACKWARD", "2027-01-01T12:00",
         ["2027-04-30 month end", "2027-12-31"]),
        // A moved day is an instance of the month that lacks it.
        ("FREQ=MONTHLY;BYMONTHDAY=1,31;BYHOUR=8,9;BYSETPOS=1,-1;SKIP=FORWARD", "2027-04-02T00:00",
         ["2027-05-01", "2027-05-01", "2027-05-31", "2027-06-01", "2027-07-01", "2027-07-01"]),
        ("FREQ=MONTHLY;BYMONTHDAY=31;BYHOUR=8,9;BYSETPOS=1;SKIP=BACKWARD", "2027-04-02T00:00",
         ["2027-04-30 month end", "2027-05-31"]),
        // Rules of days and weeks leave out and never move.
        ("FREQ=DAILY;BYMONTHDAY=31;SKIP=BACKWARD", "2027-04-02T00:00", ["2027-05-31", "2027-07-31"]),
    ])
    func missingDays(text: String, anchor: String, expected: [String]) throws {
        let found = try makeSeries(text, from: anchor).occurrences(expected.count)
        #expect(found.map { "\($0.local.date)\($0.mark.map { " \($0.rawValue)" } ?? "")" } == expected)
    }

    // MARK: Gaps and folds

    @Test("a local time that does not exist is shifted or left out, one that exists twice is its first", arguments: [
        ("2026-10-03T02:30", "Australia/Sydney", GapPolicy.shift, [
            "2026-10-03T02:30:00 2026-10-03T02:30:00 2026-10-02T16:30:00Z",
            "2026-10-04T02:30:00 2026-10-04T03:30:00 2026-10-03T16:30:00Z gap: shifted",
            "2026-10-05T02:30:00 2026-10-05T02:30:00 2026-10-04T15:30:00Z",
        ]),
        ("2026-10-03T02:30", "Australia/Sydney", .skip, [
            "2026-10-03T02:30:00 2026-10-03T02:30:00 2026-10-02T16:30:00Z",
            "2026-10-05T02:30:00 2026-10-05T02:30:00 2026-10-04T15:30:00Z",
        ]),
        ("2026-10-03T02:15", "Australia/Lord_Howe", .shift, [
            "2026-10-03T02:15:00 2026-10-03T02:15:00 2026-10-02T15:45:00Z",
            "2026-10-04T02:15:00 2026-10-04T02:45:00 2026-10-03T15:45:00Z gap: shifted",
        ]),
        ("2026-10-24T02:00", "Europe/Berlin", .shift, [
            "2026-10-24T02:00:00 2026-10-24T02:00:00 2026-10-24T00:00:00Z",
            "2026-10-25T02:00:00 2026-10-25T02:00:00 2026-10-25T00:00:00Z fold: first",
            "2026-10-26T02:00:00 2026-10-26T02:00:00 2026-10-26T01:00:00Z",
        ]),
        ("2017-11-04T00:00", "America/Sao_Paulo", .shift,
         ["2017-11-04T00:00:00 2017-11-04T00:00:00 2017-11-04T02:00:00Z"]),
        ("2011-12-29T09:00", "Pacific/Apia", .shift, [
            // 30 December 2011 did not take place; its time falls on the next day's, which is told.
            "2011-12-29T09:00:00 2011-12-29T09:00:00 2011-12-29T19:00:00Z",
            "2011-12-31T09:00:00 2011-12-31T09:00:00 2011-12-30T19:00:00Z",
            "2012-01-01T09:00:00 2012-01-01T09:00:00 2011-12-31T19:00:00Z",
        ]),
    ])
    func gapsAndFolds(anchor: String, zoneName: String, gap: GapPolicy, expected: [String]) throws {
        let found = try makeSeries("FREQ=DAILY", from: anchor, in: zoneName, gap: gap).occurrences(expected.count)
        let told = found.map { "\($0.nominal) \($0.local) \($0.instant)\($0.mark.map { " \($0.rawValue)" } ?? "")" }
        #expect(told == expected)
    }

    @Test("times moved out of a gap are put in order, and two on one instant are one")
    func gapOrder() throws {
        let series = try makeSeries("FREQ=DAILY;BYHOUR=2,3;BYMINUTE=15,45,50", from: "2026-03-29T00:00",
            in: "Europe/Berlin")
        let found = series.occurrences(4)
        #expect(found.map(\.instant.description) == [
            "2026-03-29T01:15:00Z", "2026-03-29T01:45:00Z", "2026-03-29T01:50:00Z", "2026-03-30T00:15:00Z",
        ])
        // Of the two the one whose time exists is told.
        #expect(found.allSatisfy { $0.mark == nil })
        let interleaved = try makeSeries(
            "FREQ=DAILY;BYHOUR=2,3;BYMINUTE=10,20;BYSETPOS=1,4", from: "2026-03-29T00:00", in: "Europe/Berlin")
        #expect(interleaved.occurrences(2).map { "\($0.local.time) \($0.mark?.rawValue ?? "")" } == [
            "03:10:00 gap: shifted", "03:20:00 ",
        ])
    }

    // MARK: Ends, counts, exclusions

    @Test("every end is inclusive", arguments: [
        (SeriesEnd.date(date("2027-12-17")), 4), (.date(date("2027-12-16")), 3), (.local(local("2027-12-17T12:00")), 4),
        (.local(local("2027-12-17T11:59:59")), 3), (.instant(instant("2027-12-17T11:00:00Z")), 4),
        (.instant(instant("2027-12-17T10:59:59Z")), 3), (.date(date("2027-12-14")), 1),
    ])
    func ends(end: SeriesEnd, count: Int) throws {
        let byEnd = try makeSeries("FREQ=DAILY", from: "2027-12-14T12:00", in: "Europe/Berlin", end: end)
        #expect(byEnd.occurrences(9).count == count)
        let rule = try RecurrenceRule(frequency: .daily, until: end)
        let byUntil = try Series(anchor: local("2027-12-14T12:00"), zone: zone("Europe/Berlin"), rule: rule)
        #expect(byUntil.occurrences(9) == byEnd.occurrences(9))
        #expect(byEnd.last(before: .latest) == byEnd.occurrences(9).last)
    }

    @Test("an end in a gap or fold is read as an occurrence is; a date holds its second pass through an hour")
    func endsInGaps() throws {
        let gapEnd = try makeSeries("FREQ=DAILY", from: "2026-03-28T02:30", in: "Europe/Berlin",
            end: .local(local("2026-03-29T02:30")))
        #expect(gapEnd.instants(9) == ["2026-03-28T01:30:00Z", "2026-03-29T01:30:00Z"])
        let foldEnd = try makeSeries("FREQ=HOURLY", from: "2026-10-25T01:00", in: "Europe/Berlin",
            end: .local(local("2026-10-25T02:30")))
        #expect(foldEnd.instants(9) == ["2026-10-24T23:00:00Z", "2026-10-25T00:00:00Z"])
        // Clocks in São Paulo went back at midnight: 23:00 to 23:59 came twice on 17 February 2018.
        let dayEnd = try makeSeries("FREQ=HOURLY", from: "2018-02-17T22:00", in: "America/Sao_Paulo",
            end: .date(date("2018-02-17")))
        #expect(dayEnd.locals(9) == ["2018-02-17T22:00:00", "2018-02-17T23:00:00", "2018-02-17T23:00:00"])
    }

    @Test("the last instant of an end is told", arguments: [
        ("Europe/Berlin", SeriesEnd.date(date("2026-03-29")), "2026-03-29T21:59:59Z"),
        ("Europe/Berlin", .local(local("2026-03-29T02:30")), "2026-03-29T01:30:00Z"),
        ("Europe/Berlin", .local(local("2026-10-25T02:30")), "2026-10-25T00:30:00Z"),
        ("America/Sao_Paulo", .date(date("2018-02-17")), "2018-02-18T02:59:59Z"),
        ("America/Sao_Paulo", .date(date("2018-11-03")), "2018-11-04T02:59:59Z"),
        ("Europe/Berlin", .instant(instant("2026-03-29T00:00:00Z")), "2026-03-29T00:00:00Z"),
    ])
    func lastInstants(zoneName: String, end: SeriesEnd, expected: String) {
        #expect(end.lastInstant(in: zone(zoneName)).description == expected)
    }

    @Test("COUNT counts from the anchor, before exclusions and gaps")
    func counts() throws {
        let excluded = try makeSeries("FREQ=DAILY;COUNT=3", from: "2026-12-27T09:00", except: [date("2026-12-28")])
        #expect(excluded.locals(9) == ["2026-12-27T09:00:00", "2026-12-29T09:00:00"])
        let skipped = try makeSeries("FREQ=DAILY;COUNT=3", from: "2026-03-28T02:30", in: "Europe/Berlin", gap: .skip)
        #expect(skipped.locals(9) == ["2026-03-28T02:30:00", "2026-03-30T02:30:00"])
        let merged = try makeSeries("FREQ=DAILY;BYHOUR=2,3;COUNT=4", from: "2026-03-29T00:30", in: "Europe/Berlin")
        #expect(merged.locals(9) == ["2026-03-29T03:30:00", "2026-03-30T02:30:00", "2026-03-30T03:30:00"])
    }

    @Test("the last of a count is found however many there are", arguments: [
        ("FREQ=DAILY;COUNT=1", "2026-01-01T08:00:00"), ("FREQ=DAILY;COUNT=366", "2027-01-01T08:00:00"),
        ("FREQ=DAILY;BYHOUR=7,8,9;COUNT=4", "2026-01-02T08:00:00"),
        ("FREQ=DAILY;INTERVAL=7;COUNT=100000", "3942-07-09T08:00:00"),
        ("FREQ=WEEKLY;INTERVAL=2;BYDAY=MO,FR;COUNT=5", "2026-01-30T08:00:00"),
        ("FREQ=MONTHLY;BYMONTHDAY=31;COUNT=7000", "3025-12-31T08:00:00"),
        ("FREQ=YEARLY;COUNT=7974", "9999-01-01T08:00:00"), ("FREQ=YEARLY;COUNT=7975", "9999-01-01T08:00:00"),
        ("FREQ=YEARLY;BYDAY=MO;BYSETPOS=1;COUNT=100", "2125-01-01T08:00:00"),
        ("FREQ=DAILY;BYHOUR=8,20;COUNT=999999999", "9999-12-31T20:00:00"),
    ])
    func largeCounts(text: String, last: String) throws {
        let series = try makeSeries(text, from: "2026-01-01T08:00")
        #expect(series.last(before: .latest)?.local.description == last)
        #expect(series.last(before: .latest).flatMap { series.next(after: $0.instant) } == nil)
    }

    @Test("exclusions take out days and single times by their nominal time")
    func exclusions() throws {
        let zoneName = "Europe/Berlin"
        let days = try makeSeries("FREQ=DAILY;BYHOUR=2,9", from: "2026-03-28T00:30", in: zoneName,
            except: [date("2026-03-29")])
        #expect(days.locals(3) == ["2026-03-28T02:30:00", "2026-03-28T09:30:00", "2026-03-30T02:30:00"])
        let times = try makeSeries(
            "FREQ=DAILY;BYHOUR=2,9", from: "2026-03-28T00:30", in: zoneName,
            except: Exclusions(dates: [], times: [local("2026-03-29T02:30"), local("2026-03-28T09:30")]))
        #expect(times.locals(3) == ["2026-03-28T02:30:00", "2026-03-29T09:30:00", "2026-03-30T02:30:00"])
        #expect(times.last(before: instant("2026-03-29T07:30:00Z"))?.local == local("2026-03-28T02:30"))
    }

    // MARK: Refusals

    @Test("a series in which nothing occurs is refused, and why", arguments: [
        ("FREQ=MONTHLY;BYMONTH=2;BYMONTHDAY=30", SeriesEnd?.none, GapPolicy.shift,
         "the rule never occurs; no date and time from the start to the year 9999 fits all of its parts"),
        ("FREQ=MONTHLY;INTERVAL=12;BYMONTH=4", nil, .shift,
         "the rule never occurs; no date and time from the start to the year 9999 fits all of its parts"),
        ("FREQ=DAILY;INTERVAL=7;BYDAY=TU", nil, .shift,
         "the rule never occurs; no date and time from the start to the year 9999 fits all of its parts"),
        ("FREQ=DAILY;BYHOUR=9;BYSETPOS=2", nil, .shift,
         "the rule never occurs; no date and time from the start to the year 9999 fits all of its parts"),
        ("FREQ=WEEKLY;INTERVAL=3;BYDAY=MO,TU;BYSETPOS=3", nil, .shift,
         "the rule never occurs; no date and time from the start to the year 9999 fits all of its parts"),
        ("FREQ=YEARLY;INTERVAL=2;BYMONTH=2;BYMONTHDAY=29;BYYEARDAY=61", nil, .shift,
         "the rule never occurs; no date and time from the start to the year 9999 fits all of its parts"),
        ("FREQ=HOURLY;INTERVAL=24;BYMINUTE=0;BYHOUR=13;BYMONTH=7;BYYEARDAY=1", nil, .shift,
         "the rule never occurs; no date and time from the start to the year 9999 fits all of its parts"),
        ("FREQ=DAILY", .date(date("2026-01-04")), .shift,
         "the series ends before its first occurrence, which would be at 2026-01-05T01:30:00Z"),
        ("FREQ=DAILY;UNTIL=20260105T023000", nil, .shift, ""),
        ("FREQ=DAILY;UNTIL=20260105T022959", nil, .shift,
         "the series ends before its first occurrence, which would be at 2026-01-05T01:30:00Z"),
        ("FREQ=YEARLY;BYMONTH=3;BYDAY=-1SU", nil, .skip,
         "nothing occurs; every occurrence is excluded or lies in a gap of the zone that is skipped"),
        ("FREQ=DAILY;UNTIL=20270101", .date(date("2026-12-31")), .shift,
         "UNTIL and an end may not stand together; one of them is allowed"),
        ("FREQ=MONTHLY;BYDAY=MO;BYSETPOS=1;COUNT=100001", nil, .shift,
         #"COUNT: "100001" is too large for a rule with BYSETPOS or of FREQ=HOURLY, MINUTELY or SECONDLY "#
            + "with BY parts; 1 to 100000 is allowed"),
    ])
    func refusals(text: String, end: SeriesEnd?, gap: GapPolicy, sentence: String) {
        do {
            _ = try makeSeries(text, from: "2026-01-05T02:30", in: "Europe/Berlin", end: end, gap: gap)
            #expect(sentence == "")
        } catch {
            #expect("\(error)" == sentence)
        }
    }

    @Test("a series whose every occurrence is excluded, and one with too many exclusions, are refused")
    func exclusionRefusals() {
        #expect(throws: SeriesError.neverOccurs(.allLeftOut)) {
            try makeSeries("FREQ=DAILY;COUNT=2", from: "2026-12-27T09:00",
                except: [date("2026-12-27"), date("2026-12-28")])
        }
        let days = (0...Series.exclusionsLimit).map { date("2026-12-27").adding(days: $0) }
        #expect(throws: SeriesError.tooManyExclusions(count: 10_001, limit: 10_000)) {
            try makeSeries("FREQ=DAILY", from: "2026-12-27T09:00", except: Exclusions(dates: Set(days)))
        }
        #expect(throws: Never.self) {
            try makeSeries("FREQ=DAILY", from: "2026-12-27T09:00", except: Exclusions(dates: Set(days.dropFirst())))
        }
    }

    // MARK: Far away

    @Test("far instants have their neighbours, the ends of the calendar have none beyond")
    func far() throws {
        let yearly = try makeSeries("FREQ=YEARLY", from: "2026-07-01T09:00", in: "Europe/Paris")
        #expect(yearly.next(after: instant("2150-01-01T00:00:00Z"))?.instant == instant("2150-07-01T07:00:00Z"))
        #expect(yearly.next(after: instant("9998-08-01T00:00:00Z"))?.instant == instant("9999-07-01T07:00:00Z"))
        #expect(yearly.next(after: instant("9999-08-01T00:00:00Z")) == nil)
        #expect(yearly.next(after: .latest) == nil)
        #expect(yearly.next(after: .earliest) == yearly.first)
        #expect(yearly.last(before: .earliest) == nil)
        #expect(yearly.last(before: .latest)?.instant == instant("9999-07-01T07:00:00Z"))
        let ancient = try makeSeries("FREQ=DAILY", from: "0001-01-01T00:00", in: "Asia/Tokyo")
        #expect(ancient.first.instant >= .earliest)
        let late = try makeSeries("FREQ=DAILY", from: "9999-12-30T20:00", in: "America/New_York")
        #expect(late.instants(5) == ["9999-12-31T01:00:00Z"])
        #expect(try makeSeries("FREQ=DAILY;INTERVAL=999999999", from: "2026-01-01T00:00").occurrences(3).count == 1)
        #expect(try makeSeries("FREQ=YEARLY;INTERVAL=7000;BYDAY=MO;BYSETPOS=1", from: "2026-01-01T00:00").locals(3)
            == ["2026-01-05T00:00:00", "9026-01-02T00:00:00"])
    }
}
