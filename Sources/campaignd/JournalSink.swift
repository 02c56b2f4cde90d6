import CampaignEngine
import CampaignModel
import Recurrence
import SystemdKit

/// Writes the history to the journal, each event as one entry with the fields that journalctl can match on. Without
/// journald the same goes to standard error.
struct JournalSink: EventSink {
    let journal: Journal

    func deliver(_ events: [RecordedEvent]) throws {
        for event in events { try journal.write(JournalEntry(event)) }
    }
}

extension JournalEntry {
    /// The entry for an event of the history.
    init(_ recorded: RecordedEvent) {
        let event = recorded.event
        let subject = event.campaign.map { "\($0.name): " } ?? ""
        var fields = [JournalField("EVENT_SEQ", "\(recorded.sequence)")]
        func add(_ name: JournalField.Name, _ value: String?) {
            if let value { fields.append(JournalField(name, value)) }
        }
        add("CAMPAIGN", event.campaign?.name.text)
        add("CAMPAIGN_TITLE", event.campaign?.title)
        add("CAMPAIGN_STATUS", event.to?.rawValue)
        add("CAMPAIGN_STATUS_FROM", event.from?.rawValue)
        add("CAMPAIGN_VERSION", event.campaign?.version.map(String.init))
        add("OCCURRENCE_KEY", event.key?.text)
        add("OCCURRENCE_TIME", event.due?.description)
        add("SEND_OUTCOME", event.outcome?.rawValue)
        add("ALERT_CODE", event.alert?.rawValue)
        add("ACTOR_UID", event.actor.uid.map { "\($0)" })
        self.init(
            (subject + event.journalText).escapedForDisplay, priority: event.priority, messageID: event.kind.messageID,
            fields: fields)
    }
}

extension Event {
    fileprivate var journalText: String {
        // Why a send ended as it did stands in the text; why a person did something does not.
        let words = reason.map { text.contains($0) ? text : "\(text): \($0)" } ?? text
        guard let from, let to else { return words }
        return "\(from.rawValue) → \(to.rawValue): \(words)"
    }

    fileprivate var priority: JournalPriority {
        switch kind {
        case .alertRaised: alert?.severity == .error ? .error : .warning
        case .ended:
            switch outcome {
            case .failed, .interrupted, .missed: .error
            case .skipped, .cancelled: .warning
            case .sent, .claimed, .queued, .running, .waiting, nil: .informational
            }
        case .waiting, .clockJumped, .fenced, .fenceLifted: .warning
        case .status, .daemonStarted, .daemonStopped, .clockAccepted, .ledgerAdopted: .notice
        case .alertsTold, .tested: outcome == .failed || outcome == .interrupted ? .warning : .informational
        case .created, .changed, .tagged, .replaced, .modified, .discarded, .paused, .resumed, .deleted,
            .triggerPlanned, .claimed, .started, .retried, .alertCleared, .messagePut, .messagePublished, .zonesChanged,
            .configurationLoaded, .backedUp, .pruned:
            .informational
        }
    }
}

extension EventKind {
    /// One id for each kind, for ever: catalogs and people's filters name them.
    var messageID: MessageID {
        switch self {
        case .created: "5e2060e9a2a244f4bdb270aa53a45202"
        case .changed: "03aa93b7288d4a25b22a312b4fbae936"
        case .tagged: "2720c14ca82f4e1f8c7811ee1988555d"
        case .status: "9b4bfc7075f94d21baf568f4abd51fae"
        case .replaced: "ad2ddfab34de47cfaa5403e3cf269457"
        case .modified: "a79705ab90914a85bb60e2fc94a54cbb"
        case .discarded: "35600d10910249cc8c36f7f506921a11"
        case .paused: "078459c24041415587a82254abbfecc0"
        case .resumed: "2337c2f296a94f1baf70e5e7092c05b4"
        case .deleted: "4513338c8e3443dd9e2c2c59ba57ed6a"
        case .fenced: "638d333836ce4fc298af3bc93c519d00"
        case .fenceLifted: "de12141c1048426cb6f54067ddff5330"
        case .triggerPlanned: "9004f3cb9e8a43ab8f8bf0e5a482eb50"
        case .claimed: "b22fd1b4e60c4b03904c4c661563e307"
        case .started: "85b9b84594ff42b4a8ee40c2aff0714d"
        case .waiting: "4be83ce9bc9b4586a23e65fb3860e278"
        case .retried: "1ce70dc945ac4c8b910c848d89a63e12"
        case .ended: "86bc5455b7bd4bf3a2d09eff509e3e3a"
        case .alertRaised: "6dcf60ca77884c2bad896692ca4dd824"
        case .alertCleared: "e7ea16ef62be41d0bf083a823cbffb17"
        case .alertsTold: "ab83748400c54a2dbdda232c1855b50f"
        case .tested: "3303182dad2441bcb993f9752f65ea35"
        case .messagePut: "230a76eeedeb413ca258275afce14b14"
        case .messagePublished: "25df260fc2bd4b65869d6047dbc7c0d5"
        case .clockJumped: "4d349b5c3ec841feba03dff6f2c42d96"
        case .clockAccepted: "03d6c59f14df4325b748ed2bbfba7376"
        case .ledgerAdopted: "70d999619c20465aaf006d0a280a9b2a"
        case .backedUp: "9a2782694826431891faee0e38e53791"
        case .pruned: "6b67071f6f0349508e925c12dbd60674"
        case .zonesChanged: "779e13c6f24545aa8a8c9a87ab6e6bdb"
        case .daemonStarted: "931b12c3075344199db8a1bbc8552d67"
        case .daemonStopped: "928b5a98bfba4697a302443b3693274e"
        case .configurationLoaded: "368559156f714d0fb0e129ca93922980"
        }
    }
}
