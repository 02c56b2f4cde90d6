@testable import CampaignModel
import Recurrence
import Testing
import ZoneFixtures

/// What holds one campaign alone: a schedule that would be decided for ever, zone data that are gone or leave nothing.
struct FuseTests {
    /// Paris leaves out 7 December 2026, as Samoa did a day in 2011.
    struct GapZones: ZoneSource {
        var version: String { "2026b" }

        func zone(named name: String) throws(ZoneError) -> Zone {
            var file = TZifBuilder()
            file.types = [(3_600, 0, 0), (25 * 3_600, 0, 0)]
            file.transitions = [(Instant("2026-12-06T23:00:00Z")!.secondsSinceEpoch, 1)]
            do {
                return try Zone(name: name, tzif: file.bytes)
            } catch {
                throw .damaged(name, error)
            }
        }
    }

    private func active() throws -> Story {
        var story = try Story.activated(.daily("2026-12-07T09:00"), at: "2026-12-01T08:00:00Z")
        try story.tick(at: "2026-12-07T08:00:00Z")
        try story.run(story.only.key)
        try story.end(story.only.key, .sent)
        return story
    }

    @Test("a next occurrence that is not later than now raises schedule-stuck, once", arguments: [0, -1, -86_400, 1])
    func stuck(seconds: Int64) throws {
        let story = try active()
        var turn = Turn(story.state, at: story.now, under: story.rules, by: .daemon)
        let local = try #require(LocalDateTime("2026-12-07T09:00"))
        turn.holdIfStuck(Occurrence(nominal: local, local: local, instant: story.now + seconds, mark: nil))
        turn.holdIfStuck(Occurrence(nominal: local, local: local, instant: story.now + seconds, mark: nil))
        let decision = turn.decision()
        #expect(decision.campaign.alerts.contains { $0.code == .scheduleStuck } == (seconds <= 0))
        #expect(decision.events.filter { $0.alert == .scheduleStuck }.count == (seconds <= 0 ? 1 : 0))
        if seconds <= 0 {
            #expect(decision.wakeAt == nil)
            #expect(decision.nextDue == nil)
        }
    }

    @Test("a held schedule claims nothing until a new version is activated; a person's note does not free it")
    func held() throws {
        var story = try active()
        story.state.campaign.alerts.append(Alert(.scheduleStuck, "stuck", since: story.now))
        try story.tick(at: "2026-12-08T08:00:00Z")
        #expect(story.all.count == 1)
        #expect(story.last.events.isEmpty)
        try story.perform(.acknowledge)
        #expect(story.alerts.contains(.scheduleStuck))
        try story.perform(.apply(.daily("2026-12-07T10:00"), sourceText: nil, tags: []))
        try story.perform(.activate)
        #expect(!story.alerts.contains(.scheduleStuck))
        #expect(story.last.nextDue == (try instant("2026-12-08T09:00:00Z")))
    }

    @Test("without its zone's data a campaign goes on with those it was planned by")
    func zoneGone() throws {
        var story = try active()
        story.rules.zones = ChangedZones(version: "2026b", gone: ["Europe/Paris"])
        try story.tick(at: "2026-12-08T08:00:00Z")
        #expect(story.all.map(\.state) == [.sent, .claimed])
        #expect(story.last.nextDue == (try instant("2026-12-09T08:00:00Z")))
        #expect(story.alerts == [.noEnd])
        // A draft is planned by nothing yet.
        try story.perform(.stop)
        let copy = try Story(.daily("2026-12-07T09:00"), at: "2026-12-01T08:00:00Z")
        var draft = copy
        draft.rules.zones = ChangedZones(version: "2026b", gone: ["Europe/Paris"])
        guard case .checksFailed(let alerts) = try draft.refusal(of: .activate) else {
            Issue.record("activated without a zone")
            return
        }
        #expect(alerts.map(\.code) == [.neverOccurs])
        #expect(alerts.first?.field == "schedule.timezone")
    }

    @Test("new zone data that leave no occurrence hold the campaign alone and say so, until they are right")
    func nothingLeft() throws {
        let content = try CampaignContent.oneShot("2026-12-07T09:00") { $0.schedule?.gap = "skip" }
        var story = try Story.activated(content, at: "2026-12-01T08:00:00Z")
        // Nine in the morning does not exist where the day itself is left out.
        story.rules.zones = GapZones()
        story.tick(after: 30)
        #expect(story.status == .scheduled)
        #expect(story.alerts.contains(.neverOccurs))
        #expect(story.last.wakeAt == story.now + 30)
        story.tick(after: 30)
        #expect(story.last.events.isEmpty)
        story.rules.zones = ChangedZones(version: "2026c")
        story.tick(after: 30)
        #expect(!story.alerts.contains(.neverOccurs))
        #expect(story.last.nextDue == (try instant("2026-12-07T08:00:00Z")))
    }

    @Test("new zone data may bring a claimed occurrence up again: it is not sent twice")
    func claimedAgain() throws {
        for isEnded in [true, false] {
            var story = try Story.activated(.daily("2026-12-07T09:00"), at: "2026-12-01T08:00:00Z")
            try story.tick(at: "2026-12-07T08:00:00Z")
            try story.run(story.only.key)
            if isEnded { try story.end(story.only.key, .sent) }
            story.rules.zones = ChangedZones(version: "2026b", dataOf: ["Europe/Paris": "Europe/London"])
            try story.tick(at: "2026-12-07T09:00:00Z")
            #expect(story.all.count == 1)
            #expect(story.faults.isEmpty)
            #expect(story.last.nextDue == (try instant("2026-12-08T09:00:00Z")))
        }
    }
}
