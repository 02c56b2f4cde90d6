import CampaignModel
import Recurrence
import Testing

/// Due first: a command decides all that is due at or before its `now`, by the rules then in force, and then acts.
struct DueFirstTests {
    @Test("a command at the due instant finds the campaign after it: claimed, then changed", arguments: [
        Command.pause, .modify, .tag(adding: ["x"], removing: []), .acknowledge,
    ])
    func claimedFirst(command: Command) throws {
        var story = try Story.activated(.daily("2026-12-07T09:00"), at: "2026-12-01T08:00:00Z")
        story.now = try instant("2026-12-07T08:00:00Z")
        try story.perform(command)
        #expect(story.status == .active)
        #expect(try story.only.state == .claimed)
        #expect(try story.only.due == story.now)
    }

    @Test("the statuses on the way are recorded in the same transaction, before what the command does")
    func order() throws {
        var story = try Story.activated(.daily("2026-12-07T09:00"), at: "2026-12-01T08:00:00Z")
        story.now = try instant("2026-12-07T08:00:00Z")
        try story.perform(.pause)
        #expect(story.last.events.map(\.kind) == [.status, .status, .claimed, .paused])
        #expect(story.last.events.map(\.at).allSatisfy { $0 == story.now })
    }

    @Test("what is over is completed first, and the command meets a completed campaign")
    func completedFirst() throws {
        var story = try Story.activated(.oneShot(nil), at: "2026-12-01T08:00:00Z")
        try story.run(story.only.key)
        try story.end(story.only.key, .sent)
        story.now = try instant("2026-12-04T08:00:00Z")
        try story.perform(.archive)
        #expect(story.last.events.map(\.to) == [.completed, .archived])
    }

    @Test("an hourly rule runs in both hours of a fold, each under a key of its own")
    func foldKeys() throws {
        let content = try CampaignContent.sample {
            $0.schedule?.start = "2026-10-25T01:30"
            $0.schedule?.every = "hour"
            $0.overlap = "allow"
        }
        var story = try Story.activated(content, at: "2026-10-20T08:00:00Z")
        for hour in ["24T23", "25T00", "25T01", "25T02", "25T03"] { try story.tick(at: "2026-10-\(hour):30:00Z") }
        #expect(story.all.map { $0.key.text.split(separator: "/")[1] } == [
            "2026-10-24T23:30:00Z", "2026-10-25T00:30:00Z", "2026-10-25T01:30:00Z", "2026-10-25T02:30:00Z",
            "2026-10-25T03:30:00Z",
        ])
    }

    @Test("a calendar rule's key is the nominal local time and zone, also where the clocks skip it")
    func gapKey() throws {
        let content = try CampaignContent.sample {
            $0.schedule?.start = "2026-10-04T02:30"
            $0.schedule?.timezone = "Australia/Sydney"
        }
        var story = try Story.activated(content, at: "2026-10-01T08:00:00Z")
        #expect(story.last.nextDue == (try instant("2026-10-03T16:30:00Z")))
        try story.tick(at: "2026-10-03T16:30:00Z")
        #expect(try story.only.key.text == "abcdefghijklmnopqrstuvwxyz/2026-10-04T02:30:00[Australia/Sydney]")
        #expect(try story.only.nominal == LocalDateTime("2026-10-04T02:30"))
    }

    @Test("daily 15:00 in Amsterdam over the change of the clocks")
    func amsterdam() throws {
        let content = try CampaignContent.daily("2026-03-28T15:00") { $0.schedule?.timezone = "Europe/Amsterdam" }
        var story = try Story.activated(content, at: "2026-03-20T08:00:00Z")
        #expect(story.last.nextDue == (try instant("2026-03-28T14:00:00Z")))
        try story.tick(at: "2026-03-28T14:00:00Z")
        #expect(story.last.nextDue == (try instant("2026-03-29T13:00:00Z")))
    }
}
