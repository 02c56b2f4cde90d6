import Recurrence
import Testing
import ZoneFixtures

/// What random inputs have found; the inputs themselves are kept in Fuzz/Corpus.
@Suite("findings of the search with random inputs")
struct FuzzFindingsTests {
    @Test("a day that is left out keeps the times of the day before that a gap moves into it")
    func gapOverMidnight() throws {
        // Clocks go from 23:15 on 1 January to 00:45 on the 2nd.
        var file = TZifBuilder()
        file.types = [(0, 0, 0), (5_400, 0, 0)]
        file.transitions = [(instant("2026-01-01T23:15:00Z").secondsSinceEpoch, 1)]
        let zone = try Zone(name: "Test/Zone", tzif: file.bytes)
        let rule = rule("FREQ=HOURLY;BYMINUTE=0,50;UNTIL=20260102T003000Z")
        func nominals(without: Exclusions) throws -> [String] {
            try Series(anchor: local("2026-01-01T23:00"), zone: zone, rule: rule, exclusions: without)
                .occurrences(9).map { "\($0.nominal) at \($0.instant)" }
        }
        let dayBefore = ["2026-01-01T23:00:00 at 2026-01-01T23:00:00Z", "2026-01-01T23:50:00 at 2026-01-01T23:50:00Z"]
        let day = ["2026-01-02T01:00:00 at 2026-01-01T23:30:00Z", "2026-01-02T01:50:00 at 2026-01-02T00:20:00Z"]
        #expect(try nominals(without: .none) == [dayBefore[0], day[0], dayBefore[1], day[1]]
            + ["2026-01-02T02:00:00 at 2026-01-02T00:30:00Z"])
        #expect(try nominals(without: [date("2026-01-02")]) == dayBefore)
    }

    @Test("steps of a week less a second come to their weekday after thousands of years, found at once")
    func longStrides() throws {
        let series = try makeSeries(
            "FREQ=SECONDLY;INTERVAL=604799;BYDAY=TU;BYSECOND=1", from: "2026-03-29T02:30", in: "Europe/Paris")
        #expect(series.instants(2) == ["8826-11-03T22:56:01Z", "8827-12-28T22:55:01Z"])
        let second = instant("8827-12-28T22:55:01Z")
        #expect(series.last(atOrBefore: second + 1)?.instant == second)
    }
}
