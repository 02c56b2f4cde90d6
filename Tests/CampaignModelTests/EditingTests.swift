import CampaignModel
import Recurrence
import Testing

/// Modify, apply, discard and tags: what changes a campaign's words and fires nothing.
struct EditingTests {
    @Test("modify makes draft n+1 beside the live version; with a draft present it changes nothing and succeeds")
    func modify() throws {
        var story = try Story.activated(.daily("2026-12-07T09:00"), at: "2026-12-01T08:00:00Z")
        try story.perform(.modify)
        #expect(story.campaign.draft?.number == 2)
        #expect(story.campaign.draft?.content == story.campaign.live?.content)
        #expect(story.campaign.live?.number == 1)
        #expect(story.status == .scheduled)
        #expect(story.last.events.map(\.kind) == [.modified])
        let before = story.state
        try story.perform(.modify)
        #expect(story.state == before)
        #expect(story.last.events.isEmpty)
    }

    @Test("a one-shot is not modified: the reason points to unschedule or duplicate")
    func modifyOneShot() throws {
        var story = try Story.activated(.oneShot("2026-12-07T09:00"), at: "2026-12-01T08:00:00Z")
        guard case .invalidState(.scheduled, .modify, _, let planned) = try story.refusal(of: .modify) else {
            Issue.record("it was refused for another reason")
            return
        }
        #expect(planned == "a one-shot has no second version; unschedule it, or duplicate it")
        try story.tick(at: "2026-12-07T08:00:00Z")
        guard case .invalidState(.active, .modify, _, let active) = try story.refusal(of: .modify) else {
            Issue.record("it was refused for another reason")
            return
        }
        #expect(active == "a one-shot has no second version; duplicate it instead")
    }

    @Test("discard drops the draft; its number is not used again")
    func discard() throws {
        var story = try Story.activated(.daily("2026-12-07T09:00"), at: "2026-12-01T08:00:00Z")
        try story.perform(.modify)
        try story.perform(.discard)
        #expect(story.campaign.draft == nil)
        #expect(story.last.events.map(\.kind) == [.discarded])
        try story.perform(.modify)
        #expect(story.campaign.draft?.number == 3)
        try story.perform(.activate)
        #expect(story.campaign.live?.number == 3)
    }

    @Test("apply of what equals the draft, or the live version where there is no draft, changes nothing and succeeds")
    func applyEqual() throws {
        let content = try CampaignContent.daily("2026-12-07T09:00")
        var story = try Story(content, at: "2026-12-01T08:00:00Z", tags: ["fr"])
        func applyAgain(_ story: inout Story) throws {
            let before = story.state
            try story.perform(.apply(content, sourceText: "# a comment", tags: ["fr"]))
            #expect(story.state == before)
            #expect(story.last.events.isEmpty)
        }
        try applyAgain(&story)
        try story.perform(.activate)
        try applyAgain(&story)
        try story.tick(at: "2026-12-07T08:00:00Z")
        try applyAgain(&story)
        try story.perform(.stop)
        try applyAgain(&story)
        try story.perform(.archive)
        try applyAgain(&story)
    }

    @Test("apply with a difference in tags alone changes the tags, in every status, without a version")
    func applyTags() throws {
        let content = try CampaignContent.oneShot("2026-12-07T09:00")
        var story = try Story(content, at: "2026-12-01T08:00:00Z", tags: ["fr"])
        try story.perform(.activate)
        try story.perform(.apply(content, sourceText: nil, tags: ["de", "fr"]))
        #expect(story.campaign.tags == ["de", "fr"])
        #expect(story.campaign.draft == nil)
        #expect(story.last.events.map(\.kind) == [.tagged])
    }

    @Test("tags are added and removed, one by one, whatever the others are; more than the limit are refused")
    func addAndRemoveTags() throws {
        var story = try Story(.oneShot("2026-12-07T09:00"), at: "2026-12-01T08:00:00Z", tags: ["fr", "de"])
        try story.perform(.tag(adding: ["it", "de"], removing: ["fr", "es"]))
        #expect(story.campaign.tags == ["de", "it"])
        #expect(story.campaign.draft?.number == 1)
        try story.perform(.tag(adding: ["it"], removing: []))
        #expect(story.last.events.isEmpty)
        let many = (1...Tags.limit).compactMap { Slug("t\($0)") }
        guard case .invalidField(let error) = try story.refusal(of: .tag(adding: many, removing: [])) else {
            Issue.record("it is refused for another reason")
            return
        }
        #expect(error.description == "tags: \"34\" tags are too many; 32 at most are allowed")
        try story.perform(.tag(adding: [], removing: ["de", "it"]))
        #expect(story.campaign.tags.isEmpty)
    }

    @Test("apply of a difference changes the draft")
    func applyToDraft() throws {
        var story = try Story(.oneShot("2026-12-07T09:00"), at: "2026-12-01T08:00:00Z")
        let other = try CampaignContent.daily("2026-12-08T09:00")
        try story.perform(.apply(other, sourceText: "# mine", tags: ["de"]))
        #expect(story.campaign.draft?.content == other)
        #expect(story.campaign.draft?.sourceText == "# mine")
        #expect(story.campaign.draft?.number == 1)
        #expect(story.campaign.kind == .recurring)
        #expect(story.last.events.map(\.kind) == [.tagged, .changed])
        #expect(story.campaign.revision == 2)
    }

    @Test("apply makes a draft where a live recurring or triggered campaign has none, and changes it the next time")
    func applyBesideLive() throws {
        var story = try Story.activated(.daily("2026-12-07T09:00"), at: "2026-12-01T08:00:00Z")
        let live = story.campaign.live
        try story.perform(.apply(.daily("2026-12-07T10:00"), sourceText: nil, tags: []))
        #expect(story.campaign.draft?.number == 2)
        try story.perform(.apply(.daily("2026-12-07T11:00"), sourceText: nil, tags: []))
        #expect(story.campaign.draft?.number == 2)
        #expect(story.campaign.draft?.content.schedule.start == LocalDateTime("2026-12-07T11:00"))
        #expect(story.campaign.live == live)
        var triggered = try Story.activated(.triggered(), at: "2026-12-01T08:00:00Z")
        try triggered.perform(.apply(.triggered { $0.title = "New" }, sourceText: nil, tags: []))
        #expect(triggered.campaign.draft?.number == 2)
    }

    @Test("apply to a live one-shot or an ended campaign is refused")
    func applyRefused() throws {
        let other = Command.apply(try .oneShot("2027-12-07T09:00"), sourceText: nil, tags: [])
        var story = try Story.activated(.oneShot("2026-12-07T09:00"), at: "2026-12-01T08:00:00Z")
        guard case .invalidState(.scheduled, .apply, [.unschedule, .stop, .duplicate, .tag, .acknowledge], _) =
            try story.refusal(of: other)
        else {
            Issue.record("it was refused for another reason")
            return
        }
        try story.perform(.stop)
        guard case .invalidState(.stopped, .apply, [.duplicate, .archive, .tag, .acknowledge], let why) =
            try story.refusal(of: other)
        else {
            Issue.record("it was refused for another reason")
            return
        }
        #expect(why == "it has ended; duplicate it instead")
    }

    @Test("a draft that can never be is refused when it is made, and nothing changes", arguments: [
        ("2026-12-07T09:00", "2026-12-06", "schedule.end"), ("2026-12-07T09:00", "2026-12-07T08:59:59", "schedule.end"),
    ])
    func neverOccurs(start: String, end: String, field: String) throws {
        let bad = try CampaignContent.daily(start) { $0.schedule?.end = end }
        do {
            _ = try Story(bad, at: "2026-12-01T08:00:00Z")
            Issue.record("it was created")
        } catch Refusal.invalidField(let error) {
            #expect(error.field == field)
        }
        var story = try Story.activated(.daily(start), at: "2026-12-01T08:00:00Z")
        let before = story.state
        guard case .invalidField = try story.refusal(of: .apply(bad, sourceText: nil, tags: ["x"])) else {
            Issue.record("it was refused for another reason")
            return
        }
        #expect(story.state == before)
        story.tick()
    }

    @Test("versions have a limit, told by its name")
    func versionLimit() throws {
        var story = try Story.activated(.daily("2026-12-07T09:00"), at: "2026-12-01T08:00:00Z")
        story.rules.settings.limits.versions = 3
        for _ in 2...3 {
            try story.perform(.modify)
            try story.perform(.discard)
        }
        guard case .held("limits.versions", _) = try story.refusal(of: .modify) else {
            Issue.record("it was refused for another reason")
            return
        }
    }

    @Test("revision counts changes; what changes nothing keeps it")
    func revision() throws {
        var story = try Story(.daily("2026-12-07T09:00"), at: "2026-12-01T08:00:00Z")
        #expect(story.campaign.revision == 1)
        try story.perform(.activate)
        #expect(story.campaign.revision == 2)
        story.tick(after: 60)
        try story.perform(.acknowledge)
        #expect(story.campaign.revision == 2)
        try story.perform(.pause)
        #expect(story.campaign.revision == 3)
        try story.perform(.resume)
        try story.tick(at: "2026-12-07T08:00:00Z")
        #expect(story.campaign.revision == 5)
    }

    @Test("that a send goes on is no change of its campaign: a revision seen before still holds")
    func revisionAndSends() throws {
        var story = try Story.activated(.daily(nil), at: "2026-12-01T08:00:00Z")
        let revision = story.campaign.revision
        let key = try story.only.key
        story.enqueue(key)
        try story.run(key)
        try story.end(key, .sent)
        #expect(story.campaign.revision == revision)
    }
}
