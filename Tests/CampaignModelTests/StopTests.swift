import CampaignModel
import Recurrence
import Testing

/// Stop, which is a fence.
struct StopTests {
    @Test("scheduled, activating, active | stop | stopped, of every kind, and never anything more", arguments: [
        CampaignKind.oneShot, .recurring, .triggered,
    ])
    func stopPlanned(kind: CampaignKind) throws {
        let content = switch kind {
        case .oneShot: try CampaignContent.oneShot("2026-12-07T09:00")
        case .recurring: try CampaignContent.daily("2026-12-07T09:00")
        case .triggered: try CampaignContent.triggered()
        }
        var planned = try Story.activated(content, at: "2026-12-01T08:00:00Z")
        let from = planned.status
        try planned.perform(.stop)
        #expect(planned.moves.last == "\(from.rawValue)→stopped")
        #expect(planned.campaign.endedAt == planned.now)
        #expect(planned.campaign.stopFence == nil)
        #expect(planned.last.effects.isEmpty)
        #expect(planned.alerts.isEmpty)
        for second in [1, 600, 86_400, 40_000_000] as [Int64] { planned.tick(after: second) }
        #expect(planned.all.isEmpty)
        #expect(planned.last.wakeAt == nil)
        guard kind != .triggered else { return }
        var held = try Story.activated(content, at: "2026-12-01T08:00:00Z")
        held.state.messages = [:]
        try held.tick(at: "2026-12-07T08:00:00Z")
        #expect(held.status == .activating)
        try held.perform(.stop)
        #expect(held.moves.last == "activating→stopped")
        #expect(try held.only.state == .cancelled)
    }

    @Test("what a stop finds due at its very instant is recorded as cancelled, and never sent")
    func dueAtStop() throws {
        var story = try Story.activated(.oneShot("2026-12-07T09:00"), at: "2026-12-01T08:00:00Z")
        story.now = try instant("2026-12-07T08:00:00Z")
        try story.perform(.stop)
        #expect(story.moves.last == "scheduled→stopped")
        #expect(try story.only.state == .cancelled)
        #expect(try story.only.endedAt == story.now)

        var daily = try Story.activated(.daily("2026-12-07T09:00"), at: "2026-12-01T08:00:00Z")
        try daily.tick(at: "2026-12-07T08:00:00Z")
        try daily.run(daily.only.key)
        try daily.end(daily.only.key, .sent)
        daily.now = try instant("2026-12-10T08:00:00Z")
        try daily.perform(.stop)
        #expect(daily.all.map(\.state) == [.sent, .cancelled])
        #expect(daily.all[1].count == 3)
        #expect(daily.all[1].nominalLast == LocalDateTime("2026-12-10T09:00"))
    }

    @Test("a stop at the instant of the end cancels the occurrence that is due there")
    func stopAtEnd() throws {
        let content = try CampaignContent.daily("2026-12-07T09:00") { $0.schedule?.end = "2026-12-08T09:00" }
        var story = try Story.activated(content, at: "2026-12-01T08:00:00Z")
        try story.tick(at: "2026-12-07T08:00:00Z")
        story.now = try instant("2026-12-08T08:00:00Z")
        try story.perform(.stop)
        #expect(story.status == .stopped)
        #expect(story.all[1].state == .cancelled)
    }

    @Test("a stop after the end is refused: due first, it is completed")
    func stopAfterCompletion() throws {
        let content = try CampaignContent.triggered { $0.schedule?.end = "2026-12-08" }
        var story = try Story.activated(content, at: "2026-12-01T08:00:00Z")
        story.now = try instant("2026-12-09T08:00:00Z")
        guard case .invalidState(let status, let command, let allowed, _) = try story.refusal(of: .stop) else {
            Issue.record("it was refused for another reason")
            return
        }
        #expect(status == .completed)
        #expect(command == .stop)
        #expect(allowed == [.duplicate, .archive, .tag, .acknowledge])
    }

    @Test("active one-shot with nothing marked | stop | stopped at once: claimed, queued and waiting are cancelled")
    func stopUnmarked() throws {
        var claimed = try Story.activated(.oneShot(nil), at: "2026-12-01T08:00:00Z")
        try claimed.perform(.stop)
        #expect(claimed.status == .stopped)
        #expect(try claimed.only.state == .cancelled)
        #expect(claimed.last.effects.isEmpty)

        var queued = try Story.activated(.oneShot(nil), at: "2026-12-01T08:00:00Z")
        queued.enqueue(try queued.only.key)
        try queued.perform(.stop)
        #expect(try queued.only.state == .cancelled)

        var waiting = try Story.activated(.oneShot(nil), at: "2026-12-01T08:00:00Z")
        try waiting.run(waiting.only.key)
        try waiting.end(waiting.only.key, .temporary(reason: "busy", retryAfterSeconds: nil))
        #expect(try waiting.only.state == .waiting)
        try waiting.perform(.stop)
        #expect(waiting.status == .stopped)
        #expect(try waiting.only.state == .cancelled)
    }

    @Test("active one-shot, its send running or ended | stop | refused", arguments: [
        AttemptOutcome.sent, .failed(reason: "no"), .interrupted(reason: "power"), .cancelled(reason: "ana"), nil,
    ])
    func stopRefused(outcome: AttemptOutcome?) throws {
        var story = try Story.activated(.oneShot(nil), at: "2026-12-01T08:00:00Z")
        let key = try story.only.key
        try story.run(key)
        if let outcome { try story.end(key, outcome) }
        guard case .invalidState(.active, command: .stop, let allowed, let why) = try story.refusal(of: .stop) else {
            Issue.record("it was refused for another reason")
            return
        }
        let cancel: [CommandName] = outcome == nil ? [.cancel] : []
        #expect(allowed == [.sendNow, .retry] + cancel + [.duplicate, .tag, .acknowledge])
        #expect(why.contains(outcome == nil ? "cancel ends it" : "has ended"))
    }

    @Test("an active one-shot of which no attempt was accepted can be stopped, also after it was missed or revoked")
    func stopMissed() throws {
        var missed = try Story.activated(.oneShot("2026-12-07T09:00"), at: "2026-12-01T08:00:00Z")
        try missed.tick(at: "2026-12-07T12:00:00Z")
        missed.take(.neverBegan(try missed.only.key))
        try missed.perform(.stop)
        #expect(missed.status == .stopped)
        #expect(try missed.only.state == .missed)
    }

    @Test("a marked send: the fence is committed first, nothing is handed over, and the revocation completes the stop")
    func stopMarked() throws {
        for kind in ["one-shot", "recurring"] {
            let content = try kind == "one-shot" ? CampaignContent.oneShot(nil) : .daily(nil)
            var story = try Story.activated(content, at: "2026-12-01T08:00:00Z")
            let key = try story.only.key
            story.handOver(key)
            try story.perform(.stop, by: Issuer(actor: EventActor(uid: 7, name: "ana"), reason: "typo"))
            #expect(story.status == .active)
            #expect(story.campaign.stopFence?.actor.name == "ana")
            #expect(story.last.events.map(\.kind) == [.fenced])
            #expect(story.last.effects == [
                .revoke(Attempt(key: key, number: 1), reason: "the campaign was stopped"),
            ])
            #expect(story.last.wakeAt == nil)
            #expect(story.last.nextDue == nil)
            story.handOver(key)
            #expect(story.last.effects.isEmpty)
            story.tick(after: 90_000)
            #expect(story.all.count == 1)
            #expect(story.last.events.isEmpty)
            try story.end(key, .revoked(reason: "the campaign was stopped"))
            #expect(story.status == .stopped)
            #expect(try story.only.state == .cancelled)
            let event = try #require(story.last.events.last)
            #expect(event.to == .stopped)
            #expect(event.actor.name == "ana")
            #expect(event.reason == "typo")
        }
    }

    @Test("a record that the revocation finds lifts a one-shot's fence: it is not stopped", arguments: [
        AttemptOutcome.sent, .failed(reason: "no"), .interrupted(reason: "power"), nil,
    ])
    func acceptedMeanwhile(outcome: AttemptOutcome?) throws {
        var story = try Story.activated(.oneShot(nil), at: "2026-12-01T08:00:00Z")
        let key = try story.only.key
        story.handOver(key)
        try story.perform(.stop)
        if let outcome {
            try story.end(key, outcome)
        } else {
            story.take(.accepted(Attempt(key: key, number: 1)))
            #expect(try story.only.state == .running)
        }
        #expect(story.status == .active)
        #expect(story.campaign.stopFence == nil)
        #expect(story.last.events.contains { $0.kind == .fenceLifted })
        #expect(story.last.wakeAt != nil)
        #expect(story.last.effects.isEmpty)
        #expect(try story.only.verdict == nil)
    }

    @Test("an attempt that ended for now behind the fence would wait for a retry: it is cancelled, and the stop stands")
    func temporaryBehindFence() throws {
        var story = try Story.activated(.oneShot(nil), at: "2026-12-01T08:00:00Z")
        let key = try story.only.key
        story.handOver(key)
        try story.perform(.stop)
        try story.end(key, .temporary(reason: "busy", retryAfterSeconds: nil))
        #expect(story.status == .stopped)
        #expect(try story.only.state == .cancelled)
    }

    @Test("a recurring one is stopped whatever the sender says; what was accepted goes on to its end and is recorded")
    func recurringAccepted() throws {
        var story = try Story.activated(.daily(nil), at: "2026-12-01T08:00:00Z")
        let key = try story.only.key
        story.handOver(key)
        try story.perform(.stop)
        story.take(.accepted(Attempt(key: key, number: 1)))
        #expect(story.status == .stopped)
        #expect(try story.only.state == .running)
        try story.end(key, .temporary(reason: "busy", retryAfterSeconds: nil))
        #expect(try story.only.state == .failed)
    }

    @Test("a running send of a recurring one does not hold its stop up")
    func recurringRunning() throws {
        var story = try Story.activated(.daily(nil) { $0.overlap = "allow" }, at: "2026-12-01T08:00:00Z")
        try story.run(story.all[0].key)
        try story.tick(at: "2026-12-02T08:00:00Z")
        story.handOver(story.all[1].key)
        try story.tick(at: "2026-12-03T08:00:00Z")
        try story.perform(.stop)
        #expect(story.status == .active)
        #expect(story.all.map(\.state) == [.running, .claimed, .cancelled])
        try story.end(story.all[1].key, .revoked(reason: "stop"))
        #expect(story.status == .stopped)
        #expect(story.all.map(\.state) == [.running, .cancelled, .cancelled])
        try story.end(story.all[0].key, .sent)
        #expect(story.all[0].state == .sent)
    }

    @Test("a second stop on an open fence asks the sender once more and changes nothing")
    func stopTwice() throws {
        var story = try Story.activated(.oneShot(nil), at: "2026-12-01T08:00:00Z")
        story.handOver(try story.only.key)
        try story.perform(.stop)
        let effects = story.last.effects
        let before = story.state
        try story.perform(.stop)
        #expect(story.last.effects == effects)
        #expect(story.last.events.isEmpty)
        #expect(story.state == before)
    }

    @Test("while the fence stands, only what does not undo it is allowed")
    func commandsBehindFence() throws {
        var story = try Story.activated(.daily(nil), at: "2026-12-01T08:00:00Z")
        try story.perform(.modify)
        story.handOver(try story.only.key)
        try story.perform(.stop)
        let allowed: [CommandName] = [.stop, .cancel, .duplicate, .tag, .acknowledge]
        #expect(Lifecycle.allowedCommands(for: story.state) == allowed)
        for command in [Command.activate, .pause, .discard, .modify, .unschedule] {
            guard case .invalidState(.active, _, let list, let why) = try story.refusal(of: command) else {
                Issue.record("\(command.name) was refused for another reason")
                continue
            }
            #expect(list == allowed)
            #expect(why == "it is being stopped, and the sender has not answered yet")
        }
    }

    @Test("a stop works while nothing may fire, and decides nothing by a clock that is not believed")
    func stopWhileHeld() throws {
        var story = try Story.activated(.daily("2026-12-07T09:00"), at: "2026-12-01T08:00:00Z")
        try story.tick(at: "2026-12-07T08:00:00Z")
        story.rules.firingIsHeld = true
        story.now = try instant("2045-12-07T08:00:00Z")
        try story.perform(.stop)
        #expect(story.status == .stopped)
        #expect(try story.only.state == .cancelled)
        #expect(story.campaign.decidedUntil == (try instant("2026-12-07T08:00:00Z")))
    }
}
