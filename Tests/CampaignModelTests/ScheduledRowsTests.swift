import CampaignModel
import Recurrence
import Testing

/// The rows of the lifecycle's table that lead from a draft to an active campaign, one test each.
struct ScheduledRowsTests {
    @Test("— | create | draft: version 1, and it says that nothing is scheduled")
    func create() throws {
        let story = try Story(.oneShot("2026-12-07T09:00"), at: "2026-12-01T08:00:00Z")
        #expect(story.status == .draft)
        #expect(story.campaign.draft?.number == 1)
        #expect(story.campaign.live == nil)
        #expect(story.events.map(\.kind) == [.created])
        #expect(story.events[0].to == .draft)
        #expect(story.events[0].text.contains("not scheduled until it is activated"))
        #expect(story.last.wakeAt == nil)
        #expect(story.last.nextDue == nil)
    }

    @Test("— | duplicate | draft: from every status, the live version, same tags, no history, the start as it was")
    func duplicate() throws {
        var story = try Story(.daily("2026-12-07T09:00"), at: "2026-12-01T08:00:00Z", tags: ["fr"])
        try story.perform(.activate)
        try story.perform(.modify)
        let edited = try CampaignContent.daily("2026-12-09T09:00")
        try story.perform(.apply(edited, sourceText: nil, tags: ["fr"]))
        for status in Status.allCases {
            var campaign = story.campaign
            campaign.status = status
            let id = try #require(CampaignID("aaaaaaaaaaaaaaaaaaaa"))
            let copy = Lifecycle.duplicate(
                campaign, id: id, name: "copy", by: Story.root, at: story.now, under: story.rules)
            #expect(copy.campaign.status == .draft)
            #expect(copy.campaign.name == "copy")
            #expect(copy.campaign.tags == ["fr"])
            #expect(copy.campaign.draft?.number == 1)
            #expect(copy.campaign.draft?.content == story.campaign.live?.content)
            #expect(copy.campaign.draft?.anchor == nil)
            #expect(copy.campaign.revision == 1)
            #expect(copy.events.map(\.kind) == [.created])
        }
    }

    @Test("a draft is duplicated as it is")
    func duplicateOfDraft() throws {
        let story = try Story(.oneShot("2026-12-07T09:00"), at: "2026-12-01T08:00:00Z")
        let id = try #require(CampaignID("aaaaaaaaaaaaaaaaaaaa"))
        let copy = Lifecycle.duplicate(
            story.campaign, id: id, name: "copy", by: Story.root, at: story.now, under: story.rules)
        #expect(copy.campaign.draft?.content == story.campaign.draft?.content)
    }

    @Test("draft | activate, start in the future | scheduled", arguments: ["one-shot", "recurring"])
    func activateAhead(kind: String) throws {
        let start = "2026-12-07T09:00"
        let content = try kind == "one-shot" ? CampaignContent.oneShot(start) : .daily(start)
        let story = try Story.activated(content, at: "2026-12-01T08:00:00Z")
        #expect(story.status == .scheduled)
        #expect(story.moves == ["draft→scheduled"])
        #expect(story.campaign.live?.number == 1)
        #expect(story.campaign.draft == nil)
        #expect(story.campaign.activatedAt == nil)
        #expect(story.all.isEmpty)
        #expect(story.last.wakeAt == (try instant("2026-12-07T08:00:00Z")))
        #expect(story.last.nextDue == (try instant("2026-12-07T08:00:00Z")))
    }

    @Test("draft | activate: every failing check of severity error blocks, all of them told at once; warnings do not")
    func activateBlocked() throws {
        var story = try Story(
            .daily("2026-12-07T09:00") {
                $0.title = nil
                $0.surface = "absent"
                $0.message = nil
            }, at: "2026-12-01T08:00:00Z")
        guard case .checksFailed(let alerts) = try story.refusal(of: .activate) else {
            Issue.record("it was refused for another reason")
            return
        }
        #expect(alerts.map(\.code) == [.messageMissing, .surfaceMissing])
        #expect(story.status == .draft)
        let mended = try CampaignContent.daily("2026-12-07T09:00") { $0.title = nil }
        try story.perform(.apply(mended, sourceText: nil, tags: []))
        try story.perform(.activate)
        #expect(story.status == .scheduled)
        #expect(story.alerts == [.titleMissing, .noEnd])
    }

    @Test("draft | activate, no start | activating → active in one commit; now is its start and counts as due")
    func activateNow() throws {
        for start in [nil, "now"] {
            let story = try Story.activated(.oneShot(start), at: "2026-12-01T08:00:01Z")
            #expect(story.moves == ["draft→activating", "activating→active"])
            #expect(story.campaign.activatedAt == story.now)
            let send = try story.only
            #expect(send.due == story.now)
            #expect(send.state == .claimed)
            #expect(send.key.text == "abcdefghijklmnopqrstuvwxyz/2026-12-01T09:00:01[Europe/Paris]")
            #expect(send.message == MessageReference(name: "spring-2026", revision: 3))
            #expect(story.last.claims == [send])
            #expect(story.last.effects.isEmpty)
        }
    }

    @Test("a recurring one without a start has its first occurrence at its activation, where its rule says so")
    func activateRecurringNow() throws {
        var story = try Story.activated(.daily(nil), at: "2026-12-01T08:00:01Z")
        #expect(try story.only.due == story.now)
        try story.tick(at: "2026-12-02T08:00:01Z")
        #expect(story.all.count == 2)
        let later = try Story.activated(.daily(nil) { $0.schedule?.at = ["17:00"] }, at: "2026-12-01T08:00:01Z")
        #expect(later.status == .active)
        #expect(later.all.isEmpty)
        #expect(later.last.wakeAt == (try instant("2026-12-01T16:00:00Z")))
    }

    @Test("an activation in the second hour of a fold sends nothing of the first hour")
    func activateInFold() throws {
        let everyMinute = try CampaignContent.sample { $0.schedule?.every = "10 minutes" }
        // 02:30 in Paris for the second time, at 01:30Z; 00:30Z was the first time.
        let story = try Story.activated(everyMinute, at: "2026-10-25T01:30:00Z")
        #expect(story.all.allSatisfy { $0.due >= story.now })
        let oneShot = try Story.activated(.oneShot(nil), at: "2026-10-25T01:30:00Z")
        #expect(try oneShot.only.due == oneShot.now)
    }

    @Test("draft | activate, triggered | activating → active, whatever its start; it has no occurrence of its own")
    func activateTriggered() throws {
        for start in [nil, "2026-12-24T09:00", "2026-11-01T09:00"] {
            var story = try Story.activated(
                .triggered { $0.schedule?.start = start }, at: "2026-12-01T08:00:00Z")
            #expect(story.moves == ["draft→activating", "activating→active"])
            try story.tick(at: "2027-01-01T00:00:00Z")
            #expect(story.status == .active)
            #expect(story.all.isEmpty)
            #expect(story.last.wakeAt == nil)
        }
    }

    @Test("draft | activate, recurring with a start in the past | active; nothing is claimed, the next is after now")
    func activateLate() throws {
        for now in ["2026-12-10T12:00:00Z", "2026-12-10T08:00:00Z"] {
            let story = try Story.activated(.daily("2026-12-07T09:00"), at: now)
            #expect(story.moves == ["draft→activating", "activating→active"])
            #expect(story.all.isEmpty)
            #expect(story.last.nextDue == (try instant("2026-12-11T08:00:00Z")))
        }
    }

    @Test("draft | activate, one-shot with start ≤ now | refused: start-in-past, no grace",
        arguments: ["2026-12-07T08:00:00Z", "2026-12-07T08:00:01Z", "2027-12-07T08:00:00Z"])
    func activateOneShotLate(now: String) throws {
        var story = try Story(.oneShot("2026-12-07T09:00"), at: "2026-12-01T08:00:00Z")
        story.now = try instant(now)
        guard case .checksFailed(let alerts) = try story.refusal(of: .activate) else {
            Issue.record("it was refused for another reason")
            return
        }
        #expect(alerts.map(\.code) == [.startInPast])
        #expect(alerts[0].field == "schedule.start")
        story.now = try instant("2026-12-07T07:59:59Z")
        try story.perform(.activate)
        #expect(story.status == .scheduled)
    }

    @Test("scheduled | its start is reached | activating, and the checks run again; active where they pass")
    func startReached() throws {
        var story = try Story.activated(.oneShot("2026-12-07T09:00"), at: "2026-12-01T08:00:00Z")
        try story.tick(at: "2026-12-07T07:59:59Z")
        #expect(story.status == .scheduled)
        try story.tick(at: "2026-12-07T08:00:00Z")
        #expect(story.moves == ["draft→scheduled", "scheduled→activating", "activating→active"])
        #expect(story.campaign.activatedAt == story.now)
        #expect(try story.only.state == .claimed)
        #expect(story.last.claims.count == 1)
    }

    @Test("a recurring one whose start is no occurrence becomes active at its start and claims nothing yet")
    func startIsNoOccurrence() throws {
        // 2026-12-07 is a Monday.
        let fridays = try CampaignContent.sample {
            $0.schedule?.start = "2026-12-07T09:00"
            $0.schedule?.every = "week"
            $0.schedule?.days = ["friday"]
        }
        var story = try Story.activated(fridays, at: "2026-12-01T08:00:00Z")
        try story.tick(at: "2026-12-07T08:00:00Z")
        #expect(story.status == .active)
        #expect(story.all.isEmpty)
        #expect(story.last.wakeAt == (try instant("2026-12-11T08:00:00Z")))
    }

    @Test("activating | a check fails | activating: an alert says why, checked again at each tick until it passes")
    func checkFails() throws {
        var story = try Story.activated(.oneShot("2026-12-07T09:00"), at: "2026-12-01T08:00:00Z")
        story.state.messages = ["spring-2026": .notPublished]
        try story.tick(at: "2026-12-07T08:00:00Z")
        #expect(story.status == .activating)
        #expect(story.alerts == [.messageNotPublished])
        #expect(story.last.wakeAt == story.now + 30)
        let revision = story.campaign.revision
        story.tick(after: 30)
        #expect(story.last.events.isEmpty)
        #expect(story.campaign.revision == revision)
        story.state.messages = ["spring-2026": .published(revision: 1)]
        story.tick(after: 30)
        #expect(story.status == .active)
        #expect(story.alerts.isEmpty)
        #expect(try story.only.due == (try instant("2026-12-07T08:00:00Z")))
        #expect(try story.only.state == .claimed)
    }

    @Test("activating | the occurrence is later than its limit | active, and that occurrence is missed")
    func checkFailsTooLong() throws {
        var story = try Story.activated(.oneShot("2026-12-07T09:00"), at: "2026-12-01T08:00:00Z")
        story.state.messages = [:]
        try story.tick(at: "2026-12-07T09:00:00Z")
        #expect(story.status == .activating)
        try story.tick(at: "2026-12-07T09:00:01Z")
        #expect(story.status == .active)
        let key = try story.only.key
        #expect(story.last.effects == [.query(key)])
        story.take(.neverBegan(key))
        #expect(try story.only.state == .missed)
        #expect(story.alerts.contains(.occurrenceMissed))
    }

    @Test("activating | others fall due meanwhile | the catch-up rule: the newest is tried, the rest is one record")
    func othersFallDueMeanwhile() throws {
        let hourly = try CampaignContent.sample {
            $0.schedule?.start = "2026-12-07T09:00"
            $0.schedule?.every = "20 minutes"
        }
        var story = try Story.activated(hourly, at: "2026-12-01T08:00:00Z")
        story.state.messages = [:]
        try story.tick(at: "2026-12-07T08:40:00Z")
        #expect(story.status == .activating)
        try story.tick(at: "2026-12-07T09:00:01Z")
        #expect(story.status == .active)
        #expect(story.all.map(\.state) == [.missed, .failed])
        #expect(story.all[0].count == 3)
        #expect(story.all[1].due == (try instant("2026-12-07T09:00:00Z")))
        #expect(story.all[1].reason?.contains("message-missing") == true)
    }

    @Test("scheduled | unschedule | draft with its number again; it can be moved and activated anew")
    func unscheduleScheduled() throws {
        var story = try Story.activated(.oneShot("2026-12-07T09:00"), at: "2026-12-01T08:00:00Z")
        try story.perform(.unschedule)
        #expect(story.moves.last == "scheduled→draft")
        #expect(story.campaign.live == nil)
        #expect(story.campaign.draft?.number == 1)
        #expect(story.campaign.draft?.anchor == nil)
        #expect(story.last.wakeAt == nil)
        try story.tick(at: "2026-12-08T08:00:00Z")
        #expect(story.status == .draft)
        try story.perform(.apply(.oneShot("2026-12-09T09:00"), sourceText: nil, tags: []))
        try story.perform(.activate)
        #expect(story.last.wakeAt == (try instant("2026-12-09T08:00:00Z")))
    }

    @Test("activating | unschedule | draft, its alerts gone")
    func unscheduleActivating() throws {
        var story = try Story.activated(.daily("2026-12-07T09:00"), at: "2026-12-01T08:00:00Z")
        story.state.messages = [:]
        try story.tick(at: "2026-12-07T08:00:00Z")
        try story.perform(.unschedule)
        #expect(story.moves.last == "activating→draft")
        #expect(story.alerts.isEmpty)
        #expect(story.all.isEmpty)
        try story.perform(.delete)
        #expect(story.last.isDeleted)
    }

    @Test("scheduled | unschedule with a newer draft | draft: the newer one is kept instead")
    func unscheduleWithDraft() throws {
        var story = try Story.activated(.daily("2026-12-07T09:00"), at: "2026-12-01T08:00:00Z")
        let newer = try CampaignContent.daily("2026-12-08T10:00")
        try story.perform(.apply(newer, sourceText: "# mine", tags: []))
        try story.perform(.unschedule)
        #expect(story.campaign.draft?.number == 2)
        #expect(story.campaign.draft?.content == newer)
        #expect(story.campaign.draft?.sourceText == "# mine")
        #expect(story.campaign.live == nil)
    }

    @Test("draft with no activated_at | delete | gone; the history keeps a line")
    func delete() throws {
        var story = try Story(.oneShot("2026-12-07T09:00"), at: "2026-12-01T08:00:00Z")
        try story.perform(.delete)
        #expect(story.last.isDeleted)
        #expect(story.last.events.map(\.kind) == [.deleted])
        #expect(story.last.events[0].campaign?.name == "spring")
        #expect(story.last.wakeAt == nil)
    }

    @Test("a draft whose start passes stays a draft and is never woken")
    func draftStays() throws {
        var story = try Story(.oneShot("2026-12-07T09:00"), at: "2026-12-01T08:00:00Z")
        try story.tick(at: "2027-12-07T08:00:00Z")
        #expect(story.status == .draft)
        #expect(story.last.events.isEmpty)
        #expect(story.campaign.revision == 1)
    }
}
