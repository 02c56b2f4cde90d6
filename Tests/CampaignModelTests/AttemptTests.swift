@testable import CampaignModel
import Recurrence
import Testing

/// Attempts: hand-over, the three kinds of failure, retries and late echoes.
struct AttemptTests {
    private func claimed(edit: (inout CampaignDefinition) -> Void = { _ in }) throws -> (Story, OccurrenceKey) {
        let story = try Story.activated(.daily(nil, edit: edit), at: "2026-12-01T08:00:00Z")
        return (story, try story.only.key)
    }

    @Test("a hand-over is marked before anything is sent, and repeated with the same number for lack of an answer")
    func handOver() throws {
        var (story, key) = try claimed()
        story.handOver(key)
        #expect(try story.only.handedAt == story.now)
        #expect(try story.only.attempts == 1)
        #expect(try story.only.state == .claimed)
        #expect(story.last.effects == [.handOver(Attempt(key: key, number: 1))])
        let marked = story.now
        story.now = story.now + 20
        story.handOver(key)
        #expect(story.last.effects == [.handOver(Attempt(key: key, number: 1))])
        #expect(try story.only.handedAt == marked)
        #expect(story.last.updates.isEmpty)
        story.enqueue(key)
        #expect(try story.only.state == .claimed)
    }

    @Test("a permanent failure ends it, with an alert; nothing is tried again")
    func permanent() throws {
        var (story, key) = try claimed()
        try story.run(key)
        try story.end(key, .failed(reason: "exit 65"))
        #expect(try story.only.state == .failed)
        #expect(try story.only.reason == "exit 65")
        #expect(try story.only.endedAt == story.now)
        #expect(story.alerts.contains(.sendFailed))
    }

    @Test("a temporary failure is tried again after a wait; at most retries + 1 attempts are made", arguments: [
        (nil, nil, 4), ("0", nil, 1), ("5", nil, 6), (nil, 1, 2), ("2", 1, 3),
    ])
    func temporary(campaign: String?, surface: Int?, attempts: Int) throws {
        var (story, key) = try claimed { $0.retries = campaign }
        story.rules.catalogue = Catalogue(
            surfaces: [Surface(name: "newsletter", channel: "email", retries: surface)], audiences: ["subscribers"])
        for number in 1...attempts {
            #expect(try !story.only.state.isFinal)
            try story.run(key)
            #expect(try story.only.attempts == number)
            try story.end(key, .temporary(reason: "exit 75", retryAfterSeconds: nil))
            story.now = try story.only.nextAttemptAt ?? story.now
        }
        #expect(try story.only.state == .failed)
        #expect(try story.only.attempts == attempts)
        #expect(story.alerts.filter { $0 == .sendFailed }.count == 1)
    }

    @Test("a retry is not handed over before its time")
    func notBeforeItsTime() throws {
        var (story, key) = try claimed()
        try story.run(key)
        try story.end(key, .temporary(reason: "exit 75", retryAfterSeconds: nil))
        #expect(try story.only.nextAttemptAt == story.now + 60)
        story.now = story.now + 59
        story.handOver(key)
        #expect(story.last.effects.isEmpty)
        story.now = story.now + 1
        story.handOver(key)
        #expect(story.last.effects == [.handOver(Attempt(key: key, number: 2))])
        #expect(try story.only.handedAt == story.now)
        #expect(try story.only.nextAttemptAt == nil)
    }

    @Test("waits grow from one minute to one hour, lengthened by up to a quarter, and longer where the surface asks",
        arguments: [
            (2, nil, 0, 60), (2, nil, 0.99999, 74), (3, nil, 0, 120), (7, nil, 0, 1_920), (8, nil, 0, 2_880),
            (8, nil, 1, 3_600), (100, nil, 1, 3_600), (2, 30, 0, 60), (2, 90, 0.5, 90), (9, 7_200, 0, 7_200),
            (2, 1_000_000_000, 0, 7 * 86_400), (2, -5, 0, 60), (2, nil, 7, 75), (2, nil, -7, 60), (0, nil, 0, 60),
        ] as [(Int, Int?, Double, Int64)])
    func backoff(attempt: Int, asked: Int?, jitter: Double, seconds: Int64) {
        #expect(Backoff.seconds(beforeAttempt: attempt, asked: asked, jitter: jitter) == seconds)
    }

    @Test("an unknown outcome is interrupted, with an alert, and not repeated unless asked for")
    func unknown() throws {
        var (story, key) = try claimed()
        try story.run(key)
        try story.end(key, .interrupted(reason: "killed"))
        #expect(try story.only.state == .interrupted)
        #expect(story.alerts.contains(.sendInterrupted))
    }

    @Test("on_interrupt: retry repeats an unknown outcome within retries and the late limit")
    func unknownRepeated() throws {
        var (story, key) = try claimed {
            $0.onInterrupt = "retry"
            $0.retries = "1"
        }
        let first = story
        try story.run(key)
        try story.end(key, .interrupted(reason: "killed"))
        #expect(try story.only.state == .waiting)
        story.now = story.now + 60
        try story.run(key)
        try story.end(key, .interrupted(reason: "killed"))
        #expect(try story.only.state == .interrupted)

        var late = first
        try late.run(key)
        late.now = late.now + 3_541
        try late.end(key, .interrupted(reason: "killed"))
        #expect(try late.only.state == .interrupted)
        var justInTime = first
        try justInTime.run(key)
        justInTime.now = justInTime.now + 3_540
        try justInTime.end(key, .interrupted(reason: "killed"))
        #expect(try justInTime.only.state == .waiting)
    }

    @Test("a send keeps the version it began with: its retries, its limit and its on_interrupt too")
    func keepsVersion() throws {
        var (story, key) = try claimed {
            $0.retries = "0"
            $0.lateLimit = "5m"
        }
        try story.perform(.apply(.daily(nil) { $0.onInterrupt = "retry" }, sourceText: nil, tags: []))
        try story.perform(.activate)
        #expect(story.last.wakeAt == story.now + 301)
        try story.run(key)
        var unknown = story
        try unknown.end(key, .interrupted(reason: "killed"))
        #expect(try unknown.only.state == .interrupted)
        try story.end(key, .temporary(reason: "exit 75", retryAfterSeconds: nil))
        #expect(try story.only.state == .failed)
    }

    @Test("where the version that a send began with is not at hand, the live one stands in")
    func versionNotAtHand() throws {
        var (story, key) = try claimed { $0.retries = "0" }
        try story.perform(.apply(.daily(nil), sourceText: nil, tags: []))
        try story.perform(.activate)
        try story.run(key)
        story.state.sendVersions = [:]
        try story.end(key, .temporary(reason: "exit 75", retryAfterSeconds: nil))
        #expect(try story.only.state == .waiting)
    }

    @Test("late echoes change nothing")
    func echoes() throws {
        var (story, key) = try claimed()
        let first = Attempt(key: key, number: 1)
        let busy = AttemptOutcome.temporary(reason: "busy", retryAfterSeconds: nil)
        try story.run(key)
        func expectEcho(_ fact: SendFact) {
            let before = story.state
            story.take(fact)
            #expect(story.state == before)
            #expect(story.last.events.isEmpty)
            #expect(story.last.effects.isEmpty)
        }
        expectEcho(.accepted(first))
        expectEcho(.neverBegan(key))
        try story.end(key, busy)
        expectEcho(.accepted(first))
        expectEcho(.ended(first, busy, SendProgress(), jitter: 0.5))
        expectEcho(.ended(first, .interrupted(reason: "late"), SendProgress(), jitter: 0.5))
        story.now = story.now + 60
        story.handOver(key)
        expectEcho(.accepted(first))
        expectEcho(.ended(first, .failed(reason: "late"), SendProgress(), jitter: 0))
        try story.run(key)
        expectEcho(.ended(first, .sent, SendProgress(), jitter: 0))
        try story.end(key, .sent)
        expectEcho(.ended(Attempt(key: key, number: 2), .failed(reason: "late"), SendProgress(), jitter: 0))
        expectEcho(.accepted(Attempt(key: key, number: 3)))
        let other = try #require(OccurrenceKey("abcdefghijklmnopqrstuvwxyz/other"))
        expectEcho(.neverBegan(other))
    }

    @Test("that an earlier attempt was sent is no echo: nothing of it is tried again")
    func sentEarlier() throws {
        var (story, key) = try claimed()
        try story.run(key)
        try story.end(key, .temporary(reason: "busy", retryAfterSeconds: nil))
        var waiting = story
        waiting.take(.ended(Attempt(key: key, number: 1), .sent, SendProgress(), jitter: 0))
        #expect(try waiting.only.state == .sent)
        story.now = story.now + 60
        story.handOver(key)
        story.take(.ended(Attempt(key: key, number: 1), .sent, SendProgress(), jitter: 0))
        #expect(try story.only.state == .sent)
        #expect(try story.only.attempts == 2)
    }

    @Test("a ledger that is older than the sender takes over the attempt that the sender names")
    func olderLedger() throws {
        var (story, key) = try claimed()
        story.take(.accepted(Attempt(key: key, number: 3)))
        #expect(try story.only.attempts == 3)
        #expect(try story.only.state == .running)
        story.take(.ended(Attempt(key: key, number: 3), .sent, SendProgress(total: 0), jitter: 0))
        #expect(try story.only.state == .sent)
        #expect(try story.only.progress.total == 0)
    }

    @Test("progress is kept where a later report does not say more")
    func progress() {
        let first = SendProgress(done: 1, total: 9, failed: nil, note: "a")
        #expect(first.updated(by: SendProgress(done: 2)) == SendProgress(done: 2, total: 9, failed: nil, note: "a"))
        #expect(first.updated(by: SendProgress(failed: 1, note: "b")).note == "b")
    }
}
