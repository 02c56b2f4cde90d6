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

    @Test("what a list asks for at once is what is told one by one")
    func outlook() throws {
        let ended: (inout CampaignDefinition) -> Void = { $0.schedule?.end = "2027-03-31" }
        var stories = [
            try Story(.daily("2026-12-07T09:00"), at: "2026-12-08T12:00:00Z"),
            try Story.activated(.daily("2026-12-07T09:00", edit: ended), at: "2026-12-01T08:00:00Z"),
            try Story.activated(.oneShot("2026-12-09T09:00"), at: "2026-12-08T12:00:00Z"),
            try Story.activated(.triggered(), at: "2026-12-01T08:00:00Z"),
            try Story.activated(.triggered(edit: ended), at: "2026-12-01T08:00:00Z"),
        ]
        var stopped = stories[1]
        try stopped.perform(.stop)
        stories.append(stopped)
        var gone = stories[1]
        gone.rules.zones = SystemZones(directory: "/nonexistent")
        stories.append(gone)
        for story in stories {
            let version = try #require(story.campaign.current)
            let outlook = story.rules.outlook(of: story.campaign, at: story.now, limit: 2)
            #expect(outlook.completesAt == story.rules.completion(of: story.campaign, at: story.now))
            let upcoming = story.rules.upcoming(of: version, in: story.campaign, at: story.now, limit: 2)
            #expect(outlook.upcoming == (version.content.isTriggered ? [] : upcoming))
        }
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

    private func preview(
        _ story: Story, _ version: Version?, after: String? = nil, limit: Int = 3
    ) throws -> OccurrencePage {
        try story.rules.preview(
            of: try #require(version), in: story.campaign, at: story.now, after: try after.map(instant), limit: limit)
    }

    @Test("a preview tells local time, zone and mark, and whether more follow")
    func marks() throws {
        let sydney = try CampaignContent.daily("2026-10-03T02:30") {
            $0.schedule?.timezone = "Australia/Sydney"
            $0.schedule?.count = "3"
        }
        let story = try Story(sydney, at: "2026-10-01T00:00:00Z")
        let two = try preview(story, story.campaign.draft, limit: 2)
        #expect(two.zoneName == "Australia/Sydney")
        #expect(two.occurrences.map(\.instant.description) == ["2026-10-02T16:30:00Z", "2026-10-03T16:30:00Z"])
        #expect(two.occurrences.map(\.local.description) == ["2026-10-03T02:30:00", "2026-10-04T03:30:00"])
        #expect(two.occurrences.map(\.mark) == [nil, .gapShifted])
        #expect(!two.isExhausted)
        let rest = try preview(story, story.campaign.draft, after: "2026-10-03T16:30:00Z")
        #expect(rest.occurrences.map(\.instant.description) == ["2026-10-04T15:30:00Z"])
        #expect(rest.isExhausted)
        #expect(try preview(story, story.campaign.draft, after: "2027-01-01T00:00:00Z")
            == OccurrencePage(occurrences: [], zoneName: "Australia/Sydney", isExhausted: true))
    }

    @Test("a draft without a start begins at this second, a newer one over a live version does not")
    func startNow() throws {
        let now = "2026-12-08T12:00:00Z"
        for start in [nil, "now"] {
            let daily = try Story(.daily(start), at: now)
            #expect(try upcoming(daily, daily.campaign.draft, limit: 2) == [now, "2026-12-09T12:00:00Z"])
            let oneShot = try Story(.oneShot(start), at: now)
            let page = try preview(oneShot, oneShot.campaign.draft)
            #expect(page.occurrences.map(\.instant.description) == [now])
            #expect(page.occurrences.map(\.local.description) == ["2026-12-08T13:00:00"])
            #expect(page.isExhausted)
        }
        var live = try Story.activated(.daily(nil), at: "2026-12-01T08:00:00Z")
        try live.perform(.apply(.daily(nil) { $0.title = "New" }, sourceText: nil, tags: []))
        #expect(try upcoming(live, live.campaign.draft, limit: 1) == ["2026-12-02T08:00:00Z"])
    }

    @Test("what is decided or past is not shown again, whatever is asked for")
    func decided() throws {
        var story = try Story.activated(.daily("2026-12-07T09:00"), at: "2026-12-01T08:00:00Z")
        try story.tick(at: "2026-12-07T08:00:00Z")
        // A clock that is set back brings nothing up again.
        try story.tick(at: "2026-12-07T07:59:00Z")
        let page = try preview(story, story.campaign.live, after: "2026-01-01T00:00:00Z", limit: 1)
        #expect(page.occurrences.map(\.instant.description) == ["2026-12-08T08:00:00Z"])
    }

    @Test("an ended and a triggered campaign have nothing to come; a zone that is gone is told")
    func nothing() throws {
        var story = try Story.activated(.daily(nil), at: "2026-12-01T08:00:00Z")
        try story.perform(.stop)
        #expect(try preview(story, story.campaign.live)
            == OccurrencePage(occurrences: [], zoneName: "Europe/Paris", isExhausted: true))
        let triggered = try Story(.triggered(), at: "2026-12-01T08:00:00Z")
        #expect(try preview(triggered, triggered.campaign.draft)
            == OccurrencePage(occurrences: [], zoneName: "Europe/Paris", isExhausted: true))
        var gone = try Story(.daily(nil), at: "2026-12-01T08:00:00Z")
        gone.rules.zones = SystemZones(directory: "/nonexistent")
        let error = #expect(throws: FieldError.self) { try preview(gone, gone.campaign.draft) }
        #expect(error?.field == "schedule.timezone")
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
