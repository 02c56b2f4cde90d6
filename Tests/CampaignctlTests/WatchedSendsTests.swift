import CampaignModel
import ControlAPI
import Testing

@testable import ControlBench
@testable import campaignctl

@Suite("The sends that a watch knows")
struct WatchedSendsTests {
    private static func seen(_ view: SendView) -> SeenSend { SeenSend(view, json: view.json) }

    private static func running(_ id: String, done: Int64, attempts: Int = 1) -> SeenSend {
        seen(
            Sample.send(
                "spring", key: "\(Sample.id)/now/\(id)", .running, attempts: attempts, done: done, total: 1_000))
    }

    @Test("what is new and what has changed is news, the rest is not")
    func changes() {
        var watched = WatchedSends()
        let (a, b) = (Self.running("a", done: 1), Self.running("b", done: 1))
        #expect(watched.take(open: [b, a], ended: [], at: .seconds(0)).changed.map(\.seen) == [a, b])
        #expect(watched.take(open: [b, a], ended: [], at: .seconds(1)) == WatchedSends.News())
        let further = Self.running("b", done: 2)
        #expect(watched.take(open: [further, a], ended: [], at: .seconds(2)).changed.map(\.seen) == [further])
        #expect(watched.open.map(\.seen) == [a, further])
    }

    @Test("the pace goes on where nothing is new, and begins anew with another attempt")
    func pace() {
        var watched = WatchedSends()
        for second in 0...10 {
            _ = watched.take(open: [Self.running("a", done: Int64(second) * 20)], ended: [], at: .seconds(second))
        }
        #expect(watched.open.map(\.rate) == [20])
        #expect(watched.open.map(\.secondsLeft) == [40])
        let news = watched.take(open: [Self.running("a", done: 500, attempts: 2)], ended: [], at: .seconds(11))
        #expect(news.changed.map(\.rate) == [nil])
    }

    @Test("one that waits has no pace")
    func waiting() {
        var watched = WatchedSends()
        for second in 0...10 {
            _ = watched.take(open: [Self.running("a", done: Int64(second) * 20)], ended: [], at: .seconds(second))
        }
        let waiting = Self.seen(Sample.send("spring", .waiting, done: 200, total: 1_000, nextIn: 60))
        #expect(watched.take(open: [waiting], ended: [], at: .seconds(11)).changed.map(\.rate) == [nil])
        #expect(watched.open.map(\.secondsLeft) == [nil])
    }

    @Test("one that is open no more is looked for, and told with its outcome")
    func ended() {
        var watched = WatchedSends()
        let (a, b) = (Self.running("a", done: 1), Self.running("b", done: 1))
        _ = watched.take(open: [a, b], ended: [], at: .seconds(0))
        #expect(watched.missing(from: [b]).map(\.key) == [a.view.key])
        let sent = Self.seen(Sample.send("spring", .sent, done: 1_000, total: 1_000))
        let news = watched.take(open: [b], ended: [sent], at: .seconds(1))
        #expect(news.ended == [WatchedSend(seen: sent, rate: nil, secondsLeft: nil)])
        #expect(news.changed == [])
        #expect(watched.missing(from: [b]) == [])
        #expect(watched.open.map(\.seen) == [b])
        #expect(!watched.isEmpty)
    }

    @Test("one that is found nowhere is looked for again, and given up after a few looks")
    func lost() {
        var watched = WatchedSends()
        let a = Self.running("a", done: 1)
        _ = watched.take(open: [a], ended: [], at: .seconds(0))
        for second in 1..<WatchedSends.looksForMissing {
            #expect(watched.take(open: [], ended: [], at: .seconds(second)) == WatchedSends.News())
        }
        // It was only between two states.
        _ = watched.take(open: [a], ended: [], at: .seconds(5))
        for second in 6..<5 + WatchedSends.looksForMissing {
            #expect(watched.take(open: [], ended: [], at: .seconds(second)).lost == [])
        }
        #expect(watched.take(open: [], ended: [], at: .seconds(20)).lost.map(\.seen) == [a])
        #expect(watched.isEmpty)
    }

    @Test("what is under way comes first, then the queue in its order")
    func order() {
        var watched = WatchedSends()
        let states: [(SendState, Int?)] = [
            (.waiting, nil), (.queued, 2), (.queued, 1), (.claimed, nil), (.running, nil),
        ]
        let sends = states.enumerated().map { index, state in
            Self.seen(
                Sample.send("c\(index)", key: "\(Sample.id)/now/\(index)", state.0, position: state.1))
        }
        _ = watched.take(open: sends, ended: [], at: .seconds(0))
        #expect(watched.open.map(\.view.campaign) == ["c4", "c3", "c2", "c1", "c0"])
    }

    @Test("triggers to come are in no scope but their own key's")
    func scope() throws {
        let toCome = Sample.triggerToCome("welcome")
        let running = Sample.send("welcome", .running)
        for words in [[], ["welcome"], ["welcome", "spring"]] {
            let scope = try WatchScope(words)
            #expect(!scope.includes(toCome))
            #expect(scope.includes(running))
            #expect(scope.isNamed == !words.isEmpty)
        }
        #expect(try WatchScope([toCome.key]).includes(toCome))
        #expect(try !WatchScope([toCome.key]).includes(running))
        #expect(try !WatchScope(["spring"]).includes(running))
        #expect(try WatchScope(["b", "a/1", "a", "b", "a/0"]).description == "b, a, a/0, a/1")
        #expect(throws: FieldError.self) { try WatchScope(["a/ b"]) }
    }
}
