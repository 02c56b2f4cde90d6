import CampaignModel
import Testing

@testable import campaignctl

@Suite("The pace of a send and its forecast")
struct SendPaceTests {
    /// A pace that has seen so many done at these seconds.
    private func pace(_ looks: [(second: Int, done: Int64?)], total: Int64? = nil) -> SendPace {
        var pace = SendPace()
        for look in looks {
            pace.note(SendProgress(done: look.done, total: total), at: .seconds(look.second))
        }
        return pace
    }

    @Test("nothing is known before there is something to measure")
    func unknown() {
        for pace in [
            SendPace(), pace([(0, 100)], total: 1_000), pace([(0, 100), (2, 300)], total: 1_000),
            pace([(0, 100), (10, 100)], total: 1_000), pace([(0, nil), (10, nil)], total: 1_000),
        ] {
            #expect(pace.rate == nil)
            #expect(pace.secondsLeft == nil)
        }
    }

    @Test("a steady send has its rate, and ends when the rest is done")
    func steady() {
        let pace = pace((0...10).map { ($0, 1_000 + Int64($0) * 50) }, total: 2_000)
        #expect(pace.rate == 50)
        #expect(pace.secondsLeft == 10)
    }

    @Test("what was done before the first look counts for nothing")
    func attached() {
        let pace = pace([(0, 1_000_000), (5, 1_000_010)], total: 1_000_030)
        #expect(pace.rate == 2)
        #expect(pace.secondsLeft == 10)
    }

    @Test("the rate is that of the last 30 seconds")
    func window() {
        // 100 a second for a minute, then 10.
        var looks: [(second: Int, done: Int64?)] = []
        for second in 0...60 { looks.append((second, Int64(second) * 100)) }
        for second in 61...90 { looks.append((second, 6_000 + Int64(second - 60) * 10)) }
        #expect(pace(Array(looks[...60])).rate == 100)
        #expect(pace(Array(looks[...75])).rate == 55)
        #expect(pace(looks).rate == 10)
    }

    @Test("a surface that tells its progress by the thousand has an even rate")
    func strokes() throws {
        for end in 60...70 {
            let rate = try #require(pace((0...end).map { ($0, Int64($0 / 5) * 1_000) }).rate)
            #expect((160...240).contains(rate))
        }
    }

    @Test("one that stands still for a whole window has rate 0 and no forecast, and recovers")
    func stalled() throws {
        var looks = [(0, Int64(0)), (5, 500)] + (6...40).map { ($0, Int64(500)) }
        let stalled = pace(looks, total: 1_000)
        #expect(stalled.rate == 0)
        #expect(stalled.secondsLeft == nil)
        looks += [(41, 560)]
        let going = pace(looks, total: 1_000)
        #expect(try #require(going.rate) > 0)
        #expect(try #require(going.secondsLeft) > 0)
    }

    @Test("progress that begins again is measured anew, and is never negative")
    func again() {
        let restarted = pace([(0, 900), (10, 1_000), (11, 0), (12, 5)], total: 1_000)
        #expect(restarted.rate == nil)
        #expect(pace([(0, 900), (10, 1_000), (11, 0), (21, 50)], total: 100).rate == 5)
    }

    @Test("a time that does not go on is left out")
    func time() {
        let pace = pace([(0, 0), (10, 100), (10, 500), (4, 900)], total: 200)
        #expect(pace.rate == 10)
        #expect(pace.secondsLeft == 10)
    }

    @Test("without a total, and once all are done, there is no forecast", arguments: [nil, 100, 50, 0, -1] as [Int64?])
    func withoutForecast(total: Int64?) {
        let pace = pace([(0, 0), (10, 100)], total: total)
        #expect(pace.rate == 10)
        #expect(pace.secondsLeft == nil)
    }

    @Test("after a gap the pace is that of the gap")
    func gap() {
        let pace = pace([(0, 0), (1, 10), (2, 20), (102, 520)], total: 1_020)
        #expect(pace.rate == 5)
        #expect(pace.secondsLeft == 100)
    }

    @Test("nothing overflows, and nothing is forecast for the day after a year")
    func extremes() throws {
        let fast = pace([(0, Int64.min), (3, Int64.max)], total: Int64.max)
        #expect(try #require(fast.rate) > 6e18)
        #expect(fast.secondsLeft == nil)
        let slow = pace([(0, 0), (30, 1)], total: Int64.max)
        #expect(try #require(slow.rate) > 0)
        #expect(slow.secondsLeft == nil)
    }

    @Test("looks many times a second are measured over the whole window all the same")
    func many() throws {
        var pace = SendPace()
        for look in 0...10_000 {
            pace.note(SendProgress(done: Int64(look), total: nil), at: .milliseconds(look * 100))
        }
        #expect(abs(try #require(pace.rate) - 10) < 0.001)
        #expect((300...306).contains(pace.moved))
    }

    @Test(
        "a rate is told in the unit that has whole numbers",
        arguments: [
            (85.2, "85/s"), (1, "1/s"), (1.5, "1.5/s"), (1.04, "1/s"), (9.96, "10/s"), (12_345.6, "12,346/s"),
            (0.99, "59/min"), (0.05, "3/min"), (0.02, "1.2/min"), (0.001, "3.6/h"), (0.0001, "less than 1/h"),
            (0, "0/s"), (-1, "0/s"), (1e300, "1,000,000,000,000,000,000/s"),
        ] as [(Double, String)])
    func rateWords(rate: Double, words: String) {
        #expect(PaceWords.rate(rate) == words)
    }

    @Test(
        "a forecast promises no more than it can hold",
        arguments: [
            (0.2, "about 1 s left"), (45, "about 45 s left"), (89.4, "about 89 s left"), (90, "about 2 min left"),
            (720, "about 12 min left"), (5_399, "about 90 min left"), (5_400, "about 2 h left"),
            (172_799, "about 48 h left"), (172_800, "about 2 days left"), (31_536_000, "about 365 days left"),
        ] as [(Double, String)])
    func leftWords(seconds: Double, words: String) {
        #expect(PaceWords.left(seconds) == words)
    }

    @Test("numbers are grouped, and percents are whole ones that were reached")
    func numbers() {
        #expect([0, 999, 1_000, 40_000, 1_234_567, -1_000, .min].map(PaceWords.count) == [
            "0", "999", "1,000", "40,000", "1,234,567", "-1,000", "-9,223,372,036,854,775,808",
        ])
        #expect(PaceWords.percent(12_000, of: 40_000) == 30)
        #expect(PaceWords.percent(39_999, of: 40_000) == 99)
        #expect(PaceWords.percent(5, of: 3) == 100)
        #expect(PaceWords.percent(-1, of: 3) == 0)
        #expect(PaceWords.percent(.max, of: .max) == 100)
        #expect(PaceWords.percent(0, of: 0) == nil)
        #expect([0, -5, 119, 120, 7_199, 7_200, 200_000].map(PaceWords.span) == [
            "0 s", "0 s", "119 s", "2 min", "119 min", "2 h", "2 days",
        ])
    }
}
