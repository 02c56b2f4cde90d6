@testable import CampaignModel
import Recurrence
import Testing

/// `retry KEY`: a person's attempt of a send that has ended.
struct RetryTests {
    private func ended(
        _ outcome: AttemptOutcome, _ content: CampaignContent? = nil
    ) throws -> (Story, OccurrenceKey) {
        var story = try Story.activated(content ?? .daily(nil) { $0.retries = "0" }, at: "2026-12-01T08:00:00Z")
        let key = try story.only.key
        try story.run(key)
        try story.end(key, outcome)
        return (story, key)
    }

    @Test("one that failed, was interrupted or cancelled takes the next attempt number of the same key, at once",
        arguments: [
            AttemptOutcome.failed(reason: "exit 65"), .interrupted(reason: "power"), .cancelled(reason: "ana"),
            .temporary(reason: "busy", retryAfterSeconds: nil),
        ])
    func again(outcome: AttemptOutcome) throws {
        var (story, key) = try ended(outcome)
        #expect(try story.only.state.isFinal)
        story.now = story.now + 600
        try story.retry(key)
        #expect(try story.only.state == .waiting)
        #expect(try story.only.endedAt == nil)
        #expect(try story.only.reason == nil)
        #expect(try story.only.nextAttemptAt == story.now)
        #expect(story.events.last?.kind == .retried)
        #expect(story.events.last?.actor == Story.root.actor)
        story.handOver(key)
        #expect(story.last.effects == [.handOver(Attempt(key: key, number: 2))])
        try story.run(key)
        try story.end(key, .sent)
        #expect(try story.only.state == .sent)
        #expect(try story.only.attempts == 2)
        #expect(story.faults.isEmpty)
    }

    @Test("a trigger that was withdrawn before its time waits for that again")
    func withdrawnTrigger() throws {
        var story = try Story.activated(.sample { $0.type = "triggered" }, at: "2026-12-01T08:00:00Z")
        let order = SendOrder(id: try #require(RequestID("r1")), .trigger(at: .instant(story.now + 7_200), data: nil))
        try story.perform(.send(order))
        let key = try story.only.key
        try story.perform(.cancel(key))
        #expect(try story.only.state == .cancelled)
        story.now = story.now + 600
        try story.retry(key)
        #expect(try story.only.isToCome)
        #expect(story.last.nextDue == story.now + 6_600)
        #expect(story.last.effects.isEmpty)
        story.tick(after: 6_600)
        #expect(try story.only.state == .claimed)
        #expect(story.faults.isEmpty)
    }

    @Test("the alert of the first end stays until somebody acknowledges it")
    func alert() throws {
        var (story, key) = try ended(.failed(reason: "exit 65"))
        try story.retry(key)
        try story.run(key)
        try story.end(key, .sent)
        #expect(story.alerts.contains(.sendFailed))
        try story.perform(.acknowledge)
        #expect(!story.alerts.contains(.sendFailed))
    }

    @Test("it is one attempt beyond the retries: a temporary end of it is the end again")
    func beyondRetries() throws {
        var (story, key) = try ended(.temporary(reason: "busy", retryAfterSeconds: nil))
        try story.retry(key)
        try story.run(key)
        try story.end(key, .temporary(reason: "busy", retryAfterSeconds: nil))
        #expect(try story.only.state == .failed)
        #expect(try story.only.attempts == 2)
    }

    @Test("one that was cancelled before its first attempt begins with that, however late it is by now")
    func neverBegun() throws {
        var story = try Story.activated(.daily(nil), at: "2026-12-01T08:00:00Z")
        let key = try story.only.key
        try story.perform(.cancel(key))
        #expect(try story.only.state == .cancelled)
        story.now = story.now + 7_200
        try story.retry(key)
        #expect(try story.only.state == .claimed)
        story.tick()
        story.handOver(key)
        #expect(story.last.effects == [.handOver(Attempt(key: key, number: 1))])
    }

    @Test("one that was revoked before it began takes the next number: the revoked one never begins")
    func revoked() throws {
        var story = try Story.activated(.daily(nil), at: "2026-12-01T08:00:00Z")
        let key = try story.only.key
        story.handOver(key)
        try story.perform(.cancel(key))
        try story.end(key, .revoked(reason: "cancelled by root"))
        #expect(try story.only.state == .cancelled)
        try story.retry(key)
        story.handOver(key)
        #expect(story.last.effects == [.handOver(Attempt(key: key, number: 2))])
    }

    @Test("what failed for want of a message gets the one that is published by now; without one it is refused")
    func resources() throws {
        var story = try Story.activated(.daily("2026-12-02T09:00"), at: "2026-12-01T08:00:00Z")
        try story.tick(at: "2026-12-02T08:00:00Z")
        let key = try story.only.key
        try story.perform(.cancel(key))
        story.state.messages["spring-2026"] = .missing
        guard case .checksFailed(let alerts) = try story.refusalOfRetry(key) else {
            Issue.record("it was refused for another reason")
            return
        }
        #expect(alerts.map(\.code) == [.messageMissing])
        #expect(try story.only.state == .cancelled)
    }

    @Test("what was sent, missed, skipped or has not ended is refused with what to do instead")
    func refused() throws {
        let (sent, sentKey) = try ended(.sent)
        try expect(sent, sentKey, "was sent")
        var open = try Story.activated(.daily(nil), at: "2026-12-01T08:00:00Z")
        try expect(open, try open.only.key, "has not ended")
        try open.run(open.only.key)
        try expect(open, try open.only.key, "is running")
        var missed = try Story.activated(.daily("2026-12-02T09:00"), at: "2026-12-01T08:00:00Z")
        try missed.tick(at: "2026-12-02T12:00:00Z")
        missed.take(.neverBegan(try missed.only.key))
        try expect(missed, try missed.only.key, "was missed and never begun; send-now sends it by hand")
        let other = try #require(OccurrenceKey("\(sent.campaign.id)/now/other"))
        #expect(try sent.refusalOfRetry(other) == .notFound("there is no send \(other) of spring"))
    }

    private func expect(_ story: Story, _ key: OccurrenceKey, _ words: String) throws {
        guard case .invalidState(.active, command: .retry, _, let why) = try story.refusalOfRetry(key) else {
            Issue.record("it was refused for another reason")
            return
        }
        #expect(why.contains(words), "\(why)")
    }

    @Test("a campaign that has ended tries nothing again, and none is tried while the clock is not believed")
    func notNow() throws {
        var (story, key) = try ended(.failed(reason: "exit 65"))
        story.rules.firingIsHeld = true
        guard case .held(name: "firing", _) = try story.refusalOfRetry(key) else {
            Issue.record("it was refused for another reason")
            return
        }
        story.rules.firingIsHeld = false
        try story.perform(.stop)
        guard case .invalidState(.stopped, command: .retry, _, _) = try story.refusalOfRetry(key) else {
            Issue.record("it was refused for another reason")
            return
        }
    }

    @Test("while another one of its campaign is under way, overlap skip refuses it and queue lets it wait",
        arguments: ["skip", "queue", "allow"])
    func overlap(word: String) throws {
        var (story, key) = try ended(.failed(reason: "exit 65"), .daily(nil) { $0.overlap = word })
        try story.tick(at: "2026-12-02T08:00:00Z")
        try story.run(try #require(story.all.last?.key))
        if word == "skip" {
            guard case .invalidState(_, command: .retry, _, _) = try story.refusalOfRetry(key) else {
                Issue.record("it was refused for another reason")
                return
            }
        } else {
            try story.retry(key)
            #expect(story.sends[key]?.state == .waiting)
            #expect(story.sends[key]?.followsEarlier == (word == "queue"))
        }
    }

    @Test("no send has more than a hundred attempts, by retries or by hand")
    func limit() throws {
        var (story, key) = try ended(.failed(reason: "exit 65"))
        for number in 2...Send.attemptLimit {
            try story.retry(key)
            try story.run(key)
            #expect(try story.only.attempts == number)
            try story.end(key, .failed(reason: "exit 65"))
        }
        try expect(story, key, "the most there are")
    }

    @Test("a retry that has to wait in line is queued; a late word about its last attempt does not touch it")
    func queued() throws {
        var (story, key) = try ended(.failed(reason: "exit 65"))
        story.enqueue(key)
        #expect(try story.only.state == .failed)
        try story.retry(key)
        story.enqueue(key)
        #expect(try story.only.state == .queued)
        #expect(try story.only.nextAttemptAt == nil)
        #expect(try story.only.handedAt == nil)
        let first = Attempt(key: key, number: 1)
        story.take(.ended(first, .temporary(reason: "busy", retryAfterSeconds: nil), SendProgress(), jitter: 0))
        story.take(.accepted(first))
        #expect(try story.only.state == .queued)
        story.handOver(key)
        #expect(story.last.effects == [.handOver(Attempt(key: key, number: 2))])
        #expect(try story.only.handedAt == story.now)
        #expect(story.faults.isEmpty)
    }

    @Test("one that waits in line for another attempt ends with its campaign", arguments: [true, false])
    func queuedAtTheEnd(isStopped: Bool) throws {
        var (story, key) = try ended(
            .failed(reason: "exit 65"), .daily(nil) { if !isStopped { $0.schedule?.end = "2026-12-05" } })
        try story.retry(key)
        story.enqueue(key)
        if isStopped {
            try story.perform(.stop)
            #expect(try story.only.state == .cancelled)
        } else {
            try story.tick(at: "2026-12-06T08:00:00Z")
            #expect(story.sends[key]?.state == .failed)
        }
        story.handOver(key)
        #expect(story.last.effects.isEmpty)
    }
}
