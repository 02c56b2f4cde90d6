import CampaignModel
import Recurrence
import Testing

/// The checks and the alerts that they raise.
struct ChecksTests {
    private func codes(
        _ content: CampaignContent, at now: String = "2026-12-01T08:00:00Z", edit: (inout Story) -> Void = { _ in }
    ) throws -> [AlertCode] {
        var story = try Story(content, at: "2026-12-01T08:00:00Z")
        story.now = try instant(now)
        edit(&story)
        return Lifecycle.checks(of: story.state, at: story.now, under: story.rules).map(\.code)
    }

    @Test("a complete campaign passes")
    func complete() throws {
        #expect(try codes(.oneShot("2026-12-07T09:00")).isEmpty)
        #expect(try codes(.oneShot(nil)).isEmpty)
        #expect(try codes(.triggered()).isEmpty)
        #expect(try codes(.daily("2026-12-07T09:00") { $0.schedule?.end = "2027-01-01" }).isEmpty)
        #expect(try codes(.daily("2026-12-07T09:00") { $0.schedule?.count = "3" }).isEmpty)
    }

    @Test("message-missing: none named, or none of that name; message-not-published: only drafts of it")
    func message() throws {
        #expect(try codes(.oneShot(nil) { $0.message = nil }) == [.messageMissing])
        #expect(try codes(.oneShot(nil) { $0.message = "absent" }) == [.messageMissing])
        #expect(try codes(.oneShot(nil)) { $0.state.messages = ["spring-2026": .missing] } == [.messageMissing])
        let drafts: [Slug: MessageState] = ["spring-2026": .notPublished]
        #expect(try codes(.oneShot(nil)) { $0.state.messages = drafts } == [.messageNotPublished])
    }

    @Test("surface-missing and surface-wrong-channel")
    func surface() throws {
        #expect(try codes(.oneShot(nil) { $0.surface = nil }) == [.surfaceMissing])
        #expect(try codes(.oneShot(nil) { $0.surface = "absent" }) == [.surfaceMissing])
        #expect(try codes(.oneShot(nil) { $0.surface = "texts" }) == [.surfaceWrongChannel])
        #expect(try codes(.oneShot(nil) { $0.channel = nil }).isEmpty)
    }

    @Test("audience-missing")
    func audience() throws {
        #expect(try codes(.oneShot(nil) { $0.audience = nil }) == [.audienceMissing])
        #expect(try codes(.oneShot(nil) { $0.audience = "absent" }) == [.audienceMissing])
    }

    @Test("start-in-past concerns a one-shot alone")
    func startInPast() throws {
        #expect(try codes(.oneShot("2026-12-07T09:00"), at: "2026-12-07T08:00:00Z") == [.startInPast])
        #expect(try codes(.daily("2026-12-07T09:00"), at: "2026-12-07T08:00:00Z") == [.noEnd])
        #expect(try codes(.triggered { $0.schedule?.start = "2026-12-07T09:00" }, at: "2026-12-09T08:00:00Z").isEmpty)
    }

    @Test("end-in-past and never-occurs: nothing could ever be sent")
    func nothingToCome() throws {
        let ended = try CampaignContent.daily("2026-12-07T09:00") { $0.schedule?.end = "2026-12-08" }
        #expect(try codes(ended, at: "2026-12-08T22:59:58Z") == [.neverOccurs])
        #expect(try codes(ended, at: "2026-12-08T22:59:59Z") == [.endInPast])
        let triggered = try CampaignContent.triggered { $0.schedule?.end = "2026-12-08" }
        #expect(try codes(triggered, at: "2026-12-09T00:00:00Z") == [.endInPast])
        let counted = try CampaignContent.daily("2026-12-07T09:00") { $0.schedule?.count = "2" }
        #expect(try codes(counted, at: "2026-12-07T12:00:00Z").isEmpty)
        #expect(try codes(counted, at: "2026-12-08T08:00:00Z") == [.neverOccurs])
    }

    @Test("title-missing and no-end warn and block nothing")
    func warnings() throws {
        let content = try CampaignContent.daily("2026-12-07T09:00") { $0.title = nil }
        #expect(try codes(content) == [.titleMissing, .noEnd])
        let story = try Story.activated(content, at: "2026-12-01T08:00:00Z")
        #expect(story.campaign.alerts.map(\.severity) == [.warning, .warning])
        #expect(story.events.filter { $0.kind == .alertRaised }.map(\.alert) == [.titleMissing, .noEnd])
    }

    @Test("a campaign in force is checked for what its next sends need, not for its start")
    func checksOfLive() throws {
        var story = try Story.activated(.oneShot("2026-12-07T09:00"), at: "2026-12-01T08:00:00Z")
        try story.tick(at: "2026-12-07T08:00:00Z")
        #expect(Lifecycle.checks(of: story.state, at: story.now, under: story.rules).isEmpty)
        story.rules.catalogue.audiences = []
        #expect(Lifecycle.checks(of: story.state, at: story.now, under: story.rules).map(\.code) == [.audienceMissing])
    }

    @Test("each alert says what to do, the field and since when; it clears when its cause does")
    func alerts() throws {
        var story = try Story.activated(.oneShot("2026-12-07T09:00"), at: "2026-12-01T08:00:00Z")
        story.rules.catalogue.audiences = []
        try story.tick(at: "2026-12-07T08:00:00Z")
        let alert = try #require(story.campaign.alerts.first)
        #expect(alert.code == .audienceMissing)
        #expect(alert.severity == .error)
        #expect(alert.field == "audience")
        #expect(alert.text == "there is no audience subscribers; set it up in audiences.d, or name another")
        #expect(alert.since == story.now)
        story.tick(after: 30)
        #expect(story.campaign.alerts == [alert])
        story.rules.catalogue.audiences = ["subscribers"]
        story.tick(after: 30)
        #expect(story.campaign.alerts.isEmpty)
        #expect(story.last.events.map(\.kind).contains(.alertCleared))
    }

    @Test("what happened stays until a person takes note of it, repeats folded into one")
    func acknowledge() throws {
        var story = try Story.activated(.daily("2026-12-07T09:00"), at: "2026-12-01T08:00:00Z")
        for day in ["07", "08"] {
            try story.tick(at: "2026-12-\(day)T08:00:00Z")
            let key = try #require(story.all.last).key
            try story.run(key)
            try story.end(key, .failed(reason: "no \(day)"))
        }
        #expect(story.alerts == [.noEnd, .sendFailed])
        let key = try #require(story.all.last).key
        #expect(
            story.campaign.alerts[1].text == "a send failed: no 08; campaignctl retry '\(key)' tries it again")
        #expect(story.campaign.alerts[1].count == 2)
        #expect(story.campaign.alerts[1].since == (try instant("2026-12-07T08:00:00Z")))
        #expect(story.events.filter { $0.alert == .sendFailed }.count == 1)
        try story.perform(.acknowledge)
        #expect(story.alerts == [.noEnd])
    }

    @Test("the alerts of checks end with the campaign")
    func endOfCampaign() throws {
        var story = try Story.activated(.daily(nil), at: "2026-12-01T08:00:00Z")
        try story.run(story.only.key)
        try story.end(story.only.key, .failed(reason: "no"))
        #expect(story.alerts == [.noEnd, .sendFailed])
        try story.perform(.stop)
        #expect(story.alerts == [.sendFailed])
    }

    @Test("codes have the severities of the design, and words that people see")
    func severities() {
        let warnings: Set<AlertCode> = [
            .audienceEmpty, .endsTooLate, .titleMissing, .noEnd, .sendSlow, .overlapSkipped, .zoneDataChanged,
            .outlivedCompletion,
        ]
        for code in AlertCode.allCases { #expect(code.severity == (warnings.contains(code) ? .warning : .error)) }
        #expect(AlertCode.outlivedCompletion.rawValue == "outlived-completion")
    }
}
