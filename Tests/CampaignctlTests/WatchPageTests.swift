import CampaignModel
import ControlAPI
import Recurrence
import Testing
import VarlinkKit

@testable import ControlBench
@testable import campaignctl

@Suite("What a watch shows")
struct WatchPageTests {
    private static func watched(_ view: SendView, rate: Double? = nil, left: Double? = nil) -> WatchedSend {
        WatchedSend(seen: SeenSend(view, json: view.json), rate: rate, secondsLeft: left)
    }

    private static func key(_ id: String) -> String { "\(Sample.id)/now/\(id)" }

    private static let sends = [
        watched(
            Sample.send("spring-newsletter", .running, done: 12_000, total: 40_000, failed: 3), rate: 85.2, left: 720),
        watched(Sample.send("welcome", key: key("b"), .queued, attempts: 0, position: 2)),
        watched(
            Sample.send("summer", key: key("c"), .waiting, reason: "mail server is down", nextIn: 250)),
    ]

    private func lines(_ sends: [WatchedSend], columns: Int, rows: Int = 20, isColoured: Bool = false) -> [String] {
        WatchPage(sends: sends, now: Sample.instant, style: Style(isColoured: isColoured))
            .lines(columns: columns, rows: rows)
    }

    @Test("a wide terminal has room for a bar")
    func wide() {
        #expect(
            lines(Self.sends, columns: 140) == [
                "spring-newsletter  running     [#########-----------------------]  12,000/40,000 (30%)  "
                    + "85/s, about 12 min left, 3 failed",
                "welcome            queued (2)",
                "summer             waiting     attempt 2 in 4 minutes, mail server is down",
            ])
    }

    @Test("the bar is as wide as there is room, up to a limit", arguments: [60, 80, 100, 120, 160, 200, 400])
    func widths(columns: Int) {
        let running = Self.sends.prefix(1)
        let line = lines(Array(running), columns: columns)[0]
        #expect(line.displayWidth < columns)
        let bar = line.split(separator: " ").first { $0.hasPrefix("[") }
        switch columns {
        case 60, 80: #expect(bar == nil)
        case 100: #expect(bar?.count == 15)
        case 120: #expect(bar?.count == 119 / 4)
        case 160: #expect(bar?.count == 159 / 4)
        default: #expect(bar?.count == WatchPage.widestBar)
        }
    }

    @Test("no line is wider than the terminal", arguments: 1...150)
    func narrow(columns: Int) {
        var long = Sample.send(String(repeating: "n", count: 63), .running, done: 1, total: 3)
        long.reason = "Été 🎉🎉🎉🎉🎉🎉🎉🎉🎉🎉🎉🎉"
        for line in lines(Self.sends + [Self.watched(long, rate: 3, left: 5)], columns: columns) {
            #expect(line.displayWidth <= max(1, columns - 1))
        }
    }

    @Test("more sends than lines are counted in the last one")
    func many() {
        let sends = (0..<30).map { Self.watched(Sample.send("c\($0)", key: Self.key("\($0)"), .claimed)) }
        let shown = lines(sends, columns: 80, rows: 10)
        #expect(shown.count == 10)
        #expect(shown[0] == "c0  claimed")
        #expect(shown[9] == "and 21 more")
        #expect(lines(sends, columns: 80, rows: 30).count == 30)
        #expect(lines(sends, columns: 80, rows: 0) == [])
        #expect(lines([], columns: 80) == [])
    }

    @Test("several sends of one campaign are told apart by their keys")
    func siblings() {
        let sends = ["a", "b"].map { Self.watched(Sample.send("welcome", key: Self.key($0), .claimed)) }
        #expect(lines(sends, columns: 80) == ["welcome now/a  claimed", "welcome now/b  claimed"])
    }

    @Test("the state alone is coloured")
    func colours() {
        #expect(
            lines([Self.sends[2]], columns: 80, isColoured: true) == [
                "summer  \u{1B}[33mwaiting\u{1B}[0m  attempt 2 in 4 minutes, mail server is down"
            ])
    }

    @Test("what a surface says can't reach the terminal")
    func escaped() {
        let send = Sample.send("spring", .waiting, reason: "a\u{1B}[2Jb", nextIn: 1)
        #expect(lines([Self.watched(send)], columns: 80) == ["spring  waiting  attempt 2 in 1 second, a\\u{1B}[2Jb"])
        let ended = WatchWords.ended(Sample.send("spring", .failed, reason: "\u{7}"), Style(isColoured: false))
        #expect(!ended.contains("\u{7}"))
    }

    @Test("a bar of nothing, of some, and of all")
    func bars() {
        #expect([0, 0.5, 0.999, 1].map { WatchPage.bar($0, width: 12) } == [
            "[----------]", "[#####-----]", "[#########-]", "[##########]",
        ])
        #expect(WatchPage.bar(1, width: 2) == "")
        // More than all, and less than nothing.
        let odd = [(5, 3), (-1, 3)].map { Self.watched(Sample.send("a", .running, done: $0.0, total: $0.1)) }
        #expect(lines(Array(odd.prefix(1)), columns: 80)[0].contains("##  5/3 (100%)") == false)
        #expect(lines(Array(odd.prefix(1)), columns: 80)[0].contains("] 5/3") == false)
        #expect(lines(Array(odd.suffix(1)), columns: 80)[0].hasSuffix("]  -1/3 (0%)"))
    }

    @Test(
        "a line says all of a send that is known",
        arguments: zip(
            sends + [
                watched(Sample.send("a", .running, done: 70)),
                watched(Sample.send("a", .running, attempts: 2, total: 10)),
                watched(Sample.triggerToCome("welcome")),
                watched(Sample.send("a", .sent, done: 10, total: 10, failed: 1)),
                watched(Sample.send("a", .sent, attempts: 2)),
                watched(Sample.send("a", .failed, reason: "mailbox full")),
                watched(Sample.send("a", .interrupted, done: 4, total: 10, reason: "the sender was killed")),
                watched(Sample.send("a", .cancelled, reason: "wrong prices")),
            ],
            [
                "spring-newsletter: running, 12,000/40,000 (30%), 85/s, about 12 min left, 3 failed (\(key("a")))",
                "welcome: queued (2) (\(key("b")))",
                "summer: waiting, attempt 2 in 4 minutes, mail server is down (\(key("c")))",
                "a: running, 70 (\(key("a")))",
                "a: running, 0/10 (0%) (\(key("a")))",
                "welcome: to come, in 60 minutes (\(Sample.id)/trigger/order-1)",
                "a: sent, 10/10 (100%), 1 failed, after 7 min (\(key("a")))",
                "a: sent, after 7 min from its first attempt on (\(key("a")))",
                "a: failed, after 7 min, mailbox full; try again: campaignctl retry \(key("a"))",
                "a: interrupted, 4/10 (40%), after 7 min, the sender was killed; try again: campaignctl retry "
                    + key("a"),
                "a: cancelled, after 7 min, wrong prices (\(key("a")))",
            ]))
    func line(send: WatchedSend, line: String) {
        #expect(WatchWords.line(send, at: Sample.instant) == line)
    }

    @Test("with --json it is the send with its rate and its end")
    func json() throws {
        var object = Self.sends[0].view.json
        object["rate"] = 85.2
        object["ends_at"] = "2026-12-07T08:12:00Z"
        object["ends_too_late"] = false
        #expect(Self.sends[0].json(at: Sample.instant) == object)
        object = Self.sends[1].view.json
        object["ends_too_late"] = false
        object["rate"] = .null
        object["ends_at"] = .null
        #expect(Self.sends[1].json(at: Sample.instant) == object)
    }
}
