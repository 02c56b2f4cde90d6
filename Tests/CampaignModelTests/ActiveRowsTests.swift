import CampaignModel
import Recurrence
import Testing

/// The rows of the lifecycle's table from an active campaign on, except stop and newer drafts.
struct ActiveRowsTests {
    @Test("active | one-shot: activated_at + completes_after | completed: 72 hours exactly, over any change of clocks")
    func completeOneShot() throws {
        // Clocks in Paris go back on 2026-10-25 and forward on 2027-03-28.
        for start in ["2026-12-07T09:00", "2026-10-24T09:00", "2027-03-27T09:00"] {
            var story = try Story.activated(.oneShot(start), at: "2026-10-01T08:00:00Z")
            let due = try #require(story.last.nextDue)
            story.tick(after: due - story.now)
            let key = try story.only.key
            try story.run(key)
            try story.end(key, .sent)
            #expect(story.last.wakeAt == due + 72 * 3_600)
            story.tick(after: 72 * 3_600 - 1)
            #expect(story.status == .active)
            story.tick(after: 1)
            #expect(story.moves.last == "active→completed")
            #expect(story.campaign.endedAt == story.now)
            #expect(story.last.wakeAt == nil)
            #expect(story.last.nextDue == nil)
        }
    }

    @Test("completes_after is the administrator's to set")
    func completesAfterSetting() throws {
        var story = try Story(.oneShot(nil), at: "2026-12-01T08:00:00Z")
        story.rules.settings.completesAfter = .seconds(2)
        try story.perform(.activate)
        story.tick(after: 2)
        #expect(story.status == .completed)
    }

    @Test("active | recurring: the end is reached | completed; an occurrence due exactly at the end is claimed first")
    func completeAtEnd() throws {
        let content = try CampaignContent.daily("2026-12-07T09:00") { $0.schedule?.end = "2026-12-08T09:00" }
        var story = try Story.activated(content, at: "2026-12-01T08:00:00Z")
        try story.tick(at: "2026-12-07T08:00:00Z")
        try story.run(story.only.key)
        try story.tick(at: "2026-12-07T08:30:00Z")
        #expect(story.last.wakeAt == (try instant("2026-12-08T08:00:00Z")))
        try story.tick(at: "2026-12-08T08:00:00Z")
        #expect(story.moves.last == "active→completed")
        #expect(story.all.count == 2)
        #expect(story.all[1].due == story.now)
        #expect(!story.all[1].state.isFinal)
        let kinds = story.last.events.map(\.kind)
        #expect(kinds.firstIndex(of: .claimed) ?? 9 < kinds.firstIndex(of: .status) ?? 0)
    }

    @Test("an end that is a bare date lets the whole local day through", arguments: [
        ("2026-12-08", 2), ("2026-12-08T09:00", 2), ("2026-12-08T08:59:59", 1), ("2026-12-07T09:00", 1),
    ])
    func endForms(end: String, count: Int) throws {
        let content = try CampaignContent.daily("2026-12-07T09:00") { $0.schedule?.end = end }
        var story = try Story.activated(content, at: "2026-12-01T08:00:00Z")
        for day in ["07", "08", "09"] {
            try story.tick(at: "2026-12-\(day)T08:00:00Z")
            for send in story.all where send.state == .claimed {
                try story.run(send.key)
                try story.end(send.key, .sent)
            }
        }
        #expect(story.status == .completed)
        #expect(story.all.map(\.state) == Array(repeating: .sent, count: count))
    }

    @Test("with an end a recurring one stays active after its last occurrence, so that the end can still be moved")
    func activeUntilEnd() throws {
        let content = try CampaignContent.daily("2026-12-07T09:00") { $0.schedule?.end = "2026-12-07" }
        var story = try Story.activated(content, at: "2026-12-01T08:00:00Z")
        try story.tick(at: "2026-12-07T08:00:00Z")
        let key = try story.only.key
        try story.run(key)
        try story.end(key, .sent)
        #expect(story.status == .active)
        #expect(story.last.nextDue == nil)
        #expect(story.last.wakeAt == (try instant("2026-12-07T22:59:59Z")))
        try story.tick(at: "2026-12-07T22:59:59Z")
        #expect(story.status == .completed)
    }

    @Test("active | recurring: the rule has no more occurrence and the last one has ended | completed",
        arguments: [nil, "2027-06-01"])
    func completeWhenExhausted(end: String?) throws {
        let content = try CampaignContent.sample {
            $0.schedule?.start = "2026-12-07T09:00"
            $0.schedule?.rrule = "FREQ=DAILY;COUNT=2"
            $0.schedule?.end = end
        }
        var story = try Story.activated(content, at: "2026-12-01T08:00:00Z")
        try story.tick(at: "2026-12-07T08:00:00Z")
        try story.run(story.all[0].key)
        try story.end(story.all[0].key, .sent)
        #expect(story.status == .active)
        try story.tick(at: "2026-12-08T08:00:00Z")
        #expect(story.status == .active)
        try story.run(story.all[1].key)
        #expect(story.status == .active)
        try story.end(story.all[1].key, .failed(reason: "no"))
        #expect(story.moves.last == "active→completed")
        #expect(!story.alerts.contains(.outlivedCompletion))
    }

    @Test("UNTIL is an end like any other: it completes the campaign when it is reached")
    func completeAtUntil() throws {
        let content = try CampaignContent.sample {
            $0.schedule?.start = "2026-12-07T09:00"
            $0.schedule?.rrule = "FREQ=DAILY;UNTIL=20261208T120000"
        }
        var story = try Story.activated(content, at: "2026-12-01T08:00:00Z")
        try story.tick(at: "2026-12-07T08:00:00Z")
        #expect(story.alerts.contains(.noEnd) == false)
        try story.tick(at: "2026-12-08T08:00:00Z")
        try story.run(story.all[0].key)
        try story.tick(at: "2026-12-08T08:30:00Z")
        #expect(story.last.wakeAt == (try instant("2026-12-08T11:00:00Z")))
        try story.tick(at: "2026-12-08T11:00:00Z")
        #expect(story.status == .completed)
    }

    @Test("without an end a recurring one stays active until it is stopped")
    func activeForEver() throws {
        var story = try Story.activated(.daily("2026-12-07T09:00"), at: "2026-12-01T08:00:00Z")
        try story.tick(at: "2046-12-07T08:00:00Z")
        #expect(story.status == .active)
        #expect(story.alerts.contains(.noEnd))
    }

    @Test("active, triggered | its end is reached | completed")
    func completeTriggered() throws {
        var story = try Story.activated(
            .triggered { $0.schedule?.end = "2026-12-08" }, at: "2026-12-01T08:00:00Z")
        #expect(story.last.wakeAt == (try instant("2026-12-08T22:59:59Z")))
        try story.tick(at: "2026-12-08T22:59:58Z")
        #expect(story.status == .active)
        try story.tick(at: "2026-12-08T22:59:59Z")
        #expect(story.moves.last == "active→completed")
    }

    @Test("completed, stopped | archive | archived, not listed by default; archived | unarchive | the status it had")
    func archive() throws {
        for ending in [Status.stopped, .completed] {
            var story = try Story.activated(.daily(nil) { $0.schedule?.count = "1" }, at: "2026-12-01T08:00:00Z")
            if ending == .stopped {
                try story.perform(.stop)
            } else {
                let key = try story.only.key
                try story.run(key)
                try story.end(key, .sent)
            }
            #expect(story.status == ending)
            try story.perform(.archive)
            #expect(story.moves.last == "\(ending.rawValue)→archived")
            #expect(story.campaign.archivedFrom == ending)
            #expect(!story.status.isListedByDefault)
            try story.perform(.unarchive)
            #expect(story.status == ending)
            #expect(story.campaign.archivedFrom == nil)
            let sends = story.all
            try story.tick(at: "2027-12-01T08:00:00Z")
            #expect(story.last.events.isEmpty)
            #expect(story.last.wakeAt == nil)
            #expect(story.all == sends)
        }
    }

    @Test("the lifecycle always moves: after a long absence each status is recorded, once and in order")
    func catchesUpWithLife() throws {
        var oneShot = try Story.activated(.oneShot("2026-12-07T09:00"), at: "2026-12-01T08:00:00Z")
        try oneShot.tick(at: "2026-12-07T12:00:00Z")
        #expect(oneShot.moves == ["draft→scheduled", "scheduled→activating", "activating→active"])
        let key = try oneShot.only.key
        oneShot.take(.neverBegan(key))
        #expect(try oneShot.only.state == .missed)
        try oneShot.tick(at: "2026-12-10T12:00:00Z")
        #expect(oneShot.moves.last == "active→completed")

        let content = try CampaignContent.daily("2026-12-07T09:00") { $0.schedule?.end = "2026-12-09" }
        var recurring = try Story.activated(content, at: "2026-12-01T08:00:00Z")
        try recurring.tick(at: "2027-12-01T08:00:00Z")
        #expect(recurring.moves == [
            "draft→scheduled", "scheduled→activating", "activating→active", "active→completed",
        ])
        #expect(try recurring.only.state == .missed)
        #expect(try recurring.only.count == 3)
        recurring.tick()
        #expect(recurring.last.events.isEmpty)
    }

    @Test("every change of status is one event, its actor and reason told")
    func eventOfStatus() throws {
        var story = try Story.activated(.daily("2026-12-07T09:00"), at: "2026-12-01T08:00:00Z")
        let ana = Issuer(actor: EventActor(uid: 1_000, name: "ana"), reason: "wrong month")
        try story.perform(.unschedule, by: ana)
        let event = try #require(story.last.events.last)
        #expect(story.last.events.count == story.last.events.filter { $0.kind != .status }.count + 1)
        #expect(event.actor == ana.actor)
        #expect(event.reason == "wrong month")
        #expect(event.at == story.now)
        #expect(event.from == .scheduled)
        #expect(event.to == .draft)
        #expect(event.campaign?.version == 1)
        #expect(event.campaign?.title == "Spring")
    }
}
