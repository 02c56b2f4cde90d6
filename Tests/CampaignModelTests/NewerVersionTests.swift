import CampaignModel
import Recurrence
import Testing

/// Activation of a newer draft over the version in force.
struct NewerVersionTests {
    /// A daily campaign at 09:00 in Paris (08:00Z), active since 2026-12-07, with all that was due sent.
    private func daily(at now: String, edit: (inout CampaignDefinition) -> Void = { _ in }) throws -> Story {
        var story = try Story.activated(.daily("2026-12-07T09:00", edit: edit), at: "2026-12-01T08:00:00Z")
        try story.tick(at: "2026-12-07T08:00:00Z")
        story.state.campaign.decidedUntil = try instant("2026-12-09T08:00:00Z")
        let key = try story.only.key
        try story.run(key)
        try story.end(key, .sent)
        story.now = try instant(now)
        return story
    }

    private func replace(_ story: inout Story, by content: CampaignContent) throws {
        try story.perform(.apply(content, sourceText: nil, tags: []))
        try story.perform(.activate)
    }

    @Test("scheduled | activate its newer draft | scheduled, activating or active: the status follows the new start")
    func scheduled() throws {
        let planned = try Story.activated(.daily("2026-12-07T09:00"), at: "2026-12-01T08:00:00Z")
        var later = planned
        try replace(&later, by: .daily("2026-12-20T09:00"))
        #expect(later.status == .scheduled)
        #expect(later.campaign.live?.number == 2)
        #expect(later.campaign.draft == nil)
        #expect(later.last.events.map(\.kind).contains(.replaced))
        #expect(later.last.wakeAt == (try instant("2026-12-20T08:00:00Z")))
        var past = planned
        try replace(&past, by: .daily("2026-11-20T09:00"))
        #expect(past.moves.suffix(2) == ["scheduled→activating", "activating→active"])
        #expect(past.all.isEmpty)
        #expect(past.last.nextDue == (try instant("2026-12-02T08:00:00Z")))
        var kept = planned
        try replace(&kept, by: .daily(nil) { $0.title = "New" })
        #expect(kept.status == .scheduled)
        #expect(kept.last.wakeAt == (try instant("2026-12-07T08:00:00Z")))
    }

    @Test("activating | activate its newer draft | active where the checks pass, and the put-off occurrence is told")
    func activating() throws {
        var story = try Story.activated(.daily("2026-12-07T09:00"), at: "2026-12-01T08:00:00Z")
        story.state.messages = ["other": .published(revision: 1)]
        try story.tick(at: "2026-12-07T08:10:00Z")
        #expect(story.status == .activating)
        guard case .checksFailed = try activationRefusal(story, .daily("2026-12-07T09:00") { $0.title = "x" }) else {
            Issue.record("it was refused for another reason")
            return
        }
        var same = story
        try replace(&same, by: .daily("2026-12-07T09:00") { $0.message = "other" })
        #expect(same.status == .active)
        #expect(try same.only.state == .missed)
        #expect(try same.only.version == 2)
        var later = story
        try replace(&later, by: .daily("2026-12-08T09:00") { $0.message = "other" })
        #expect(later.moves.last == "activating→scheduled")
        #expect(later.all.isEmpty)
    }

    private func activationRefusal(_ story: Story, _ content: CampaignContent) throws -> Refusal {
        var story = story
        try story.perform(.apply(content, sourceText: nil, tags: []))
        return try story.refusal(of: .activate)
    }

    @Test("active | activate its newer draft | active, also with a start in the future; nothing fires at the edit")
    func active() throws {
        var story = try daily(at: "2026-12-09T12:00:00Z")
        try replace(&story, by: .daily("2026-12-20T09:00"))
        #expect(story.status == .active)
        #expect(story.last.claims.isEmpty)
        #expect(story.last.nextDue == (try instant("2026-12-20T08:00:00Z")))
        try story.tick(at: "2026-12-10T08:00:00Z")
        #expect(story.all.count == 1)
        try story.tick(at: "2026-12-20T08:00:00Z")
        #expect(story.all.count == 2)
        #expect(story.all[1].version == 2)
    }

    @Test("start: now, or none, in a newer draft keeps the live anchor", arguments: [nil, "now"])
    func keptAnchor(start: String?) throws {
        var story = try daily(at: "2026-12-09T12:00:00Z")
        try replace(&story, by: .daily(start) { $0.title = "New" })
        #expect(story.campaign.live?.anchor?.local == LocalDateTime("2026-12-07T09:00"))
        #expect(story.last.claims.isEmpty)
        #expect(story.last.nextDue == (try instant("2026-12-10T08:00:00Z")))
    }

    @Test("a kept anchor in another zone: a written start keeps its local time, an activation its instant")
    func keptAnchorInOtherZone() throws {
        var written = try daily(at: "2026-12-09T12:00:00Z")
        try replace(&written, by: .daily(nil) { $0.schedule?.timezone = "America/New_York" })
        #expect(written.last.nextDue == (try instant("2026-12-09T14:00:00Z")))
        var unwritten = try Story.activated(.daily(nil), at: "2026-12-01T08:00:00Z")
        try replace(&unwritten, by: .daily(nil) { $0.schedule?.timezone = "America/New_York" })
        #expect(unwritten.campaign.live?.anchor?.local == LocalDateTime("2026-12-01T03:00"))
        #expect(unwritten.last.nextDue == (try instant("2026-12-02T08:00:00Z")))
    }

    @Test("an end in the past is a warning for an active campaign, and completes it at once; elsewhere it blocks")
    func endInPast() throws {
        let ended = try CampaignContent.daily("2026-12-07T09:00") { $0.schedule?.end = "2026-12-08" }
        var story = try daily(at: "2026-12-09T12:00:00Z")
        try story.perform(.apply(ended, sourceText: nil, tags: []))
        let found = Lifecycle.checks(of: story.state, at: story.now, under: story.rules)
        #expect(found.map(\.code) == [.endInPast])
        #expect(found[0].severity == .warning)
        try story.perform(.activate)
        #expect(story.moves.last == "active→completed")
        #expect(story.alerts.isEmpty)
        var draft = try Story(ended, at: "2026-12-01T08:00:00Z")
        draft.now = try instant("2026-12-09T12:00:00Z")
        guard case .checksFailed(let alerts) = try draft.refusal(of: .activate) else {
            Issue.record("it was refused for another reason")
            return
        }
        #expect(alerts.map(\.code) == [.endInPast])
        #expect(alerts[0].severity == .error)
    }

    @Test("an end in the past may be applied to a campaign that was started by its activation")
    func endInPastWithoutStart() throws {
        var story = try Story.activated(.daily(nil), at: "2026-12-01T08:00:00Z")
        try story.run(story.only.key)
        story.now = try instant("2026-12-05T07:00:00Z")
        try replace(&story, by: .daily(nil) { $0.schedule?.end = "2026-12-03" })
        #expect(story.status == .completed)
        #expect(story.all[0].state == .running)
    }

    @Test("a rule that has nothing to come is refused, also for an active campaign")
    func neverOccurs() throws {
        let over = try CampaignContent.daily("2026-12-07T09:00") { $0.schedule?.count = "2" }
        let story = try daily(at: "2026-12-09T12:00:00Z")
        guard case .checksFailed(let alerts) = try activationRefusal(story, over) else {
            Issue.record("it was refused for another reason")
            return
        }
        #expect(alerts.map(\.code) == [.neverOccurs])
    }

    @Test("another kind is refused and pointed to duplicate")
    func otherKind() throws {
        let story = try daily(at: "2026-12-09T12:00:00Z")
        guard case .invalidField(let error) = try activationRefusal(story, .oneShot("2026-12-20T09:00")) else {
            Issue.record("it was refused for another reason")
            return
        }
        #expect(error.field == "schedule")
        #expect(error.reason.contains("duplicate the campaign instead"))
    }

    @Test("a running send keeps its version, and later ones take the new one")
    func runningKeepsVersion() throws {
        var story = try Story.activated(.daily(nil), at: "2026-12-01T08:00:00Z")
        let key = try story.only.key
        try story.run(key)
        story.now = try instant("2026-12-01T12:00:00Z")
        try replace(&story, by: .daily(nil) { $0.message = "other" })
        try story.end(key, .sent)
        try story.tick(at: "2026-12-02T08:00:00Z")
        #expect(story.all.map(\.version) == [1, 2])
        #expect(story.all.map(\.message?.name) == ["spring-2026", "other"])
    }

    @Test("due first: what is due when a newer version is activated is claimed under the old one")
    func dueFirst() throws {
        var story = try daily(at: "2026-12-09T12:00:00Z")
        try story.perform(.apply(.daily("2026-12-07T10:00") { $0.message = "other" }, sourceText: nil, tags: []))
        story.now = try instant("2026-12-10T08:00:00Z")
        try story.perform(.activate)
        #expect(story.last.claims.map(\.version) == [1])
        #expect(story.last.claims.map(\.due) == [story.now])
        // The new version's 10:00 of the same day is due after that instant.
        #expect(story.last.nextDue == (try instant("2026-12-10T09:00:00Z")))
    }

    @Test("weekly on Friday 11:30, moved to 11:00: on Thursday it fires then, on Friday 11:15 a week later, and told")
    func movedToTheSameDay() throws {
        func weekly(_ time: String) throws -> CampaignContent {
            try .sample {
                $0.schedule?.start = "2026-11-27T\(time)"
                $0.schedule?.every = "week"
            }
        }
        var story = try Story.activated(weekly("11:30"), at: "2026-11-20T08:00:00Z")
        try story.tick(at: "2026-11-27T10:30:00Z")
        let key = try story.only.key
        try story.run(key)
        try story.end(key, .sent)

        var thursday = story
        thursday.now = try instant("2026-12-03T22:49:00Z")
        try replace(&thursday, by: weekly("11:00"))
        #expect(thursday.all.count == 1)
        #expect(thursday.last.nextDue == (try instant("2026-12-04T10:00:00Z")))

        var friday = story
        friday.now = try instant("2026-12-04T10:15:00Z")
        try replace(&friday, by: weekly("11:00"))
        #expect(friday.last.claims.map(\.state) == [.missed])
        #expect(friday.last.claims.map(\.due) == [try instant("2026-12-04T10:00:00Z")])
        #expect(friday.alerts.contains(.occurrenceMissed))
        #expect(friday.last.nextDue == (try instant("2026-12-11T10:00:00Z")))
        // The same before it was ever active: its first slot is moved behind the present.
        var planned = try Story.activated(weekly("11:30"), at: "2026-11-20T08:00:00Z")
        planned.now = try instant("2026-11-27T10:15:00Z")
        try replace(&planned, by: weekly("11:00"))
        #expect(planned.last.claims.map(\.state) == [.missed])
        #expect(planned.last.claims.map(\.due) == [try instant("2026-11-27T10:00:00Z")])
        let told = try #require(planned.last.events.first { $0.kind == .replaced })
        #expect(told.text.contains("today's slot, 11:00, has passed"))
        let replaced = try #require(friday.last.events.first { $0.kind == .replaced })
        #expect(
            replaced.text
                == "version 2 replaces the live one; today's slot, 11:00, has passed; "
                + "its next occurrence is at 2026-12-11 11:00 Europe/Paris")
    }

    @Test("moved to a later time of the day after today's was sent, nothing is missed and nothing is said of it")
    func laterOnTheSameDay() throws {
        for isPaused in [false, true] {
            var story = try daily(at: "2026-12-09T12:00:00Z")
            if isPaused { try story.perform(.pause) }
            let sends = story.all.count
            try replace(&story, by: .daily("2026-12-07T10:00"))
            #expect(story.all.count == sends, "paused: \(isPaused)")
            #expect(!story.alerts.contains(.occurrenceMissed))
            let replaced = try #require(story.last.events.first { $0.kind == .replaced })
            #expect(
                replaced.text
                    == "version 2 replaces the live one; its next occurrence is at 2026-12-10 10:00 Europe/Paris")
        }
    }

    @Test("moved to a later time of a day that was sent already, that day's second send is told")
    func secondOnTheSameDay() throws {
        func weekly(_ time: String, title: String = "Soldes") throws -> CampaignContent {
            try .sample {
                $0.title = title
                $0.schedule?.start = "2026-11-27T\(time)"
                $0.schedule?.every = "week"
            }
        }
        func told(sent: Bool, by content: CampaignContent) throws -> String {
            var story = try Story.activated(weekly("09:00"), at: "2026-11-20T08:00:00Z")
            try story.tick(at: "2026-11-27T08:00:00Z")
            let key = try story.only.key
            try story.run(key)
            try story.end(key, sent ? .sent : .failed(reason: "broken"))
            story.now = try instant("2026-11-27T12:00:00Z")
            try replace(&story, by: content)
            return try #require(story.last.events.first { $0.kind == .replaced }).text
        }
        let next = "version 2 replaces the live one; its next occurrence is at 2026-11-27 17:00 Europe/Paris"
        #expect(
            try told(sent: true, by: weekly("17:00"))
                == next + ", on a day that has its send of 09:00 already: the audience gets both")
        #expect(try told(sent: false, by: weekly("17:00")) == next)
        #expect(
            try told(sent: true, by: weekly("09:00", title: "New"))
                == "version 2 replaces the live one; its next occurrence is at 2026-12-04 09:00 Europe/Paris")
    }

    @Test("a denser rule, or one of another day, puts nothing off and calls nothing missed")
    func denser() throws {
        var story = try daily(at: "2026-12-09T12:00:00Z")
        try replace(&story, by: .daily("2026-12-07T09:00") { $0.schedule?.at = ["09:00", "11:00", "17:00"] })
        #expect(story.last.claims.isEmpty)
        #expect(story.last.nextDue == (try instant("2026-12-09T16:00:00Z")))
    }

    @Test("a newer version shows its own warnings, and frees a held schedule")
    func warningsOfNewVersion() throws {
        var story = try daily(at: "2026-12-09T12:00:00Z")
        #expect(story.alerts == [.noEnd])
        story.state.campaign.alerts.append(Alert(.scheduleStuck, "stuck", since: story.now))
        try replace(&story, by: .daily(nil) {
            $0.title = nil
            $0.schedule?.end = "2027-12-01"
        })
        #expect(story.alerts == [.titleMissing])
    }
}
