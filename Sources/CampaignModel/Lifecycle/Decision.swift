public import Recurrence

/// What was decided about one campaign: everything that one transaction writes, and what to do after its commit.
public struct Decision: Hashable, Sendable {
    /// The campaign as it now is; where it is deleted, as it was.
    public let campaign: Campaign
    /// The campaign is to be removed with all that is its own; the events stay.
    public let isDeleted: Bool
    /// When time alone may change the campaign next; nil: never.
    public let wakeAt: Instant?
    /// When the next occurrence is due; nil where none is planned.
    public let nextDue: Instant?
    /// The zone data by which both are computed; nil where no schedule is in force.
    public let plannedBy: ZoneEdition?
    /// Sends whose keys must be new to the ledger; a key that is taken fails the transaction.
    public let claims: [Send]
    /// Sends that the ledger holds already, as they now are.
    public let updates: [Send]
    /// For the history, in order.
    public let events: [Event]
    /// For after the commit, in order.
    public let effects: [Effect]

    public init(
        campaign: Campaign, isDeleted: Bool, wakeAt: Instant?, nextDue: Instant?, plannedBy: ZoneEdition? = nil,
        claims: [Send], updates: [Send], events: [Event], effects: [Effect]
    ) {
        self.campaign = campaign
        self.isDeleted = isDeleted
        self.wakeAt = wakeAt
        self.nextDue = nextDue
        self.plannedBy = plannedBy
        self.claims = claims
        self.updates = updates
        self.events = events
        self.effects = effects
    }
}

/// Something to do in the world once the decision is committed.
public enum Effect: Hashable, Sendable {
    /// Hand this attempt to the sender: its `handedAt` is committed.
    case handOver(Attempt)
    /// Ask the sender what it knows of a key that was never handed over and is about to be given up.
    case query(OccurrenceKey)
    /// Ask the sender never to begin this attempt.
    case revoke(Attempt, reason: String)
    /// Ask the sender to end what runs of this key.
    case cancel(OccurrenceKey, reason: String)
}
