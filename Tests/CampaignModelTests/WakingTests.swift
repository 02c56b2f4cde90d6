import CampaignModel
import Recurrence
import Testing

/// When a campaign is looked at next, in every status.
struct WakingTests {
    private func wake(_ story: Story) -> String? { story.last.wakeAt?.description }
    private func next(_ story: Story) -> String? { story.last.nextDue?.description }

    @Test("a draft and an ended campaign are never woken")
    func never() throws {
        var story = try Story(.daily("2026-12-07T09:00"), at: "2026-12-01T08:00:00Z")
        #expect(wake(story) == nil && next(story) == nil)
        try story.perform(.activate)
        try story.perform(.stop)
        #expect(wake(story) == nil && next(story) == nil)
        try story.perform(.archive)
        #expect(wake(story) == nil && next(story) == nil)
    }

    @Test("scheduled: at its start; activating: at the next tick; active: at the next occurrence")
    func inForce() throws {
        var story = try Story.activated(.daily("2026-12-07T09:00"), at: "2026-12-01T08:00:00Z")
        #expect(wake(story) == "2026-12-07T08:00:00Z")
        story.state.messages = [:]
        story.rules.settings.tickInterval = .milliseconds(100)
        try story.tick(at: "2026-12-07T08:00:00Z")
        #expect(wake(story) == "2026-12-07T08:00:01Z")
        #expect(next(story) == "2026-12-07T08:00:00Z")
        story.state.messages = ["spring-2026": .published(revision: 1)]
        story.tick(after: 1)
        #expect(next(story) == "2026-12-08T08:00:00Z")
        #expect(wake(story) == "2026-12-07T09:00:01Z")
        try story.run(story.only.key)
        #expect(wake(story) == "2026-12-07T08:30:01Z", "when it becomes a slow one")
        try story.tick(at: "2026-12-07T08:30:01Z")
        #expect(wake(story) == "2026-12-08T08:00:00Z")
        try story.perform(.pause)
        #expect(wake(story) == nil)
        #expect(next(story) == "2026-12-08T08:00:00Z")
    }

    @Test("activating: at the end of its first occurrence's limit, where that comes before the next tick")
    func limitWhileActivating() throws {
        var story = try Story.activated(.daily("2026-12-07T09:00"), at: "2026-12-01T08:00:00Z")
        story.state.messages = [:]
        story.rules.settings.tickInterval = .seconds(86_400)
        try story.tick(at: "2026-12-07T08:00:00Z")
        #expect(wake(story) == "2026-12-07T09:00:01Z")
        try story.tick(at: "2026-12-07T09:00:01Z")
        #expect(story.status == .active)
    }

    @Test("an active one-shot: at its completion, and before it at the limit of a send that has not begun")
    func oneShot() throws {
        var story = try Story.activated(.oneShot(nil), at: "2026-12-01T08:00:00Z")
        let key = try story.only.key
        #expect(wake(story) == "2026-12-01T09:00:01Z")
        #expect(next(story) == nil)
        story.handOver(key)
        #expect(wake(story) == "2026-12-01T09:00:01Z")
        story.take(.accepted(Attempt(key: key, number: 1)))
        #expect(wake(story) == "2026-12-01T08:30:00Z", "when it becomes a slow one")
        try story.end(key, .temporary(reason: "busy", retryAfterSeconds: nil))
        #expect(wake(story) == "2026-12-04T08:00:00Z")
    }

    @Test("a send's own limit wakes its campaign, not the live version's")
    func limitOfVersion() throws {
        var story = try Story.activated(.daily(nil) { $0.lateLimit = "10m" }, at: "2026-12-01T08:00:00Z")
        try story.perform(.apply(.daily(nil) { $0.lateLimit = "2h" }, sourceText: nil, tags: []))
        try story.perform(.activate)
        #expect(wake(story) == "2026-12-01T08:10:01Z")
        story.tick(after: 601)
        #expect(story.last.effects == [.query(try story.only.key)])
    }

    @Test("what no campaign and no send may be is told as sentences")
    func violations() throws {
        var campaign = try Story(.oneShot(nil), at: "2026-12-01T08:00:00Z").campaign
        #expect(campaign.violations.isEmpty)
        campaign.status = .active
        #expect(campaign.violations == ["is active without a live version", "is active and was never activated"])
        campaign.status = .archived
        #expect(campaign.violations == ["archived_from and status disagree"])
        campaign.status = .draft
        campaign.paused = true
        campaign.live = campaign.draft
        campaign.nextVersionNumber = 1
        #expect(campaign.violations.count == 5)
        campaign.live = nil
        campaign.draft = nil
        #expect(campaign.violations.first == "has neither a live version nor a draft")

        var send = try Story.activated(.oneShot(nil), at: "2026-12-01T08:00:00Z").only
        #expect(send.violations.isEmpty)
        send.state = .running
        #expect(send.violations == ["is running and was never accepted"])
        send.state = .waiting
        send.attempts = -1
        #expect(send.violations == ["next_attempt_at and state disagree", "has -1 attempts"])
        send.state = .sent
        send.attempts = 1
        send.verdict = Verdict(state: .missed, reason: "late")
        #expect(send.violations == ["ended_at and state sent disagree", "is final and still has a verdict to come"])
    }
}
