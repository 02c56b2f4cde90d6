@testable import CampaignEngine
import CampaignModel
import Recurrence
import Testing

@Suite("The queue of sends", .timeLimit(.minutes(10)))
struct SendQueueTests {
    static let rules = Rules(
        settings: Settings(),
        catalogue: Catalogue(surfaces: [
            Surface(name: "mail", channel: "email", maxConcurrent: 100),
            Surface(name: "sms", channel: "sms", maxConcurrent: 100),
        ]), zones: SystemZones())

    static func rules(cap: Int) -> Rules {
        var rules = rules
        rules.settings.maxConcurrent = cap
        return rules
    }

    static func id(_ number: Int) -> CampaignID { CampaignID("campaign00000000\(number)")! }

    static func send(
        _ campaign: Int, _ number: Int, surface: Slug = "mail", _ state: SendState = .queued, follows: Bool = false
    ) -> Send {
        var send = Send(
            key: OccurrenceKey("\(id(campaign))/\(number)")!, campaign: id(campaign), version: 1, origin: .schedule,
            nominal: nil, due: Instant(secondsSinceEpoch: Int64(number)), claimedAt: World.monday, message: nil,
            surface: surface, state: state)
        send.followsEarlier = follows
        if state == .waiting {
            send.attempts = 1
            send.nextAttemptAt = World.monday
        }
        return send
    }

    static func toCome(_ campaign: Int, _ number: Int, at instant: Instant) -> Send {
        var send = send(campaign, number, .waiting)
        send.attempts = 0
        send.nextAttemptAt = instant
        return send
    }

    static func start(_ send: Send) -> Send {
        var send = send
        send.state = .claimed
        send.handedAt = World.monday
        return send
    }

    static func end(_ send: Send) -> Send {
        var send = send
        send.state = .sent
        send.endedAt = World.monday
        return send
    }

    /// Lets everything begin that may, and tells the order.
    static func drain(_ queue: inout SendQueue, cap: Int = 1_000) -> [String] {
        var order: [String] = []
        while let send = queue.next(under: rules(cap: cap)) {
            order.append(String(send.key.text.dropFirst(16)))
            queue.note(start(send))
        }
        return order
    }

    @Test("a campaign with many waits its turn behind those with few")
    func fairCampaigns() {
        var queue = SendQueue()
        for number in 1...4 { queue.note(Self.send(1, number)) }
        queue.note(Self.send(2, 5))
        queue.note(Self.send(3, 6))
        #expect(Self.drain(&queue) == ["1/1", "2/5", "3/6", "1/2", "1/3", "1/4"])
    }

    @Test("surfaces have their turns one after the other")
    func fairSurfaces() {
        var queue = SendQueue()
        for number in 1...4 { queue.note(Self.send(number, number)) }
        queue.note(Self.send(5, 5, surface: "sms"))
        queue.note(Self.send(6, 6, surface: "sms"))
        #expect(Self.drain(&queue) == ["1/1", "5/5", "2/2", "6/6", "3/3", "4/4"])
    }

    @Test("positions are the order in which the sends will begin")
    func positions() {
        var queue = SendQueue()
        for (campaign, number) in [(3, 9), (1, 1), (1, 2), (2, 9), (1, 3), (2, 4)] {
            queue.note(Self.send(campaign, number))
        }
        for (campaign, number) in [(6, 9), (5, 9)] { queue.note(Self.send(campaign, number, surface: "sms")) }
        queue.note(Self.start(Self.send(7, 1)))
        queue.note(Self.send(7, 2, follows: true))
        let places = queue.positions().sorted { $0.value < $1.value }.map { String($0.key.text.dropFirst(16)) }
        #expect(places == Self.drain(&queue) + ["7/2"])
        #expect(queue.positions().map(\.value) == [1])
    }

    @Test("within a campaign the earlier due is first, however they were noted")
    func dueOrder() {
        var queue = SendQueue()
        for number in [3, 1, 2] { queue.note(Self.send(1, number)) }
        #expect(Self.drain(&queue) == ["1/1", "1/2", "1/3"])
    }

    @Test("one that follows begins when the earlier one has ended, not when it waits for a retry")
    func follows() {
        var queue = SendQueue()
        queue.note(Self.send(1, 1, .waiting))
        queue.note(Self.send(1, 2, follows: true))
        #expect(Self.drain(&queue).isEmpty)
        queue.admitRetries(at: World.monday)
        #expect(Self.drain(&queue) == ["1/1"])
        queue.note(Self.end(Self.send(1, 1)))
        #expect(Self.drain(&queue) == ["1/2"])
    }

    @Test("one that follows waits for one that is under way, though it is due later")
    func followsTheLater() {
        var queue = SendQueue()
        queue.note(Self.start(Self.send(1, 2, follows: true)))
        queue.note(Self.send(1, 1, follows: true))
        #expect(Self.drain(&queue).isEmpty)
        queue.note(Self.end(Self.send(1, 2)))
        #expect(Self.drain(&queue) == ["1/1"])
    }

    @Test("a trigger to come stands in nobody's way until its time")
    func toCome() {
        var queue = SendQueue()
        queue.note(Self.toCome(1, 1, at: World.monday + 60))
        queue.note(Self.send(1, 2, follows: true))
        #expect(Self.drain(&queue) == ["1/2"])
        #expect(queue.earliestRetry == World.monday + 60)
        queue.admitRetries(at: World.monday + 60)
        #expect(Self.drain(&queue) == ["1/1"])
    }

    @Test("one in line steps back when an earlier one comes into line again")
    func earlierComesBack() {
        var queue = SendQueue()
        queue.note(Self.send(1, 2, follows: true))
        queue.note(Self.send(1, 1))
        #expect(Self.drain(&queue) == ["1/1"])
        queue.note(Self.end(Self.send(1, 1)))
        #expect(Self.drain(&queue) == ["1/2"])
    }

    @Test("a postponed one is in nobody's way and comes back at its time")
    func postponed() {
        var queue = SendQueue()
        queue.note(Self.send(1, 1))
        queue.note(Self.send(2, 2))
        queue.postpone(Self.send(1, 1).key, until: World.monday)
        #expect(queue.earliestRetry == World.monday)
        #expect(Self.drain(&queue) == ["2/2"])
        queue.admitRetries(at: World.monday - 1)
        #expect(Self.drain(&queue).isEmpty)
        queue.admitRetries(at: World.monday)
        #expect(Self.drain(&queue) == ["1/1"])
    }

    @Test("places are taken by what is handed over or runs, and given back at the end")
    func places() {
        var queue = SendQueue()
        for number in 1...3 { queue.note(Self.send(number, number)) }
        #expect(Self.drain(&queue, cap: 2) == ["1/1", "2/2"])
        #expect(queue.busyCount == 2)
        queue.note(Self.end(Self.send(1, 1)))
        #expect(Self.drain(&queue, cap: 2) == ["3/3"])
        #expect(queue.openSends.count == 2)
    }

    @Test("one about to be given up is neither in line nor in a place")
    func verdict() {
        var queue = SendQueue()
        var send = Self.send(1, 1, .claimed)
        send.verdict = Verdict(state: .missed, reason: "late")
        queue.note(send)
        #expect(Self.drain(&queue).isEmpty)
        #expect(queue.busyCount == 0)
        #expect(queue.untoldSends.isEmpty)
    }

    @Test("any order of notes leaves nothing behind when all have ended", arguments: 1...20)
    func anyOrder(seed: UInt64) {
        var generator = Steps(state: seed)
        var queue = SendQueue()
        let all = (1...60).map { number in
            Self.send(1 + number % 7, number, surface: number % 3 == 0 ? "sms" : "mail", follows: number % 2 == 0)
        }
        for send in all.shuffled(using: &generator) { queue.note(send) }
        var begun: Set<OccurrenceKey> = []
        var running: [Send] = []
        while begun.count < all.count || !running.isEmpty {
            if let next = queue.next(under: Self.rules(cap: 5)) {
                #expect(begun.insert(next.key).inserted)
                queue.note(Self.start(next))
                running.append(next)
            } else if let index = running.indices.randomElement(using: &generator) {
                queue.note(Self.end(running.remove(at: index)))
            } else {
                Issue.record("something waits for nothing")
                return
            }
            #expect(queue.busyCount == running.count && running.count <= 5)
        }
        #expect(queue.openSends.isEmpty)
        #expect(queue.earliestRetry == nil)
    }

    /// A small generator, so that a seed gives the same order everywhere.
    struct Steps: RandomNumberGenerator {
        var state: UInt64

        mutating func next() -> UInt64 {
            state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            return state ^ (state >> 33)
        }
    }
}

@Suite("The pace of tries", .timeLimit(.minutes(10)))
struct RetryPaceTests {
    @Test("doubles from one second to thirty; a failure within the wait is the same one; success starts anew")
    func doubles() {
        var pace = RetryPace()
        var steady = Duration.zero
        var waits: [Duration] = []
        for _ in 0..<7 {
            pace.failed(at: steady)
            pace.failed(at: steady)
            let retryAt = pace.retryAt ?? steady
            waits.append(retryAt - steady)
            #expect(!pace.mayTry(at: retryAt - .milliseconds(1)))
            #expect(pace.mayTry(at: retryAt))
            steady = retryAt
        }
        #expect(waits == [1, 2, 4, 8, 16, 30, 30].map { .seconds($0) })
        pace.worked()
        #expect(pace.retryAt == nil && pace.mayTry(at: .zero))
    }

    @Test("waits after failures in a row: none after the first, never more than thirty seconds")
    func waits() {
        #expect([0, 1, 2, 3, 4, 7, 8, 1_000].map { RetryPace.wait(afterFailures: $0) }
            == [0, 0, 1, 2, 4, 30, 30, 30].map { .seconds($0) })
    }
}
