@testable import CampaignModel
import Recurrence
import Testing
import ZoneFixtures

/// Zone data that change under a campaign in force.
struct ZoneDataTests {
    static let before = ChangedZones(version: "2026a")
    /// Paris with London's clocks: the same local time is an hour later.
    static let later = ChangedZones(version: "2026b", dataOf: ["Europe/Paris": "Europe/London"])
    /// Paris with Helsinki's: an hour earlier.
    static let earlier = ChangedZones(version: "2026b", dataOf: ["Europe/Paris": "Europe/Helsinki"])

    private func story(_ content: CampaignContent, at now: String = "2026-12-01T08:00:00Z") throws -> Story {
        var story = try Story(content, at: now)
        story.rules.zones = Self.before
        try story.perform(.activate)
        return story
    }

    private func told(_ story: Story) -> [String] {
        story.events.filter { $0.kind == .zonesChanged }.map(\.text)
    }

    private func twiceADay() throws -> CampaignContent {
        try .daily("2026-12-07T09:00") { $0.schedule?.at = ["09:00", "09:30"] }
    }

    @Test("the next occurrence moves, with an event that names both versions and the shift, and an alert")
    func moves() throws {
        for (zones, due, shift) in [(Self.later, "09", "1h later"), (Self.earlier, "07", "1h earlier")] {
            var story = try story(.daily("2026-12-07T09:00"))
            story.rules.zones = zones
            story.tick(after: 30)
            #expect(story.last.nextDue == (try instant("2026-12-07T\(due):00:00Z")))
            #expect(story.last.wakeAt == story.last.nextDue)
            let text = "zone data of Europe/Paris changed from 2026a to 2026b: what was due at "
                + "2026-12-07T08:00:00Z is due at 2026-12-07T\(due):00:00Z, \(shift)"
            #expect(told(story) == [text])
            #expect(story.campaign.alerts.contains { $0.code == .zoneDataChanged && $0.text == text })
            #expect(story.campaign.revision == 2 + 1)
            story.tick(after: 30)
            #expect(story.last.events.isEmpty)
            try story.perform(.acknowledge)
            #expect(!story.alerts.contains(.zoneDataChanged))
        }
    }

    @Test("steps that are counted from an activation stay where they are: its instant is no local time")
    func stepsFromActivation() throws {
        var story = try story(.daily(nil) { $0.schedule?.every = "6 hours" })
        let due = story.last.nextDue
        story.rules.zones = Self.later
        story.tick(after: 30)
        #expect(story.last.nextDue == due)
        #expect(told(story).isEmpty)
    }

    @Test("data that move nothing are taken over without a word")
    func movesNothing() throws {
        var story = try story(.daily("2026-12-07T09:00"))
        let decision = try story.tick(at: "2026-12-01T08:00:30Z")
        story.rules.zones = ChangedZones(version: "2026b")
        story.tick(after: 30)
        #expect(story.last.plannedBy == decision.plannedBy)
        // As long as the schedule lasts, Brussels and Paris agree.
        story.rules.zones = ChangedZones(version: "2026c", dataOf: ["Europe/Paris": "Europe/Brussels"])
        story.tick(after: 30)
        #expect(story.last.plannedBy?.version == "2026c")
        #expect(told(story).isEmpty)
        #expect(!story.alerts.contains(.zoneDataChanged))
    }

    @Test("a change that moves only later occurrences is told with the first of them")
    func movesLater() throws {
        var story = try story(.daily("2026-12-07T09:00"))
        story.rules.zones = ChangedZones(version: "2026b", dataOf: ["Europe/Paris": "Africa/Lagos"])
        story.tick(after: 30)
        #expect(story.last.nextDue == (try instant("2026-12-07T08:00:00Z")))
        let text = try #require(told(story).first)
        #expect(text.hasSuffix("what was due at 2027-03-28T07:00:00Z is due at 2027-03-28T08:00:00Z, 1h later"))
    }

    @Test("what was claimed is not planned again, however much later it now is")
    func claimedBefore() throws {
        var story = try story(twiceADay())
        try story.tick(at: "2026-12-07T08:00:00Z")
        try story.run(story.only.key)
        try story.end(story.only.key, .sent)
        story.rules.zones = Self.later
        try story.tick(at: "2026-12-07T08:20:00Z")
        #expect(story.last.nextDue == (try instant("2026-12-07T09:30:00Z")))
        #expect(told(story).first?.contains("due at 2026-12-07T08:30:00Z is due at 2026-12-07T09:30:00Z") == true)
        try story.tick(at: "2026-12-07T09:30:00Z")
        #expect(story.all.map { $0.nominal?.description } == ["2026-12-07T09:00:00", "2026-12-07T09:30:00"])
        #expect(story.faults.isEmpty)
    }

    @Test("what was undecided and now lies before what was decided is missed, and told")
    func passed() throws {
        var story = try story(twiceADay())
        try story.tick(at: "2026-12-07T08:00:00Z")
        try story.run(story.only.key)
        try story.end(story.only.key, .sent)
        story.rules.zones = Self.earlier
        try story.tick(at: "2026-12-07T08:10:00Z")
        let missed = try #require(story.all.last { $0.state == .missed })
        #expect(missed.nominal?.description == "2026-12-07T09:30:00")
        #expect(missed.reason == "new zone data put it before what was decided already")
        #expect(story.alerts.contains(.occurrenceMissed))
        #expect(story.last.nextDue == (try instant("2026-12-08T07:00:00Z")))
        #expect(story.all.count == 2)
        #expect(story.faults.isEmpty)
    }

    @Test("a one-shot that is sent is not sent again, one that is planned moves, into the past as well")
    func oneShot() throws {
        var sent = try story(.oneShot("2026-12-07T09:00"))
        try sent.tick(at: "2026-12-07T08:00:00Z")
        try sent.run(sent.only.key)
        try sent.end(sent.only.key, .sent)
        sent.rules.zones = Self.later
        for time in ["08:30", "09:00", "09:01"] { try sent.tick(at: "2026-12-07T\(time):00Z") }
        #expect(sent.all.count == 1)
        #expect(told(sent).isEmpty)

        var early = try story(.oneShot("2026-12-07T09:00"))
        early.rules.zones = Self.earlier
        try early.tick(at: "2026-12-07T07:30:00Z")
        #expect(early.status == .active)
        #expect(early.all.map(\.state) == [.claimed])

        var late = try story(.oneShot("2026-12-07T09:00"))
        late.rules.zones = ChangedZones(version: "2026b", dataOf: ["Europe/Paris": "Asia/Tokyo"])
        try late.tick(at: "2026-12-07T07:30:00Z")
        #expect(late.status == .active)
        #expect(late.all.map(\.verdict?.state) == [.missed])
    }

    @Test("a paused campaign keeps what was decided, and skips by the new data at its resume")
    func paused() throws {
        var story = try story(.daily("2026-12-07T09:00"))
        try story.tick(at: "2026-12-07T08:00:00Z")
        try story.run(story.only.key)
        try story.end(story.only.key, .sent)
        try story.perform(.pause)
        story.rules.zones = Self.later
        try story.tick(at: "2026-12-08T10:00:00Z")
        #expect(told(story).first?.contains("2026-12-09T08:00:00Z is due at 2026-12-09T09:00:00Z") == true)
        try story.perform(.resume)
        #expect(story.all.map(\.state) == [.sent, .skipped])
        #expect(story.all.last?.nominal?.description == "2026-12-08T09:00:00")
        #expect(story.last.nextDue == (try instant("2026-12-09T09:00:00Z")))
    }

    @Test("steps in elapsed time go on from the anchor's new instant, and repeat nothing")
    func elapsed() throws {
        let content = try CampaignContent.daily("2026-12-07T09:00") { $0.schedule?.every = "4 hours" }
        var story = try story(content)
        try story.tick(at: "2026-12-07T08:00:00Z")
        try story.run(story.only.key)
        try story.end(story.only.key, .sent)
        story.rules.zones = Self.later
        try story.tick(at: "2026-12-07T08:30:00Z")
        #expect(told(story).first?.hasSuffix("12:00:00Z is due at 2026-12-07T09:00:00Z, 3h earlier") == true)
        #expect(story.last.nextDue == (try instant("2026-12-07T09:00:00Z")))
    }

    @Test("a newer version in another zone is planned by that one's data")
    func otherZone() throws {
        var story = try story(.daily("2026-12-07T09:00"))
        #expect(story.state.plannedBy?.zone.name == "Europe/Paris")
        let tokyo = try CampaignContent.daily("2026-12-07T09:00") { $0.schedule?.timezone = "Asia/Tokyo" }
        try story.perform(.apply(tokyo, sourceText: nil, tags: []))
        #expect(story.state.plannedBy?.zone.name == "Europe/Paris")
        try story.perform(.activate)
        #expect(story.state.plannedBy?.zone.name == "Asia/Tokyo")
        story.rules.zones = Self.later
        story.tick(after: 30)
        #expect(told(story).isEmpty)
        try story.perform(.stop)
        #expect(story.state.plannedBy == nil)
    }

    @Test("while nothing may fire the schedule stays planned as it was")
    func held() throws {
        var story = try story(.daily("2026-12-07T09:00"))
        story.rules.zones = Self.later
        story.rules.firingIsHeld = true
        story.tick(after: 30)
        #expect(story.last.nextDue == (try instant("2026-12-07T08:00:00Z")))
        #expect(story.last.plannedBy?.version == "2026a")
        story.rules.firingIsHeld = false
        story.tick(after: 30)
        #expect(story.last.nextDue == (try instant("2026-12-07T09:00:00Z")))
        #expect(told(story).count == 1)
    }
}
