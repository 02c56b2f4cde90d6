public import Recurrence

/// A campaign as it stands at one moment: its status and versions, without its sends.
///
/// A value: ``Lifecycle`` alone makes a new one from an old one. ``violations`` tells what no campaign may be.
public struct Campaign: Hashable, Sendable {
    public let id: CampaignID
    public let name: Slug
    public var status: Status
    public var tags: [Slug]
    /// The activated (or planned) version; nil while the campaign was never activated or is unscheduled.
    public var live: Version?
    /// The version being written; at most one.
    public var draft: Version?
    /// The number that the next new version gets: numbers are never used twice.
    public var nextVersionNumber: Int
    /// Counts changes of the campaign itself, for those who want to change only what they saw; that a send goes on is
    /// none.
    public var revision: Int
    /// Nothing is claimed while it is set; what falls due meanwhile is skipped.
    public var paused: Bool
    public let createdAt: Instant
    /// When it became active for the first time.
    public var activatedAt: Instant?
    /// When it was stopped or completed.
    public var endedAt: Instant?
    /// The status that an archived campaign had, and has again when it is unarchived.
    public var archivedFrom: Status?
    /// The newest due instant of its schedule that was claimed, missed or skipped; nothing of the schedule at
    /// or before it is ever decided again.
    public var decidedUntil: Instant?
    /// A stop was committed and the revocation of what is handed over is not answered yet.
    public var stopFence: StopFence?
    /// In the order in which they were raised; one of a code.
    public var alerts: [Alert]

    public init(id: CampaignID, name: Slug, tags: [Slug], draft: Version, createdAt: Instant) {
        self.id = id
        self.name = name
        self.status = .draft
        self.tags = tags
        self.live = nil
        self.draft = draft
        self.nextVersionNumber = draft.number + 1
        self.revision = 1
        self.paused = false
        self.createdAt = createdAt
        self.activatedAt = nil
        self.endedAt = nil
        self.archivedFrom = nil
        self.decidedUntil = nil
        self.stopFence = nil
        self.alerts = []
    }

    /// The version that speaks for the campaign: the live one, else the draft.
    public var current: Version? { live ?? draft }

    /// How it comes to its sends: fixed by its live version, else by its draft.
    public var kind: CampaignKind { current?.content.kind ?? .oneShot }

    /// When an active one-shot is completed.
    public func completesAt(after completesAfter: Duration) -> Instant? {
        guard status == .active, kind == .oneShot, let activatedAt else { return nil }
        return activatedAt + completesAfter.secondsRoundedUp
    }

    /// What no campaign may be, as sentences; empty for a sound one. Checked before a write and after a read.
    public var violations: [String] {
        var found: [String] = []
        if live == nil && draft == nil { found.append("has neither a live version nor a draft") }
        if status == .draft && draft == nil { found.append("is a draft without a draft version") }
        if status.isInForce && live == nil { found.append("is \(status.rawValue) without a live version") }
        if status == .draft && live != nil { found.append("is a draft with a live version") }
        if (status == .archived) != (archivedFrom != nil) { found.append("archived_from and status disagree") }
        if let archivedFrom, archivedFrom != .stopped, archivedFrom != .completed {
            found.append("is archived and was \(archivedFrom.rawValue)")
        }
        if status == .active && activatedAt == nil { found.append("is active and was never activated") }
        if let draft, draft.number >= nextVersionNumber { found.append("its draft's number is not below the next") }
        if let live, live.number >= nextVersionNumber {
            found.append("its live version's number is not below the next")
        }
        if let live, let draft, live.number >= draft.number {
            found.append("its draft is not newer than its live version")
        }
        if paused && !status.isInForce { found.append("is paused and \(status.rawValue)") }
        return found
    }
}

/// A stop that waits for the sender's answer: who asked for it, and why.
public struct StopFence: Hashable, Sendable, Codable {
    public var actor: EventActor
    public var reason: String?

    public init(actor: EventActor, reason: String?) {
        self.actor = actor
        self.reason = reason
    }
}
