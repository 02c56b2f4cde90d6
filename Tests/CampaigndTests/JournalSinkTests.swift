import CampaignModel
import Glibc
import Recurrence
import SystemdKit
import Testing

@testable import campaignd

/// The history as journald gets it.
@Suite struct JournalSinkTests {
    private let at = Instant("2026-12-07T08:00:01Z")!
    private let due = Instant("2026-12-07T08:00:00Z")!
    private let key = OccurrenceKey("abcdefghijklmnop/2026-12-07T09:00:00/Europe/Paris")!
    private let spring = EventCampaign(
        id: CampaignID("abcdefghijklmnop")!, name: Slug("spring")!, title: "Soldes d’été 🎉", version: 3)

    private func entry(_ event: Event) -> JournalEntry {
        JournalEntry(RecordedEvent(sequence: 17, event: event))
    }

    private func fields(_ entry: JournalEntry) -> [String] {
        entry.fields.map { "\($0.name)=\(String(decoding: $0.value, as: UTF8.self))" }
    }

    @Test("each kind of event has a message id of its own")
    func messageIDs() throws {
        let ids = EventKind.allCases.map(\.messageID)
        #expect(Set(ids).count == EventKind.allCases.count)
        // The same check as the one that a text from outside passes.
        for id in ids { _ = try MessageID(id.description) }
    }

    @Test("a change of status has the campaign, both statuses, its number and the person")
    func status() {
        let entry = entry(
            Event(
                .status, at: at, campaign: spring, from: .scheduled, to: .activating,
                actor: EventActor(uid: 1_000, name: "ann"), reason: "why not", text: "its start is reached"))
        #expect(entry.message == "spring: scheduled → activating: its start is reached: why not")
        #expect(entry.priority == .notice)
        #expect(entry.messageID == "9b4bfc7075f94d21baf568f4abd51fae")
        #expect(
            fields(entry) == [
                "EVENT_SEQ=17", "CAMPAIGN=spring", "CAMPAIGN_TITLE=Soldes d’été 🎉", "CAMPAIGN_STATUS=activating",
                "CAMPAIGN_STATUS_FROM=scheduled", "CAMPAIGN_VERSION=3", "ACTOR_UID=1000",
            ])
    }

    @Test("a new campaign has the status that it came to, and none that it came from")
    func created() {
        let entry = entry(
            Event(
                .created, at: at, campaign: spring, to: .draft, actor: EventActor(uid: 0, name: "root"),
                text: "created"))
        #expect(entry.message == "spring: created")
        #expect(fields(entry).contains("CAMPAIGN_STATUS=draft"))
        #expect(fields(entry).contains("ACTOR_UID=0"))
        #expect(!fields(entry).contains { $0.hasPrefix("CAMPAIGN_STATUS_FROM=") })
        #expect(entry.priority == .informational)
    }

    @Test("the end of a send has its key, its time and its outcome")
    func ended() {
        let entry = entry(
            Event(
                .ended, at: at, campaign: spring, key: key, due: due, outcome: .sent, actor: .daemon, text: "sent"))
        #expect(entry.message == "spring: sent")
        #expect(
            fields(entry) == [
                "EVENT_SEQ=17", "CAMPAIGN=spring", "CAMPAIGN_TITLE=Soldes d’été 🎉", "CAMPAIGN_VERSION=3",
                "OCCURRENCE_KEY=abcdefghijklmnop/2026-12-07T09:00:00/Europe/Paris",
                "OCCURRENCE_TIME=2026-12-07T08:00:00Z", "SEND_OUTCOME=sent",
            ])
    }

    @Test("an alert has its code")
    func alert() {
        let entry = entry(
            Event(
                .alertRaised, at: at, campaign: spring, alert: .audienceMissing, actor: .daemon,
                text: "the audience subscribers is not set up"))
        #expect(entry.message == "spring: the audience subscribers is not set up")
        #expect(fields(entry).contains("ALERT_CODE=audience-missing"))
        #expect(entry.messageID == EventKind.alertRaised.messageID)
    }

    @Test("an event of no campaign, without a person, has its number alone")
    func daemon() {
        let entry = entry(Event(.daemonStarted, at: at, campaign: nil, actor: .daemon, text: "campaignd 1 starts"))
        #expect(entry.message == "campaignd 1 starts")
        #expect(fields(entry) == ["EVENT_SEQ=17"])
    }

    @Test("a campaign without title and version has no such fields")
    func untitled() {
        let bare = EventCampaign(id: spring.id, name: spring.name, title: nil, version: nil)
        let entry = entry(Event(.deleted, at: at, campaign: bare, actor: .daemon, text: "deleted"))
        #expect(fields(entry) == ["EVENT_SEQ=17", "CAMPAIGN=spring"])
    }

    @Test("the sentence shows what a surface says with its controls escaped")
    func escaped() {
        let entry = entry(
            Event(
                .ended, at: at, campaign: spring, key: key, outcome: .failed, actor: .daemon,
                text: "failed: \u{1B}[2Jall is well\u{202E}"))
        #expect(entry.message == "spring: failed: \\u{1B}[2Jall is well\\u{202E}")
    }

    static let outcomes: [(SendState, JournalPriority)] = [
        (.sent, .informational), (.failed, .error), (.interrupted, .error), (.missed, .error), (.skipped, .warning),
        (.cancelled, .warning),
    ]

    @Test("a send that ended badly stands out", arguments: outcomes)
    func outcomePriority(outcome: SendState, expected: JournalPriority) {
        let event = Event(.ended, at: at, campaign: spring, key: key, outcome: outcome, actor: .daemon, text: "")
        #expect(entry(event).priority == expected)
    }

    @Test("an alert's priority follows its severity", arguments: AlertCode.allCases)
    func alertPriority(code: AlertCode) {
        let event = Event(.alertRaised, at: at, campaign: spring, alert: code, actor: .daemon, text: "")
        #expect(entry(event).priority == (code.severity == .error ? .error : .warning))
        let cleared = Event(.alertCleared, at: at, campaign: spring, alert: code, actor: .daemon, text: "")
        #expect(entry(cleared).priority == .informational)
    }

    @Test("every kind fits an entry's limits, and warns only where something is wrong", arguments: EventKind.allCases)
    func everyKind(kind: EventKind) throws {
        let event = Event(
            kind, at: at, campaign: spring, from: .draft, to: .scheduled, key: key, due: due, outcome: .sent,
            alert: .noEnd, actor: EventActor(uid: 1, name: "a"), text: "text")
        let entry = entry(event)
        #expect(entry.fields.count == 11)
        let warns: Set<EventKind> = [.alertRaised, .waiting, .clockJumped, .fenced, .fenceLifted]
        #expect((entry.priority == .warning) == warns.contains(kind))
        #expect(entry.priority.rawValue >= JournalPriority.warning.rawValue)
    }

    @Test("events are delivered one a line and in order, and one that can't be written is thrown")
    func delivered() throws {
        var ends: [CInt] = [-1, -1]
        try #require(pipe(&ends) == 0)
        let sink = JournalSink(journal: Journal(identifier: "campaignd", destination: .lines(descriptor: ends[1])))
        let events = (1...3).map { number in
            RecordedEvent(
                sequence: Int64(number), event: Event(.paused, at: at, campaign: spring, actor: .daemon, text: "n"))
        }
        try sink.deliver(events)
        close(ends[1])
        var bytes = [UInt8](repeating: 0, count: 65_536)
        let count = read(ends[0], &bytes, bytes.count)
        close(ends[0])
        let lines = String(decoding: bytes[..<count], as: UTF8.self).split(separator: "\n")
        #expect(lines.count == 3)
        for (index, line) in lines.enumerated() { #expect(line.contains(" EVENT_SEQ=\(index + 1) "), "\(line)") }
        let nowhere = JournalSink(journal: Journal(identifier: "campaignd", destination: .lines(descriptor: -1)))
        #expect(throws: JournalError.self) { try nowhere.deliver(events) }
    }
}
