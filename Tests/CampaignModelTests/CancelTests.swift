import CampaignModel
import Recurrence
import Testing

/// Cancel, which is said explicitly.
struct CancelTests {
    @Test("a running send is ended through the sender; until it says so it runs, and it is not retried meanwhile")
    func running() throws {
        var story = try Story.activated(.oneShot(nil), at: "2026-12-01T08:00:00Z")
        let key = try story.only.key
        try story.run(key)
        try story.perform(.cancel(key), by: Issuer(actor: EventActor(uid: 7, name: "ana")))
        #expect(story.last.effects == [.cancel(key, reason: "cancelled by ana")])
        #expect(try story.only.state == .running)
        var ended = story
        try ended.end(key, .cancelled(reason: "cancelled by ana"))
        #expect(try ended.only.state == .cancelled)
        #expect(ended.events.last { $0.kind == .ended }?.actor.name == "ana")
        #expect(ended.status == .active)
        var temporary = story
        try temporary.end(key, .temporary(reason: "busy", retryAfterSeconds: nil))
        #expect(try temporary.only.state == .cancelled)
        #expect(try temporary.only.reason == "cancelled by ana")
        #expect(temporary.events.last { $0.kind == .ended }?.actor.name == "ana")
        var sent = story
        try sent.end(key, .sent)
        #expect(try sent.only.state == .sent)
        var unknown = story
        try unknown.end(key, .interrupted(reason: "killed"))
        #expect(try unknown.only.state == .interrupted)
    }

    @Test("after a restart the sender is asked again to end a cancelled send that still runs")
    func runningAfterRestart() throws {
        var story = try Story.activated(.oneShot(nil), at: "2026-12-01T08:00:00Z")
        let key = try story.only.key
        try story.run(key)
        try story.perform(.cancel(nil))
        story.take(.accepted(Attempt(key: key, number: 1)))
        #expect(story.last.effects == [.cancel(key, reason: "cancelled by root")])
        #expect(story.last.events.isEmpty)
    }

    @Test("what was never handed over is cancelled at once: claimed, queued, waiting")
    func notHandedOver() throws {
        var claimed = try Story.activated(.oneShot(nil), at: "2026-12-01T08:00:00Z")
        var queued = claimed
        var waiting = claimed
        let key = try claimed.only.key
        queued.enqueue(key)
        try waiting.run(key)
        try waiting.end(key, .temporary(reason: "busy", retryAfterSeconds: nil))
        for var story in [claimed, queued, waiting] {
            try story.perform(.cancel(key))
            #expect(try story.only.state == .cancelled)
            #expect(try story.only.reason == "cancelled by root")
            #expect(story.last.effects.isEmpty)
            #expect(story.status == .active)
        }
        claimed.tick()
    }

    @Test("what is handed over and not answered is revoked first; a record that exists wins, and is then ended")
    func handedOver() throws {
        var story = try Story.activated(.oneShot(nil), at: "2026-12-01T08:00:00Z")
        let key = try story.only.key
        story.handOver(key)
        try story.perform(.cancel(key))
        let attempt = Attempt(key: key, number: 1)
        #expect(story.last.effects == [.revoke(attempt, reason: "cancelled by root")])
        #expect(try story.only.state == .claimed)
        story.handOver(key)
        #expect(story.last.effects.isEmpty)
        var revoked = story
        revoked.take(.ended(attempt, .revoked(reason: "cancelled by root"), SendProgress(), jitter: 0))
        #expect(try revoked.only.state == .cancelled)
        story.take(.accepted(attempt))
        #expect(try story.only.state == .running)
        #expect(story.last.effects == [.cancel(key, reason: "cancelled by root")])
    }

    @Test("one key is cancelled, or all that is open")
    func keys() throws {
        var story = try Story.activated(.daily(nil) { $0.overlap = "allow" }, at: "2026-12-01T08:00:00Z")
        try story.run(story.all[0].key)
        try story.tick(at: "2026-12-02T08:00:00Z")
        try story.run(story.all[1].key)
        try story.tick(at: "2026-12-03T08:00:00Z")
        var one = story
        try one.perform(.cancel(one.all[1].key))
        #expect(one.last.effects == [.cancel(one.all[1].key, reason: "cancelled by root")])
        try story.perform(.cancel(nil))
        #expect(story.last.effects.count == 2)
        #expect(story.all.map(\.state) == [.running, .running, .cancelled])
    }

    @Test("an unknown key is not found; nothing open is refused with what is allowed")
    func nothingToCancel() throws {
        let story = try Story.activated(.triggered(), at: "2026-12-01T08:00:00Z")
        let key = try #require(OccurrenceKey("abcdefghijklmnopqrstuvwxyz/other"))
        #expect(try story.refusal(of: .cancel(key)) == .notFound("no send \(key) of spring is open"))
        #expect(
            try story.refusal(of: .cancel(nil))
                == .invalidState(
                    .active, command: .cancel,
                    allowed: [
                        .apply, .modify, .stop, .pause, .trigger, .sendNow, .retry, .duplicate, .tag, .acknowledge,
                    ],
                    why: "no send of it is open; one to come is cancelled by its key"))
    }

    @Test("a cancel after the end of its campaign still ends what runs")
    func afterStop() throws {
        var story = try Story.activated(.daily(nil), at: "2026-12-01T08:00:00Z")
        let key = try story.only.key
        try story.run(key)
        try story.perform(.stop)
        try story.perform(.archive)
        try story.perform(.cancel(key))
        #expect(story.last.effects == [.cancel(key, reason: "cancelled by root")])
        #expect(story.status == .archived)
    }
}
