public import Recurrence

/// One line of the append-only history: who, when, what, from → to. The ledger gives it its number.
public struct Event: Hashable, Sendable {
    public let at: Instant
    public let kind: EventKind
    public let campaign: EventCampaign?
    public let from: Status?
    public let to: Status?
    public let key: OccurrenceKey?
    /// When the occurrence is due.
    public let due: Instant?
    public let outcome: SendState?
    public let alert: AlertCode?
    public let actor: EventActor
    /// What the person gave with `--reason`, or why a send ended as it did.
    public let reason: String?
    /// The line that people read.
    public let text: String

    public init(
        _ kind: EventKind, at: Instant, campaign: EventCampaign?, from: Status? = nil, to: Status? = nil,
        key: OccurrenceKey? = nil, due: Instant? = nil, outcome: SendState? = nil, alert: AlertCode? = nil,
        actor: EventActor, reason: String? = nil, text: String
    ) {
        self.at = at
        self.kind = kind
        self.campaign = campaign
        self.from = from
        self.to = to
        self.key = key
        self.due = due
        self.outcome = outcome
        self.alert = alert
        self.actor = actor
        self.reason = reason
        self.text = text
    }
}

/// What the history keeps of the campaign itself, so that a line can be read after the campaign is gone.
public struct EventCampaign: Hashable, Sendable {
    public let id: CampaignID
    public let name: Slug
    public let title: String?
    public let version: Int?

    public init(id: CampaignID, name: Slug, title: String?, version: Int?) {
        self.id = id
        self.name = name
        self.title = title
        self.version = version
    }
}

/// An event with its number in the history; order is by number, never by clock.
public struct RecordedEvent: Hashable, Sendable {
    public let sequence: Int64
    public let event: Event

    public init(sequence: Int64, event: Event) {
        self.sequence = sequence
        self.event = event
    }
}
