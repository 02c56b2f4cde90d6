import CampaignModel
import Recurrence
import Testing

/// Lateness, catching up, and what is decided once and for ever.
struct LatenessTests {
    private func due(_ story: inout Story, at now: String) throws -> Send {
        try story.tick(at: now)
        return try story.only
    }

    @Test("an occurrence is claimed up to its limit, and not later", arguments: [
        ("2026-12-07T08:00:00Z", nil, true), ("2026-12-07T09:00:00Z", nil, true), ("2026-12-07T09:00:01Z", nil, false),
        ("2026-12-07T08:00:10Z", "10s", true), ("2026-12-07T08:00:11Z", "10s", false),
        ("2026-12-09T08:00:00Z", "2d", true),
    ])
    func limit(now: String, limit: String?, isClaimed: Bool) throws {
        for every in [nil, "week"] {
            let content = try CampaignContent.oneShot("2026-12-07T09:00") {
                $0.lateLimit = limit
                $0.schedule?.every = every
            }
            var story = try Story.activated(content, at: "2026-12-01T08:00:00Z")
            let send = try due(&story, at: now)
            #expect(send.state == .claimed)
            #expect((send.verdict == nil) == isClaimed)
            #expect(story.last.effects == (isClaimed ? [] : [.query(send.key)]))
            #expect(story.campaign.decidedUntil == send.due)
        }
    }

    @Test("a single late one is asked about first: no record, and it is missed with an alert")
    func lateWithoutRecord() throws {
        var story = try Story.activated(.oneShot("2026-12-07T09:00"), at: "2026-12-01T08:00:00Z")
        let send = try due(&story, at: "2026-12-07T12:00:00Z")
        #expect(send.verdict == Verdict(state: .missed, reason: "later than its limit of 1h"))
        story.handOver(send.key)
        #expect(story.last.effects.isEmpty)
        story.take(.neverBegan(send.key))
        #expect(try story.only.state == .missed)
        #expect(story.alerts.contains(.occurrenceMissed))
        #expect(story.last.events.contains { $0.kind == .ended && $0.outcome == .missed })
    }

    @Test("a record that is found wins over lateness: it was sent, it runs, it failed for now")
    func lateWithRecord() throws {
        var story = try Story.activated(.oneShot("2026-12-07T09:00"), at: "2026-12-01T08:00:00Z")
        let send = try due(&story, at: "2026-12-07T12:00:00Z")
        let attempt = Attempt(key: send.key, number: 1)
        var sent = story
        sent.take(.ended(attempt, .sent, SendProgress(done: 3, total: 3), jitter: 0))
        #expect(try sent.only.state == .sent)
        #expect(try sent.only.attempts == 1)
        #expect(try sent.only.progress.done == 3)
        var running = story
        running.take(.accepted(attempt))
        #expect(try running.only.state == .running)
        #expect(running.last.effects.isEmpty)
        var temporary = story
        temporary.take(.ended(attempt, .temporary(reason: "busy", retryAfterSeconds: nil), SendProgress(), jitter: 0))
        #expect(try temporary.only.state == .waiting)
    }

    @Test("after a downtime: one catch-up at most, the newest, and one missed record with a count and a range")
    func catchUp() throws {
        let content = try CampaignContent.sample {
            $0.schedule?.start = "2026-12-01T09:00"
            $0.schedule?.every = "5 minutes"
        }
        var story = try Story.activated(content, at: "2026-11-30T08:00:00Z")
        try story.tick(at: "2026-12-11T08:02:00Z")
        #expect(story.all.count == 2)
        let missed = story.all[0]
        #expect(missed.state == .missed)
        #expect(missed.count == 10 * 288)
        #expect(missed.nominal == LocalDateTime("2026-12-01T09:00"))
        #expect(missed.nominalLast == LocalDateTime("2026-12-11T08:55"))
        #expect(story.all[1].due == (try instant("2026-12-11T08:00:00Z")))
        #expect(story.all[1].state == .claimed)
        #expect(story.alerts.contains(.occurrenceMissed))
        #expect(story.last.effects.isEmpty)
    }

    @Test("when the newest is late too, all of them are one missed record")
    func allLate() throws {
        var story = try Story.activated(.daily("2026-12-07T09:00"), at: "2026-12-01T08:00:00Z")
        try story.tick(at: "2026-12-09T12:00:00Z")
        #expect(try story.only.state == .missed)
        #expect(try story.only.count == 3)
        #expect(story.last.effects.isEmpty)
    }

    @Test("the catch-up and a single one before it: that one is a missed record without a count")
    func oneMissedBefore() throws {
        var story = try Story.activated(.daily("2026-12-07T09:00"), at: "2026-12-01T08:00:00Z")
        try story.tick(at: "2026-12-08T08:00:00Z")
        #expect(story.all.map(\.state) == [.missed, .claimed])
        #expect(story.all[0].count == nil)
        #expect(story.all[0].nominalLast == nil)
    }

    @Test("a count is exact up to 100,000, else null with its range")
    func countLimit() throws {
        let content = try CampaignContent.sample {
            $0.schedule?.start = "2026-01-01T00:00"
            $0.schedule?.timezone = "UTC"
            $0.schedule?.every = "minute"
        }
        for (seconds, count) in [(99_999 * 60, 100_000), (100_000 * 60, nil)] as [(Int64, Int?)] {
            var story = try Story.activated(content, at: "2025-12-01T08:00:00Z")
            story.state.campaign.live?.content = try CampaignContent.sample {
                $0.schedule?.start = "2026-01-01T00:00"
                $0.schedule?.timezone = "UTC"
                $0.schedule?.every = "minute"
                $0.lateLimit = "1s"
            }
            story.now = try instant("2026-01-01T00:00:30Z") + seconds
            story.tick()
            #expect(try story.only.count == count)
            #expect(try story.only.nominalLast != nil)
        }
    }

    @Test("what is decided stays decided: a clock that is set back, a restart and ten more ticks bring nothing again")
    func decidedUntil() throws {
        var story = try Story.activated(.daily("2026-12-07T09:00"), at: "2026-12-01T08:00:00Z")
        try story.tick(at: "2026-12-07T08:00:00Z")
        try story.run(story.only.key)
        try story.end(story.only.key, .sent)
        for second in [-30, 1, 1, 20, 8, 0, -3_600, 3_600, 1, 1] as [Int64] {
            story.tick(after: second)
            #expect(story.all.count == 1)
            #expect(story.campaign.decidedUntil == (try instant("2026-12-07T08:00:00Z")))
        }
        #expect(story.last.wakeAt == (try instant("2026-12-08T08:00:00Z")))
    }

    @Test("a key that the ledger has already is not sent again, and the schedule goes on after it")
    func takenKey() throws {
        var story = try Story.activated(.daily("2026-12-07T09:00"), at: "2026-12-01T08:00:00Z")
        try story.tick(at: "2026-12-07T08:00:00Z")
        try story.run(story.only.key)
        // The campaign's own memory is older than its sends.
        story.state.campaign.decidedUntil = nil
        story.tick()
        #expect(story.all.count == 1)
        #expect(story.campaign.decidedUntil == story.now)
        try story.end(story.only.key, .sent)
        story.state.campaign.decidedUntil = nil
        try story.tick(at: "2026-12-09T08:00:00Z")
        #expect(story.all.map(\.state) == [.sent, .missed, .claimed])
        #expect(story.faults.isEmpty)
    }

    @Test("waiting for the sender counts as lateness; the attempt is revoked before it is missed")
    func launcherDown() throws {
        var story = try Story.activated(.daily("2026-12-07T09:00"), at: "2026-12-01T08:00:00Z")
        try story.tick(at: "2026-12-07T08:00:00Z")
        let key = try story.only.key
        story.handOver(key)
        #expect(story.last.wakeAt == (try instant("2026-12-07T09:00:01Z")))
        try story.tick(at: "2026-12-07T09:00:00Z")
        #expect(try story.only.verdict == nil)
        try story.tick(at: "2026-12-07T09:00:01Z")
        let attempt = Attempt(key: key, number: 1)
        #expect(story.last.effects == [.revoke(attempt, reason: "not begun within its limit of 1h")])
        var accepted = story
        accepted.take(.accepted(attempt))
        #expect(try accepted.only.state == .running)
        story.take(.ended(attempt, .revoked(reason: "late"), SendProgress(), jitter: 0))
        #expect(try story.only.state == .missed)
    }

    @Test("waiting behind a cap does not count: the limit starts anew when its turn comes")
    func queued() throws {
        var story = try Story.activated(.daily("2026-12-07T09:00"), at: "2026-12-01T08:00:00Z")
        try story.tick(at: "2026-12-07T08:00:00Z")
        let key = try story.only.key
        story.enqueue(key)
        #expect(try story.only.state == .queued)
        try story.tick(at: "2026-12-07T14:00:00Z")
        #expect(try story.only.state == .queued)
        story.handOver(key)
        #expect(story.last.effects == [.handOver(Attempt(key: key, number: 1))])
        #expect(story.last.wakeAt == (try instant("2026-12-07T15:00:01Z")))
    }

    @Test("a hand-over that comes too late is not made")
    func lateHandOver() throws {
        var story = try Story.activated(.daily("2026-12-07T09:00"), at: "2026-12-01T08:00:00Z")
        try story.tick(at: "2026-12-07T08:00:00Z")
        let key = try story.only.key
        story.now = try instant("2026-12-07T09:00:01Z")
        story.handOver(key)
        #expect(story.last.effects == [.query(key)])
        #expect(try story.only.handedAt == nil)
    }

    @Test("a retry that was handed over has no limit: an attempt of it was accepted")
    func retryIsNotLate() throws {
        var story = try Story.activated(.daily("2026-12-07T09:00"), at: "2026-12-01T08:00:00Z")
        try story.tick(at: "2026-12-07T08:00:00Z")
        let key = try story.only.key
        try story.run(key)
        try story.end(key, .temporary(reason: "busy", retryAfterSeconds: 7_200))
        try story.tick(at: "2026-12-07T10:00:00Z")
        story.handOver(key)
        try story.tick(at: "2026-12-07T20:00:00Z")
        #expect(try story.only.verdict == nil)
        #expect(try story.only.state == .claimed)
    }

    @Test("while nothing may fire, nothing is claimed, missed or handed over, and commands work")
    func held() throws {
        var story = try Story.activated(.daily("2026-12-07T09:00"), at: "2026-12-01T08:00:00Z")
        try story.tick(at: "2026-12-07T08:00:00Z")
        let key = try story.only.key
        story.rules.firingIsHeld = true
        try story.tick(at: "2045-12-07T08:00:00Z")
        #expect(story.last.events.isEmpty)
        story.handOver(key)
        #expect(story.last.effects.isEmpty)
        try story.perform(.tag(adding: ["fr"], removing: []))
        #expect(story.campaign.tags == ["fr"])
        story.rules.firingIsHeld = false
        try story.tick(at: "2026-12-07T08:10:00Z")
        story.handOver(key)
        #expect(story.last.effects == [.handOver(Attempt(key: key, number: 1))])
    }
}
