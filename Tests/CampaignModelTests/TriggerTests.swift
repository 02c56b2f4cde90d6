import CampaignModel
import Recurrence
import Testing

/// Triggers: at once or at a time to come, each once for ever.
struct TriggerTests {
    private func order(_ id: String, at text: String? = nil, data: String? = nil) throws -> Command {
        .send(
            SendOrder(
                id: try #require(RequestID(id)), .trigger(at: try text.map { try AskedTime($0) }, data: data)))
    }

    private func active(edit: (inout CampaignDefinition) -> Void = { _ in }) throws -> Story {
        try Story.activated(.triggered(edit: edit), at: "2026-12-01T08:00:00Z")
    }

    @Test("one at once is claimed with its own key, its data, and the message that is published")
    func atOnce() throws {
        var story = try active()
        try story.perform(order("order-7", data: "{\"n\":1}"))
        let send = try story.only
        #expect(send.key.text == "\(story.campaign.id)/trigger/order-7")
        #expect(send.state == .claimed)
        #expect(send.origin == .trigger)
        #expect(send.nominal == nil)
        #expect(send.due == story.now)
        #expect(send.data == "{\"n\":1}")
        #expect(send.message == MessageReference(name: "spring-2026", revision: 3))
        #expect(story.last.events.map(\.kind) == [.claimed])
        #expect(story.last.events.first?.actor.name == "root")
        #expect(story.campaign.decidedUntil == nil)
    }

    @Test("one to come keeps its key and is claimed at its time, by the version and the revision of then")
    func toCome() throws {
        var story = try active()
        try story.perform(order("later", at: "2026-12-02T09:00"))
        var send = try story.only
        #expect(send.isToCome)
        #expect(send.due.description == "2026-12-02T08:00:00Z")
        #expect(story.last.events.map(\.kind) == [.triggerPlanned])
        #expect(story.last.events.first?.text == "trigger later is planned for 2026-12-02 09:00 Europe/Paris")
        #expect(story.last.wakeAt == send.due)
        #expect(story.last.nextDue == send.due)
        let other = try CampaignContent.triggered { $0.title = "Another" }
        try story.perform(.apply(other, sourceText: nil, tags: []))
        try story.perform(.activate)
        story.state.messages["spring-2026"] = .published(revision: 4)
        try story.tick(at: "2026-12-02T07:59:59Z")
        #expect(try story.only.isToCome)
        try story.tick(at: "2026-12-02T08:00:00Z")
        send = try story.only
        #expect(send.state == .claimed)
        #expect(send.version == 2)
        #expect(send.message?.revision == 4)
        #expect(send.claimedAt == story.now)
        #expect(story.last.nextDue == nil)
        try story.run(send.key)
        try story.end(send.key, .sent)
        #expect(try story.only.state == .sent)
    }

    @Test("a time in the past, before the start or after the end is refused by name, and so is too much data")
    func window() throws {
        let story = try active {
            $0.schedule?.start = "2026-12-02T09:00"
            $0.schedule?.end = "2026-12-20"
        }
        #expect(story.status == .active)
        let cases = [
            ("2026-12-01T08:59:59", "at: \"2026-12-01T08:59:59\" is in the past; leave it out to send at once"),
            ("2026-12-02T07:59:59Z",
             "at: \"2026-12-02T07:59:59Z\" is before the campaign's start, 2026-12-02 09:00 Europe/Paris"),
            ("2026-12-21T00:00",
             "at: \"2026-12-21T00:00:00\" is after the campaign's end, 2026-12-20 23:59:59 Europe/Paris"),
        ]
        for (text, why) in cases { #expect(try story.refusal(of: order("x", at: text)).description == why) }
        #expect(
            try story.refusal(of: order("x")).description
                == "at: is before the campaign's start, 2026-12-02 09:00 Europe/Paris")
        let much = String(repeating: "x", count: SendOrder.dataLimitBytes + 1)
        #expect(
            try story.refusal(of: order("x", at: "2026-12-03T09:00", data: much)).description
                == "data: has 65537 bytes; 65536 at most are allowed")
        #expect(throws: FieldError.self) { try AskedTime("tomorrow") }
    }

    @Test("it is for active triggered campaigns that are not paused; all else is told why not")
    func refusals() throws {
        var story = try active()
        try story.perform(.pause)
        guard case .invalidState(.active, .trigger, let allowed, "it is paused; resume it first") =
            try story.refusal(of: order("x"))
        else { throw Surprise() }
        #expect(!allowed.contains(.trigger))
        try story.perform(.stop)
        guard case .invalidState(.stopped, .trigger, _, "it has ended; duplicate it instead") =
            try story.refusal(of: order("x"))
        else { throw Surprise() }
        let daily = try Story.activated(.daily("2026-11-01T09:00"), at: "2026-12-01T12:00:00Z")
        guard case .invalidState(.active, .trigger, _, "it is not of type triggered; send-now sends it by hand") =
            try daily.refusal(of: order("x"))
        else { throw Surprise() }
    }

    @Test("more than the limit are not planned, and the limit's name is told")
    func limit() throws {
        var story = try active()
        story.rules.settings.limits.pendingTriggers = 2
        try story.perform(order("a", at: "2026-12-02T09:00"))
        try story.perform(order("b", at: "2026-12-02T09:00"))
        guard case .held("limits.pending_triggers", _) = try story.refusal(of: order("c", at: "2026-12-02T09:00"))
        else { throw Surprise() }
        try story.perform(order("d"))
    }

    @Test("one to come is called off by its key; cancel without a key leaves it alone")
    func calledOff() throws {
        var story = try active()
        try story.perform(order("later", at: "2026-12-02T09:00"))
        let key = try story.only.key
        guard case .invalidState = try story.refusal(of: .cancel(nil)) else { throw Surprise() }
        try story.perform(order("now"))
        try story.perform(.cancel(nil))
        #expect(story.all.map(\.state) == [.cancelled, .waiting])
        try story.perform(.cancel(key), by: Issuer(actor: EventActor(uid: 7, name: "ana"), reason: "not needed"))
        #expect(story.all.map(\.state) == [.cancelled, .cancelled])
        let ended = try #require(story.events.last)
        #expect(ended.actor.name == "ana")
        #expect(ended.text == "cancelled: not needed")
        try story.tick(at: "2026-12-03T09:00:00Z")
        #expect(story.all.map(\.state) == [.cancelled, .cancelled])
    }

    @Test("a stop cancels all that are to come, and says so before")
    func stopped() throws {
        var story = try active()
        try story.perform(order("run"))
        let running = try story.only.key
        try story.run(running)
        try story.perform(order("later", at: "2026-12-02T09:00"))
        let outlook = Lifecycle.stopOutlook(of: story.state, at: story.now, under: story.rules)
        #expect(outlook.cancels.map(\.isToCome) == [true])
        #expect(outlook.goesOn.map(\.key) == [running])
        #expect(outlook.drops.isEmpty)
        try story.perform(.stop)
        #expect(story.all.map(\.state) == [.running, .cancelled])
        try story.end(running, .sent)
        #expect(story.all.map(\.state) == [.sent, .cancelled])
    }

    @Test("what falls due during a pause is skipped, what is due after it is sent")
    func paused() throws {
        var story = try active()
        try story.perform(order("a", at: "2026-12-02T09:00"))
        try story.perform(order("b", at: "2026-12-03T09:00"))
        try story.perform(.pause)
        #expect(story.last.wakeAt?.description == "2026-12-02T08:00:00Z")
        #expect(story.last.nextDue == nil)
        try story.tick(at: "2026-12-02T08:00:00Z")
        #expect(story.all.map(\.state) == [.skipped, .waiting])
        #expect(story.all[0].reason == "the campaign was paused")
        try story.perform(.resume)
        try story.tick(at: "2026-12-03T08:00:00Z")
        #expect(story.all.map(\.state) == [.skipped, .claimed])
    }

    @Test("one that comes up too late is asked for at the sender first, and then missed with an alert")
    func late() throws {
        var story = try active()
        try story.perform(order("a", at: "2026-12-02T09:00"))
        try story.tick(at: "2026-12-02T09:00:01Z")
        let key = try story.only.key
        #expect(story.last.effects == [.query(key)])
        #expect(try story.only.state == .claimed)
        story.take(.neverBegan(key))
        #expect(try story.only.state == .missed)
        #expect(story.alerts == [.occurrenceMissed])
    }

    @Test("one due exactly at the end is claimed before the campaign is completed; one beyond a newer end is missed")
    func atTheEnd() throws {
        var story = try active { $0.schedule?.end = "2026-12-02T09:00" }
        try story.perform(order("a", at: "2026-12-02T09:00"))
        var shortened = story
        try story.tick(at: "2026-12-02T08:00:00Z")
        #expect(story.status == .completed)
        #expect(try story.only.state == .claimed)
        let shorter = try CampaignContent.triggered { $0.schedule?.end = "2026-12-01T10:00" }
        try shortened.perform(.apply(shorter, sourceText: nil, tags: []))
        try shortened.perform(.activate)
        try shortened.tick(at: "2026-12-01T09:00:00Z")
        #expect(shortened.status == .completed)
        #expect(try shortened.only.state == .missed)
        #expect(shortened.alerts.contains(.occurrenceMissed))
    }

    @Test("each begins at once by itself; under queue they wait for each other, and under skip they are refused")
    func overlap() throws {
        var story = try active()
        for id in ["a", "b", "c"] { try story.perform(order(id)) }
        #expect(story.all.map(\.state) == [.claimed, .claimed, .claimed])
        var queue = try active { $0.overlap = "queue" }
        try queue.perform(order("a"))
        try queue.run(queue.only.key)
        try queue.perform(order("b"))
        #expect(queue.all.map(\.state) == [.running, .queued])
        guard case .invalidState(.active, .trigger, _, _) = try queue.refusal(of: order("c")) else { throw Surprise() }
        try queue.perform(order("c", at: "2026-12-01T09:00:01Z"))
        queue.tick(after: 3_601)
        #expect(queue.all.map(\.state) == [.running, .queued, .skipped])
        #expect(queue.alerts.contains(.overlapSkipped))
        var skip = try active { $0.overlap = "skip" }
        try skip.perform(order("a"))
        guard case .invalidState(.active, .trigger, _, _) = try skip.refusal(of: order("b")) else { throw Surprise() }
    }
}

/// Send-now: a person's send beside the schedule.
struct SendNowTests {
    private func order(_ id: String, again: Bool = false) throws -> Command {
        .send(SendOrder(id: try #require(RequestID(id)), .sendNow(again: again)))
    }

    @Test("a recurring campaign sends once more, and its schedule goes on as if nothing had been")
    func recurring() throws {
        var story = try Story.activated(.daily("2026-11-01T09:00"), at: "2026-12-01T12:00:00Z")
        let decided = story.campaign.decidedUntil
        try story.perform(order("extra"))
        #expect(try story.only.key.text == "\(story.campaign.id)/now/extra")
        #expect(story.campaign.decidedUntil == decided)
        #expect(story.last.nextDue?.description == "2026-12-02T08:00:00Z")
    }

    @Test("a one-shot is sent a second time only by --again; one that was missed needs no such word")
    func oneShot() throws {
        var story = try Story.activated(.oneShot(nil), at: "2026-12-01T08:00:00Z")
        let key = try story.only.key
        guard case .invalidState(.active, .sendNow, _, let open) = try story.refusal(of: order("x")) else {
            throw Surprise()
        }
        #expect(open == "its send \(key) is claimed; --again sends once more")
        try story.run(key)
        try story.end(key, .sent)
        guard case .invalidState(.active, .sendNow, _, let sent) = try story.refusal(of: order("x")) else {
            throw Surprise()
        }
        #expect(sent == "its send \(key) has ended as sent; --again sends once more")
        try story.perform(order("x", again: true))
        #expect(story.all.map(\.state) == [.sent, .claimed])
        var failed = try Story.activated(.oneShot(nil), at: "2026-12-01T08:00:00Z")
        try failed.run(key)
        try failed.end(key, .failed(reason: "exit 65"))
        guard case .invalidState(.active, .sendNow, _, let why) = try failed.refusal(of: order("x")) else {
            throw Surprise()
        }
        #expect(
            why == "its send \(key) has ended as failed; retry '\(key)' tries that one again, --again sends once more")
        var missed = try Story(.oneShot("2026-12-02T09:00"), at: "2026-12-01T08:00:00Z")
        try missed.perform(.activate)
        try missed.tick(at: "2026-12-02T12:00:00Z")
        missed.take(.neverBegan(try missed.only.key))
        #expect(try missed.only.state == .missed)
        try missed.perform(order("x"))
        #expect(missed.all.map(\.state) == [.missed, .claimed])
    }

    @Test("a scheduled occurrence waits for a send-now that is under way")
    func overlap() throws {
        var story = try Story.activated(.daily("2026-11-01T09:00"), at: "2026-12-01T12:00:00Z")
        try story.perform(order("extra"))
        try story.run(story.only.key)
        try story.tick(at: "2026-12-02T08:00:00Z")
        #expect(story.all.map(\.state) == [.running, .queued])
    }
}

private struct Surprise: Error {}
