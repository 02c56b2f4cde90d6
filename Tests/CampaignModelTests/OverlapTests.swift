import CampaignModel
import Recurrence
import Testing

/// What becomes of an occurrence that falls due while the one before it has not ended.
struct OverlapTests {
    /// Four days of a daily campaign whose first send runs on and on.
    private func fourDays(_ overlap: String?) throws -> Story {
        var story = try Story.activated(.daily("2026-12-07T09:00") { $0.overlap = overlap }, at: "2026-12-01T08:00:00Z")
        try story.tick(at: "2026-12-07T08:00:00Z")
        try story.run(story.only.key)
        for day in ["08", "09", "10"] { try story.tick(at: "2026-12-\(day)T08:00:00Z") }
        return story
    }

    @Test("queue, the default, holds one and skips the next with an alert", arguments: [nil, "queue"])
    func queue(overlap: String?) throws {
        var story = try fourDays(overlap)
        #expect(story.all.map(\.state) == [.running, .queued, .skipped, .skipped])
        #expect(story.all[1].followsEarlier)
        #expect(story.alerts.contains(.overlapSkipped))
        #expect(story.all[2].reason == "the one before it has not ended")
        try story.end(story.all[0].key, .sent)
        try story.run(story.all[1].key)
        #expect(story.all[1].state == .running)
        try story.end(story.all[1].key, .sent)
        try story.tick(at: "2026-12-11T08:00:00Z")
        #expect(story.all[4].state == .claimed)
    }

    @Test("a send that waits for its retry counts as not ended")
    func waiting() throws {
        var story = try Story.activated(.daily("2026-12-07T09:00"), at: "2026-12-01T08:00:00Z")
        try story.tick(at: "2026-12-07T08:00:00Z")
        try story.run(story.only.key)
        try story.end(story.only.key, .temporary(reason: "busy", retryAfterSeconds: 200_000))
        try story.tick(at: "2026-12-08T08:00:00Z")
        #expect(story.all.map(\.state) == [.waiting, .queued])
    }

    @Test("skip holds none")
    func skip() throws {
        let story = try fourDays("skip")
        #expect(story.all.map(\.state) == [.running, .skipped, .skipped, .skipped])
        #expect(story.alerts.contains(.overlapSkipped))
    }

    @Test("allow lets them run side by side; it is the default of triggered campaigns")
    func allow() throws {
        let story = try fourDays("allow")
        #expect(story.all.dropFirst().allSatisfy { $0.state == .claimed })
        #expect(story.all.allSatisfy { !$0.followsEarlier })
        #expect(try CampaignContent.triggered().overlap == .allow)
        #expect(try CampaignContent.daily(nil).overlap == .queue)
    }

    @Test("one that the sender is only asked about holds nothing up")
    func askedAbout() throws {
        var story = try Story.activated(.daily("2026-12-07T09:00"), at: "2026-12-01T08:00:00Z")
        try story.tick(at: "2026-12-07T12:00:00Z")
        #expect(try story.only.verdict?.state == .missed)
        try story.tick(at: "2026-12-08T08:00:00Z")
        #expect(story.all[1].state == .claimed)
    }

    @Test("a claim without what it needs fails at once, with an alert, and holds nothing up")
    func failedClaim() throws {
        var story = try Story.activated(.daily("2026-12-07T09:00"), at: "2026-12-01T08:00:00Z")
        try story.tick(at: "2026-12-07T08:00:00Z")
        try story.run(story.only.key)
        try story.end(story.only.key, .sent)
        story.rules.catalogue.surfaces = [:]
        try story.tick(at: "2026-12-08T08:00:00Z")
        #expect(story.all[1].state == .failed)
        #expect(story.all[1].reason?.hasPrefix("surface-missing: there is no surface newsletter") == true)
        #expect(story.alerts.contains(.sendFailed))
        #expect(story.last.claims == [story.all[1]])
        #expect(story.status == .active)
    }
}
