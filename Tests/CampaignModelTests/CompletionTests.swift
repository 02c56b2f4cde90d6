import CampaignModel
import Recurrence
import Testing

/// What completion does to the sends that are still open, in each of their states.
struct CompletionTests {
    enum Open: String, CaseIterable {
        case claimed, marked, queued, running, waiting, retried
    }

    /// An active campaign with one open send in the state that is named.
    private func story(_ content: CampaignContent, _ open: Open) throws -> (Story, OccurrenceKey) {
        var story = try Story.activated(content, at: "2026-12-01T08:00:00Z")
        story.rules.settings.lateLimit = .seconds(30 * 86_400)
        let key = try story.only.key
        switch open {
        case .claimed: break
        case .marked: story.handOver(key)
        case .queued: story.enqueue(key)
        case .running: try story.run(key)
        case .waiting, .retried:
            try story.run(key)
            try story.end(key, .temporary(reason: "busy", retryAfterSeconds: nil))
            guard open == .retried else { break }
            story.now = story.now + 60
            story.handOver(key)
        }
        return (story, key)
    }

    @Test("a one-shot's open send at its completion", arguments: Open.allCases)
    func oneShot(open: Open) throws {
        var (story, key) = try story(.oneShot(nil), open)
        try story.tick(at: "2026-12-04T08:00:00Z")
        #expect(story.status == .completed)
        #expect(story.alerts.contains(.outlivedCompletion))
        switch open {
        case .claimed, .queued:
            #expect(try story.only.state == .missed)
            #expect(story.last.effects.isEmpty)
        case .marked:
            #expect(story.last.effects == [
                .revoke(Attempt(key: key, number: 1), reason: "the campaign was completed before it began"),
            ])
            try story.end(key, .revoked(reason: "completed"))
            #expect(try story.only.state == .missed)
        case .retried:
            try story.end(key, .revoked(reason: "completed"))
            #expect(try story.only.state == .failed)
        case .running:
            #expect(try story.only.state == .running)
            #expect(story.last.effects.isEmpty)
        case .waiting:
            #expect(try story.only.state == .failed)
        }
    }

    @Test("a recurring one's open send at its completion", arguments: Open.allCases)
    func recurring(open: Open) throws {
        let content = try CampaignContent.daily(nil) {
            $0.schedule?.end = "2026-12-01"
            $0.schedule?.at = ["09:00"]
        }
        var (story, key) = try story(content, open)
        try story.tick(at: "2026-12-01T22:59:59Z")
        #expect(story.status == .completed)
        #expect(story.alerts.contains(.outlivedCompletion))
        switch open {
        case .claimed, .queued, .marked:
            #expect(try !story.only.state.isFinal)
            try story.run(key)
            #expect(try story.only.state == .running)
            try story.end(key, .temporary(reason: "busy", retryAfterSeconds: nil))
            #expect(try story.only.state == .failed)
            #expect(try story.only.attempts == 1)
        case .running, .retried:
            #expect(try !story.only.state.isFinal)
        case .waiting:
            #expect(try story.only.state == .failed)
            story.handOver(key)
            #expect(story.last.effects.isEmpty)
        }
    }

    @Test("completion ends no running send: a temporary end after it is failed, an unknown one interrupted",
        arguments: [
            (AttemptOutcome.sent, SendState.sent), (.failed(reason: "no"), .failed),
            (.temporary(reason: "busy", retryAfterSeconds: 5), .failed), (.interrupted(reason: "power"), .interrupted),
            (.cancelled(reason: "ana"), .cancelled),
        ])
    func runningAfterCompletion(outcome: AttemptOutcome, state: SendState) throws {
        var (story, key) = try story(.oneShot(nil) { $0.onInterrupt = "retry" }, .running)
        try story.tick(at: "2026-12-04T08:00:00Z")
        try story.end(key, outcome)
        #expect(try story.only.state == state)
        #expect(story.status == .completed)
    }

    @Test("a claim that outlives a recurring one's completion still has its limit")
    func lateAfterCompletion() throws {
        let content = try CampaignContent.daily("2026-12-07T09:00") { $0.schedule?.end = "2026-12-07T09:00" }
        var story = try Story.activated(content, at: "2026-12-01T08:00:00Z")
        try story.tick(at: "2026-12-07T08:00:00Z")
        #expect(story.status == .completed)
        #expect(story.last.wakeAt == (try instant("2026-12-07T09:00:01Z")))
        try story.tick(at: "2026-12-07T09:00:01Z")
        let key = try story.only.key
        #expect(story.last.effects == [.query(key)])
        story.take(.neverBegan(key))
        #expect(try story.only.state == .missed)
    }

    @Test("nothing is completed by a clock that is not believed")
    func held() throws {
        var (story, _) = try story(.oneShot(nil), .running)
        story.rules.firingIsHeld = true
        try story.tick(at: "2045-01-01T00:00:00Z")
        #expect(story.status == .active)
        #expect(story.last.events.isEmpty)
    }
}
