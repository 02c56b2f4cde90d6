import CampaignModel
import Recurrence
import SeededRandom
import Testing

/// Names, keys, durations and the sentences of errors.
struct WordsTests {
    @Test("a slug is [a-z0-9][a-z0-9-]{0,62}", arguments: [
        ("a", true), ("0", true), ("spring-2026", true), ("a-", true), (String(repeating: "a", count: 63), true),
        ("", false), ("-a", false), ("--force", false), ("../x", false), ("A", false), ("é", false), ("a b", false),
        ("a_b", false), ("a\n", false), ("a\u{0}", false), ("a'; drop", false),
        (String(repeating: "a", count: 64), false), (String(repeating: "a", count: 65_536), false),
    ])
    func slug(text: String, isAllowed: Bool) {
        #expect((Slug(text) != nil) == isAllowed)
        #expect(Slug(text)?.text == (isAllowed ? text : nil))
    }

    @Test("an error cuts a long value and escapes what a terminal would act on")
    func fieldError() {
        let long = FieldError("name", String(repeating: "a", count: 65_536), "is not a name")
        #expect(long.description == "name: \"\(String(repeating: "a", count: 80))…\" is not a name")
        let marked = FieldError("name", "a" + String(repeating: "\u{301}", count: 65_536), "is not a name")
        #expect(marked.description == "name: \"a\(String(repeating: "\u{301}", count: 79))…\" is not a name")
        #expect(FieldError("title", "a\u{1B}[2Jb\u{202E}", "is bad").description
            == "title: \"a\\u{1B}[2Jb\\u{202E}\" is bad")
        #expect(FieldError("at", nil, "is empty").description == "at: is empty")
    }

    @Test("a key is 1 to 200 ASCII bytes without white space", arguments: [
        ("a", true), ("abc/2026-12-07T09:00:00[Europe/Paris]", true), (String(repeating: "k", count: 200), true),
        ("", false), ("a b", false), ("a\n", false), ("é", false), (String(repeating: "k", count: 201), false),
    ])
    func key(text: String, isAllowed: Bool) {
        #expect((OccurrenceKey(text) != nil) == isAllowed)
    }

    @Test("a campaign id is 16 to 40 of a-z and 0-9, and drawn at random")
    func campaignID() {
        var generator = SeededGenerator(seed: 1)
        let ids = (0..<1_000).map { _ in CampaignID(from: &generator) }
        #expect(Set(ids).count == 1_000)
        #expect(ids.allSatisfy { CampaignID($0.text) == $0 && $0.text.count == 26 })
        #expect(CampaignID("abcdefghijklmno") == nil)
        #expect(CampaignID("abcdefghijklmno-") == nil)
        #expect(CampaignID(String(repeating: "a", count: 41)) == nil)
    }

    @Test("the longest zone's key still fits")
    func longestKey() throws {
        var generator = SeededGenerator(seed: 2)
        let content = try CampaignContent.sample {
            $0.schedule?.timezone = "America/North_Dakota/New_Salem"
            $0.schedule?.start = "9998-12-31T23:59:59"
        }
        let anchor = Rules.sample.testAnchor(of: content)
        let plan = try Plan(content, anchor: anchor, in: Rules.sample.zones)
        let occurrence = try #require(plan.next(after: .earliest))
        let key = plan.key(of: occurrence, in: CampaignID(from: &generator))
        #expect(key.text.utf8.count <= OccurrenceKey.maximumLength)
        #expect(key.text.hasSuffix("/9998-12-31T23:59:59[America/North_Dakota/New_Salem]"))
    }

    @Test("a duration is read and printed in its shortest form", arguments: [
        ("200ms", "200ms", 200), ("30s", "30s", 30_000), ("5m", "5m", 300_000), ("5min", "5m", 300_000),
        ("72h", "72h", 259_200_000), ("3d", "72h", 259_200_000), ("0s", "0s", 0), ("90s", "90s", 90_000),
        ("1500ms", "1500ms", 1_500), ("2000ms", "2s", 2_000), ("007s", "7s", 7_000),
        ("36600d", "36600d", 3_162_240_000_000),
    ] as [(String, String, Int64)])
    func duration(text: String, printed: String, milliseconds: Int64) throws {
        let duration = try #require(Duration(text: text))
        #expect(duration.wholeMilliseconds == milliseconds)
        #expect(duration.text == printed)
        #expect(Duration(text: duration.text) == duration)
    }

    @Test("what is no duration", arguments: [
        "", "s", "30", "-1s", "+1s", "1.5h", "1e3s", "30 s", "30S", "٣s", "1w", "36601d", "9999999999999s",
        "99999999999h",
    ])
    func noDuration(text: String) {
        #expect(Duration(text: text) == nil)
    }

    @Test("seconds are rounded up, so that nothing is due before its time")
    func rounding() {
        #expect(Duration.milliseconds(200).secondsRoundedUp == 1)
        #expect(Duration.milliseconds(1_000).secondsRoundedUp == 1)
        #expect(Duration.milliseconds(1_001).secondsRoundedUp == 2)
        #expect(Duration.zero.secondsRoundedUp == 0)
    }
}

extension Rules {
    fileprivate func testAnchor(of content: CampaignContent) -> Anchor {
        let start = content.schedule.start ?? LocalDateTime(date: Zone.utc.local(at: .earliest).date, time: .midnight)
        return Anchor(local: start, instant: .latest, isWritten: true)
    }
}
