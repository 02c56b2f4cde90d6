import Recurrence
import Testing

@Suite("series that step in elapsed time")
struct ElapsedSeriesTests {
    @Test("steps run through both hours of a fold and through a gap")
    func steps() throws {
        let fold = try makeSeries("FREQ=HOURLY", from: "2026-10-31T23:00", in: "America/Los_Angeles")
        #expect(fold.locals(5) == [
            "2026-10-31T23:00:00", "2026-11-01T00:00:00", "2026-11-01T01:00:00", "2026-11-01T01:00:00",
            "2026-11-01T02:00:00",
        ])
        #expect(fold.occurrences(5).allSatisfy { $0.mark == nil && $0.nominal == $0.local })
        #expect(fold.stepsInElapsedTime)
        let gap = try makeSeries("FREQ=HOURLY;INTERVAL=2", from: "2026-03-29T00:30", in: "Europe/Berlin")
        #expect(gap.locals(3) == ["2026-03-29T00:30:00", "2026-03-29T03:30:00", "2026-03-29T05:30:00"])
        #expect(try !makeSeries("FREQ=DAILY", from: "2026-01-01T00:00").stepsInElapsedTime)
    }

    @Test("BY parts of the step's unit or larger limit, smaller ones expand", arguments: [
        ("FREQ=HOURLY;BYHOUR=9,17", "2026-01-01T08:15",
         ["2026-01-01T09:15:00", "2026-01-01T17:15:00", "2026-01-02T09:15:00"]),
        ("FREQ=HOURLY;BYDAY=MO;BYHOUR=9", "2026-01-01T08:15", ["2026-01-05T09:15:00", "2026-01-12T09:15:00"]),
        ("FREQ=HOURLY;INTERVAL=5;BYMONTHDAY=1;BYMONTH=2", "2026-01-01T00:00",
         ["2026-02-01T01:00:00", "2026-02-01T06:00:00", "2026-02-01T11:00:00"]),
        ("FREQ=HOURLY;BYYEARDAY=-1;BYHOUR=23", "2026-01-01T00:00", ["2026-12-31T23:00:00", "2027-12-31T23:00:00"]),
        ("FREQ=HOURLY;BYMINUTE=0,30", "2026-01-01T08:15",
         ["2026-01-01T08:30:00", "2026-01-01T09:00:00", "2026-01-01T09:30:00"]),
        ("FREQ=HOURLY;INTERVAL=3;BYMINUTE=0,30;BYSECOND=0,10", "2026-01-01T08:15",
         ["2026-01-01T08:30:00", "2026-01-01T08:30:10", "2026-01-01T11:00:00", "2026-01-01T11:00:10"]),
        ("FREQ=HOURLY;BYSECOND=5,40", "2026-01-01T08:15:30",
         ["2026-01-01T08:15:40", "2026-01-01T09:15:05", "2026-01-01T09:15:40"]),
        ("FREQ=HOURLY;BYMINUTE=0,15,30;BYSETPOS=-1", "2026-01-01T08:00",
         ["2026-01-01T08:30:00", "2026-01-01T09:30:00"]),
        ("FREQ=HOURLY;BYHOUR=9;BYSETPOS=1", "2026-01-01T08:00", ["2026-01-01T09:00:00", "2026-01-02T09:00:00"]),
        ("FREQ=MINUTELY;INTERVAL=90;BYHOUR=9,10,11", "2026-01-01T00:00",
         ["2026-01-01T09:00:00", "2026-01-01T10:30:00", "2026-01-02T09:00:00"]),
        ("FREQ=MINUTELY;BYMINUTE=7;BYHOUR=9", "2026-01-01T00:00", ["2026-01-01T09:07:00", "2026-01-02T09:07:00"]),
        ("FREQ=MINUTELY;BYSECOND=0,30;BYMINUTE=7", "2026-01-01T00:00",
         ["2026-01-01T00:07:00", "2026-01-01T00:07:30", "2026-01-01T01:07:00"]),
        ("FREQ=SECONDLY;INTERVAL=7;BYSECOND=0;BYMINUTE=0", "2026-01-01T00:00:01",
         ["2026-01-01T04:00:00", "2026-01-01T11:00:00"]),
        ("FREQ=SECONDLY;BYSECOND=0", "2026-01-01T00:00:01", ["2026-01-01T00:01:00", "2026-01-01T00:02:00"]),
        ("FREQ=HOURLY;COUNT=3", "2026-01-01T23:00",
         ["2026-01-01T23:00:00", "2026-01-02T00:00:00", "2026-01-02T01:00:00"]),
        ("FREQ=HOURLY;BYMINUTE=0,30;COUNT=3", "2026-01-01T08:15",
         ["2026-01-01T08:30:00", "2026-01-01T09:00:00", "2026-01-01T09:30:00"]),
    ])
    func parts(text: String, anchor: String, expected: [String]) throws {
        let series = try makeSeries(text, from: anchor)
        #expect(series.locals(expected.count) == expected)
        if rule(text).count != nil { #expect(series.occurrences(99).count == expected.count) }
        // Backwards the same.
        let last = try #require(series.occurrences(expected.count).last)
        var backwards = [last]
        while let earlier = series.last(before: backwards[0].instant) { backwards.insert(earlier, at: 0) }
        #expect(backwards.map(\.local.description) == expected)
    }

    @Test("local hours are limited where clocks change: a fold has its hour twice, a gap none")
    func limitsAtChanges() throws {
        let fold = try makeSeries("FREQ=HOURLY;BYHOUR=2", from: "2026-10-24T00:00", in: "Europe/Berlin")
        #expect(fold.instants(4) == ["2026-10-24T00:00:00Z", "2026-10-25T00:00:00Z", "2026-10-25T01:00:00Z",
            "2026-10-26T01:00:00Z"])
        let gap = try makeSeries("FREQ=HOURLY;BYHOUR=2", from: "2026-03-28T00:00", in: "Europe/Berlin")
        #expect(gap.instants(3) == ["2026-03-28T01:00:00Z", "2026-03-30T00:00:00Z", "2026-03-31T00:00:00Z"])
    }

    @Test("minutes expand in both hours of a fold, and where clocks change within an hour")
    func expansionAtChanges() throws {
        let fold = try makeSeries("FREQ=HOURLY;BYMINUTE=0,30", from: "2026-10-25T01:30", in: "Europe/Berlin")
        #expect(fold.instants(6) == [
            "2026-10-24T23:30:00Z", "2026-10-25T00:00:00Z", "2026-10-25T00:30:00Z", "2026-10-25T01:00:00Z",
            "2026-10-25T01:30:00Z",
            "2026-10-25T02:00:00Z",
        ])
        // Lord Howe goes back by half an hour at 02:00 and so has 01:30 to 01:59 twice.
        let half = try makeSeries("FREQ=HOURLY;BYMINUTE=0,40", from: "2026-04-05T00:00", in: "Australia/Lord_Howe")
        #expect(half.locals(6) == [
            "2026-04-05T00:00:00", "2026-04-05T00:40:00", "2026-04-05T01:00:00", "2026-04-05T01:40:00",
            "2026-04-05T01:40:00",
            "2026-04-05T02:00:00",
        ])
        // And forward from 02:00 to 02:30, so that 02:00 to 02:29 are read half an hour later, or left out.
        let shifted = try makeSeries("FREQ=HOURLY;BYMINUTE=10,40", from: "2026-10-04T01:00", in: "Australia/Lord_Howe")
        #expect(shifted.occurrences(5).map { "\($0.local.time) \($0.mark?.rawValue ?? "")" } == [
            "01:10:00 ", "01:40:00 ", "02:40:00 ", "03:10:00 ", "03:40:00 ",
        ])
        let skipped = try makeSeries("FREQ=HOURLY;BYMINUTE=15", from: "2026-10-04T01:00", in: "Australia/Lord_Howe",
            gap: .skip)
        #expect(skipped.locals(3) == ["2026-10-04T01:15:00", "2026-10-04T03:15:00", "2026-10-04T04:15:00"])
        let marked = try makeSeries("FREQ=HOURLY;BYMINUTE=15", from: "2026-10-04T01:00", in: "Australia/Lord_Howe")
        #expect(marked.occurrences(2)[1].mark == .gapShifted)
        #expect(marked.locals(2) == ["2026-10-04T01:15:00", "2026-10-04T02:45:00"])
    }

    @Test("an anchor in a gap is shifted, and left out with gap: skip; the steps stay")
    func anchorInGap() throws {
        let shifted = try makeSeries("FREQ=HOURLY", from: "2026-03-29T02:30", in: "Europe/Berlin")
        #expect(shifted.first.mark == .gapShifted)
        #expect(shifted.first.nominal == local("2026-03-29T02:30"))
        #expect(shifted.locals(2) == ["2026-03-29T03:30:00", "2026-03-29T04:30:00"])
        let skipped = try makeSeries("FREQ=HOURLY", from: "2026-03-29T02:30", in: "Europe/Berlin", gap: .skip)
        #expect(skipped.locals(2) == ["2026-03-29T04:30:00", "2026-03-29T05:30:00"])
    }

    @Test("an excluded day takes out all of its steps")
    func exclusions() throws {
        let series = try makeSeries(
            "FREQ=SECONDLY", from: "2026-10-24T23:59:58", in: "Europe/Berlin",
            except: [date("2026-10-25"), date("2026-10-26")])
        #expect(series.locals(3) == ["2026-10-24T23:59:58", "2026-10-24T23:59:59", "2026-10-27T00:00:00"])
        #expect(series.last(before: instant("2026-10-26T23:00:00Z"))?.local == local("2026-10-24T23:59:59"))
    }

    @Test("a minutely rule from 1990 is asked in 2026, and half a million steps are counted at once")
    func far() throws {
        let series = try makeSeries("FREQ=MINUTELY", from: "1990-01-01T00:00:30", in: "America/New_York")
        #expect(series.next(after: instant("2026-11-25T15:00:00Z"))?.instant == instant("2026-11-25T15:00:30Z"))
        let from = instant("2026-01-01T00:00:00Z")
        let to = instant("2027-01-01T00:00:00Z")
        #expect(series.count(after: from, through: to, limit: 600_000) == 525_600)
        #expect(series.count(after: from, through: to, limit: 525_600) == 525_600)
        #expect(series.count(after: from, through: to, limit: 525_599) == nil)
        #expect(series.count(after: to, through: from, limit: 10) == 0)
        #expect(try makeSeries("FREQ=SECONDLY;COUNT=999999999", from: "2026-01-01T00:00").last(before: .latest)?.instant
            == instant("2026-01-01T00:00:00Z") + 999_999_998)
        #expect(try makeSeries("FREQ=HOURLY;INTERVAL=999999999;COUNT=999999999", from: "2026-01-01T00:00")
            .occurrences(3).count == 1)
    }

    @Test("steps end where the calendar of their local times does")
    func calendarEnd() throws {
        let lasts = [("Pacific/Apia", "9999-12-31T10:00:00Z"), ("Pacific/Pago_Pago", "9999-12-31T23:00:00Z")]
        for text in ["FREQ=HOURLY", "FREQ=HOURLY;BYDAY=FR,SA", "FREQ=HOURLY;BYMINUTE=0"] {
            for (zoneName, last) in lasts {
                let series = try makeSeries(text, from: "9999-12-31T00:00", in: zoneName)
                #expect(series.last(before: .latest)?.instant == instant(last))
                #expect(series.next(after: instant(last)) == nil)
            }
        }
    }

    @Test("steps that never meet their limits are refused, whatever their distance", arguments: [
        "FREQ=SECONDLY;INTERVAL=60;BYSECOND=30", "FREQ=MINUTELY;INTERVAL=2;BYMINUTE=1",
        "FREQ=HOURLY;INTERVAL=24;BYHOUR=5",
        "FREQ=SECONDLY;INTERVAL=86400;BYMINUTE=1", "FREQ=HOURLY;INTERVAL=21;BYDAY=MO;BYHOUR=5",
        "FREQ=SECONDLY;INTERVAL=7;BYDAY=MO;BYHOUR=5;BYMINUTE=0;BYSECOND=0", "FREQ=MINUTELY;INTERVAL=999999999;BYHOUR=5",
        "FREQ=HOURLY;BYMINUTE=0;BYSETPOS=2", "FREQ=SECONDLY;BYMONTHDAY=30;BYMONTH=2",
        "FREQ=HOURLY;BYHOUR=3;BYSETPOS=-2",
    ])
    func barren(text: String) {
        #expect(throws: SeriesError.neverOccurs(.noMatch)) { try makeSeries(text, from: "2026-01-01T00:00") }
    }

    @Test("a count that must be counted out has a limit, in number and in work")
    func countLimit() throws {
        #expect(throws: SeriesError.countTooSparse(count: 100_000)) {
            try makeSeries("FREQ=SECONDLY;INTERVAL=5411;BYMINUTE=56;BYSECOND=12;COUNT=100000", from: "0001-07-12T21:07")
        }
        #expect(throws: SeriesError.countTooLarge(count: 100_001, limit: 100_000)) {
            try makeSeries("FREQ=HOURLY;BYHOUR=9;COUNT=100001", from: "2026-01-01T00:00")
        }
        #expect(try makeSeries("FREQ=HOURLY;BYHOUR=9;COUNT=1000", from: "2026-01-01T00:00").last(before: .latest)?.local
            == local("2028-09-26T09:00"))
    }
}
