import CampaignModel
import Recurrence
import Testing

/// Pause and resume.
struct PauseTests {
    @Test("a paused campaign claims nothing; its status goes on by itself")
    func statusGoesOn() throws {
        let content = try CampaignContent.daily("2026-12-07T09:00") { $0.schedule?.end = "2026-12-09" }
        var story = try Story.activated(content, at: "2026-12-01T08:00:00Z")
        try story.perform(.pause)
        #expect(story.campaign.paused)
        #expect(story.status == .scheduled)
        try story.tick(at: "2026-12-07T08:00:00Z")
        #expect(story.status == .active)
        #expect(story.all.isEmpty)
        #expect(story.last.nextDue == (try instant("2026-12-08T08:00:00Z")))
        #expect(story.last.wakeAt == (try instant("2026-12-09T22:59:59Z")))
        try story.tick(at: "2026-12-09T22:59:59Z")
        #expect(story.status == .completed)
        #expect(!story.campaign.paused)
        #expect(try story.only.state == .skipped)
        #expect(try story.only.count == 3)
        #expect(!story.alerts.contains(.occurrenceMissed))
    }

    @Test("daily, paused for three weeks and resumed after the day's time: one skipped record, nothing replayed")
    func resume() throws {
        var story = try Story.activated(.daily("2026-12-01T10:00"), at: "2026-11-30T08:00:00Z")
        try story.tick(at: "2026-12-01T09:00:00Z")
        let first = try story.only.key
        try story.run(first)
        try story.end(first, .sent)
        try story.tick(at: "2026-12-01T10:00:00Z")
        try story.perform(.pause)
        for day in 2...22 { try story.tick(at: "2026-12-\(day < 10 ? "0" : "")\(day)T09:30:00Z") }
        #expect(story.all.count == 1)
        try story.tick(at: "2026-12-22T10:00:00Z")
        try story.perform(.resume)
        #expect(!story.campaign.paused)
        #expect(story.all.map(\.state) == [.sent, .skipped])
        #expect(story.all[1].count == 21)
        #expect(story.all[1].nominal == LocalDateTime("2026-12-02T10:00"))
        #expect(story.all[1].nominalLast == LocalDateTime("2026-12-22T10:00"))
        #expect(story.last.effects.isEmpty)
        #expect(story.last.wakeAt == (try instant("2026-12-23T09:00:00Z")))
        try story.tick(at: "2026-12-23T09:00:00Z")
        #expect(story.all.count == 3)
    }

    @Test("a pause over one occurrence leaves a record of that one alone, and over none leaves none")
    func resumeSoon() throws {
        var story = try Story.activated(.daily("2026-12-07T09:00"), at: "2026-12-01T08:00:00Z")
        try story.perform(.pause)
        try story.perform(.resume)
        #expect(story.all.isEmpty)
        try story.perform(.pause)
        try story.tick(at: "2026-12-07T20:00:00Z")
        try story.perform(.resume)
        #expect(try story.only.state == .skipped)
        #expect(try story.only.count == nil)
        #expect(try story.only.nominalLast == nil)
    }

    @Test("what was claimed before a pause goes on, retries too")
    func claimedBefore() throws {
        var story = try Story.activated(.daily(nil), at: "2026-12-01T08:00:00Z")
        try story.perform(.pause)
        let key = try story.only.key
        try story.run(key)
        try story.end(key, .temporary(reason: "busy", retryAfterSeconds: nil))
        #expect(try story.only.state == .waiting)
        story.now = story.now + 60
        story.handOver(key)
        #expect(story.last.effects == [.handOver(Attempt(key: key, number: 2))])
    }

    @Test("a stop during a pause records what fell due as skipped")
    func stop() throws {
        var story = try Story.activated(.daily("2026-12-07T09:00"), at: "2026-12-01T08:00:00Z")
        try story.perform(.pause)
        story.now = try instant("2026-12-08T08:00:00Z")
        try story.perform(.stop)
        #expect(story.status == .stopped)
        #expect(!story.campaign.paused)
        #expect(try story.only.state == .skipped)
        #expect(try story.only.count == 2)
    }

    @Test("a newer activation during a pause records what fell due as skipped, and the pause goes on")
    func newerActivation() throws {
        var story = try Story.activated(.daily("2026-12-07T09:00"), at: "2026-12-01T08:00:00Z")
        try story.perform(.pause)
        try story.perform(.apply(.daily("2026-12-07T10:00"), sourceText: nil, tags: []))
        try story.tick(at: "2026-12-09T08:30:00Z")
        try story.perform(.activate)
        #expect(story.campaign.paused)
        #expect(try story.only.state == .skipped)
        #expect(try story.only.version == 1)
        #expect(try story.only.count == 3)
        #expect(!story.alerts.contains(.occurrenceMissed))
    }

    @Test("resumed while a check still holds it back, nothing that fell due in the pause is replayed or missed")
    func resumeWhileActivating() throws {
        var story = try Story.activated(.daily("2026-12-07T09:00"), at: "2026-12-01T08:00:00Z")
        try story.perform(.pause)
        story.state.messages = [:]
        try story.tick(at: "2026-12-07T08:10:00Z")
        #expect(story.status == .activating)
        try story.perform(.resume)
        #expect(try story.only.state == .skipped)
        story.state.messages = ["spring-2026": .published(revision: 1)]
        story.tick(after: 30)
        #expect(story.status == .active)
        #expect(story.all.count == 1)
    }

    @Test("an occurrence that a check held back is not missed while the campaign is paused")
    func heldBackWhilePaused() throws {
        var story = try Story.activated(.daily("2026-12-07T09:00"), at: "2026-12-01T08:00:00Z")
        try story.perform(.pause)
        story.state.messages = [:]
        try story.tick(at: "2026-12-07T09:00:01Z")
        #expect(story.status == .active)
        #expect(story.all.isEmpty)
    }

    @Test("a rule that runs out during a pause completes the campaign when its last occurrence passes")
    func exhausted() throws {
        var story = try Story.activated(
            .daily("2026-12-07T09:00") { $0.schedule?.count = "2" }, at: "2026-12-01T08:00:00Z")
        try story.perform(.pause)
        try story.tick(at: "2026-12-07T08:00:00Z")
        #expect(story.last.wakeAt == (try instant("2026-12-08T08:00:00Z")))
        try story.tick(at: "2026-12-08T08:00:00Z")
        #expect(story.status == .completed)
        #expect(try story.only.state == .skipped)
        #expect(try story.only.count == 2)
    }

    @Test("an unscheduled campaign is not paused any more, and nothing is recorded")
    func unschedule() throws {
        var story = try Story.activated(.daily("2026-12-07T09:00"), at: "2026-12-01T08:00:00Z")
        try story.perform(.pause)
        try story.perform(.unschedule)
        #expect(!story.campaign.paused)
        #expect(story.all.isEmpty)
    }

    @Test("a one-shot can't be paused; a pause and a resume need their opposite")
    func refused() throws {
        let oneShot = try Story.activated(.oneShot("2026-12-07T09:00"), at: "2026-12-01T08:00:00Z")
        var daily = try Story.activated(.daily("2026-12-07T09:00"), at: "2026-12-01T08:00:00Z")
        func why(_ refusal: Refusal) -> String {
            if case .invalidState(_, _, _, let why) = refusal { why } else { "" }
        }
        #expect(why(try oneShot.refusal(of: .pause)) == "a one-shot can't be paused; unschedule or stop it")
        #expect(why(try daily.refusal(of: .resume)) == "it is not paused")
        try daily.perform(.pause)
        #expect(why(try daily.refusal(of: .pause)) == "it is paused already")
    }

    @Test("a resume by a clock that is not believed leaves what fell due to the right one")
    func resumeWhileHeld() throws {
        var story = try Story.activated(.daily("2026-12-07T09:00"), at: "2026-12-01T08:00:00Z")
        try story.perform(.pause)
        story.rules.firingIsHeld = true
        story.now = try instant("2045-12-07T08:00:00Z")
        try story.perform(.resume)
        #expect(story.all.isEmpty)
        #expect(story.campaign.decidedUntil == nil)
    }
}
