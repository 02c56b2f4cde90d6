import CampaignModel
import Recurrence
import Testing

/// What is to come, as people are shown it.
struct UpcomingTests {
    private func upcoming(_ story: Story, _ version: Version?, limit: Int = 3) throws -> [String] {
        story.rules.upcoming(of: try #require(version), in: story.campaign, at: story.now, limit: limit)
            .map(\.description)
    }

    @Test("a draft's instants are those that it would have if it were activated now")
    func draft() throws {
        let story = try Story(.daily("2026-12-07T09:00"), at: "2026-12-08T12:00:00Z")
        #expect(try upcoming(story, story.campaign.draft) == [
            "2026-12-09T08:00:00Z", "2026-12-10T08:00:00Z", "2026-12-11T08:00:00Z",
        ])
        let oneShot = try Story(.oneShot("2026-12-09T09:00"), at: "2026-12-08T12:00:00Z")
        #expect(try upcoming(oneShot, oneShot.campaign.draft) == ["2026-12-09T08:00:00Z"])
    }

    @Test("a newer draft without a start is shown with the live version's anchor")
    func newerDraft() throws {
        var story = try Story.activated(.daily("2026-12-07T09:00"), at: "2026-12-01T08:00:00Z")
        try story.perform(.apply(.daily(nil) { $0.title = "New" }, sourceText: nil, tags: []))
        #expect(try upcoming(story, story.campaign.draft, limit: 1) == ["2026-12-07T08:00:00Z"])
    }

    @Test("nothing is to come of an ended campaign, nor while it is being stopped")
    func ended() throws {
        var story = try Story.activated(.daily(nil), at: "2026-12-01T08:00:00Z")
        #expect(try upcoming(story, story.campaign.live, limit: 1) == ["2026-12-02T08:00:00Z"])
        story.handOver(try story.only.key)
        try story.perform(.stop)
        #expect(try upcoming(story, story.campaign.live).isEmpty)
        try story.end(story.only.key, .revoked(reason: "stop"))
        #expect(story.status == .stopped)
        #expect(try upcoming(story, story.campaign.live).isEmpty)
    }

    @Test("completion is told where it is known: 72 hours after activation, at the end, or when it was")
    func completion() throws {
        func completion(_ story: Story) -> String? {
            story.rules.completion(of: story.campaign, at: story.now)?.description
        }
        var oneShot = try Story.activated(.oneShot("2026-12-07T09:00"), at: "2026-12-01T08:00:00Z")
        #expect(completion(oneShot) == nil)
        try oneShot.tick(at: "2026-12-07T08:00:00Z")
        #expect(completion(oneShot) == "2026-12-10T08:00:00Z")
        try oneShot.tick(at: "2026-12-11T08:00:00Z")
        #expect(completion(oneShot) == "2026-12-11T08:00:00Z")
        let daily = try CampaignContent.daily("2026-12-07T09:00") { $0.schedule?.end = "2026-12-09" }
        #expect(completion(try Story.activated(daily, at: "2026-12-01T08:00:00Z")) == "2026-12-09T22:59:59Z")
        #expect(completion(try Story.activated(.daily(nil), at: "2026-12-01T08:00:00Z")) == nil)
    }
}
