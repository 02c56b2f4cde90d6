import CampaignModel
import Recurrence
import SeededRandom
import Testing

@Suite("Clashes")
struct ClashesTests {
    private func entry(_ campaign: String, _ audience: String?, _ hours: Int64) -> Clashes.Entry {
        Clashes.Entry(
            campaign: campaign, audience: audience, instant: Instant(secondsSinceEpoch: 1_800_000_000 + hours * 3_600))
    }

    @Test("two campaigns to one audience less than the span apart, before and after")
    func names() {
        let entries = [
            entry("a", "all", 0), entry("b", "all", 5), entry("c", "few", 5), entry("a", "all", 23),
            entry("b", "all", 29), entry("d", nil, 29), entry("e", nil, 29), entry("a", "all", 53),
        ]
        #expect(
            Clashes.names(of: entries, within: 86_400) == [["b"], ["a"], [], ["b"], ["a"], [], [], []])
        #expect(Clashes.names(of: entries, within: 5 * 3_600) == Array(repeating: [], count: entries.count))
        #expect(Clashes.names(of: entries, within: 5 * 3_600 + 1)[1] == ["a"])
        #expect(Clashes.names(of: [], within: 1) == [])
    }

    @Test("several others stand in order, each once, and a campaign never clashes with itself")
    func several() {
        let entries = [entry("c", "x", 0), entry("a", "x", 1), entry("b", "x", 2), entry("b", "x", 3)]
        #expect(Clashes.names(of: entries, within: 86_400) == [["a", "b"], ["b", "c"], ["a", "c"], ["a", "c"]])
    }

    @Test("the window finds what looking at every pair finds", arguments: 0..<20 as Range<UInt64>)
    func pairs(seed: UInt64) {
        var generator = SeededGenerator(seed: seed)
        let entries = (0..<60).map { _ in
            entry(
                ["a", "b", "c"].randomElement(using: &generator)!, ["x", "y", nil].randomElement(using: &generator)!,
                Int64.random(in: 0..<200, using: &generator))
        }.sorted { $0.instant < $1.instant }
        let seconds = Int64.random(in: 1..<20, using: &generator) * 3_600
        let expected = entries.map { entry in
            Set(
                entries.filter {
                    entry.audience != nil && $0.audience == entry.audience && $0.campaign != entry.campaign
                        && abs($0.instant - entry.instant) < seconds
                }.map(\.campaign)
            ).sorted()
        }
        #expect(Clashes.names(of: entries, within: seconds) == expected)
    }
}
