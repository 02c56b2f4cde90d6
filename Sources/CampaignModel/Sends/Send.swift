public import Recurrence

/// The durable record of one occurrence and of its execution; or, with a `count`, of many that were missed or
/// skipped together.
///
/// The record exists from the claim on, before anything is handed over, and its key stays for ever.
public struct Send: Hashable, Sendable {
    public let key: OccurrenceKey
    public let campaign: CampaignID
    /// The version that it began with and keeps.
    public private(set) var version: Int
    public let origin: SendOrigin
    /// What the wall clock reads at its time, in the zone that its version had; nil for asked ones.
    public let nominal: LocalDateTime?
    public let due: Instant
    /// Of a trigger to come: when it was asked for.
    public private(set) var claimedAt: Instant
    /// The message's revision that was published when it was claimed.
    public private(set) var message: MessageReference?
    /// Nil where its version named none, so that it failed at once.
    public private(set) var surface: Slug?
    public var state: SendState
    public var reason: String?
    /// The number of the present or last attempt; 0 before the first.
    public var attempts: Int
    /// When the present attempt's first hand-over began: set before the first byte of its request is written.
    public var handedAt: Instant?
    /// An attempt of it was accepted by the sender at least once.
    public var wasAccepted: Bool
    /// Since when it waits for the daemon and the sender alone; lateness counts from here. Waiting behind a cap
    /// or an overlap moves it.
    public var readyAt: Instant
    /// It begins only when the earlier scheduled sends of its campaign have ended (`overlap: queue`).
    public var followsEarlier: Bool
    /// When it is tried next; of a trigger to come its due instant.
    public var nextAttemptAt: Instant?
    public var startedAt: Instant?
    public var endedAt: Instant?
    public var progress: SendProgress
    /// For a summary: how many, exact up to 100,000, else nil with `nominalLast` set.
    public var count: Int?
    public var nominalLast: LocalDateTime?
    /// What `trigger` gave along, as JSON text.
    public var data: String?
    /// Set where the send's record at the sender has to be asked for, or made, before the send may get this
    /// final state: a late single one, one that was handed over and must not begin any more, or a running one that
    /// a person cancelled.
    public var verdict: Verdict?

    public init(
        key: OccurrenceKey, campaign: CampaignID, version: Int, origin: SendOrigin, nominal: LocalDateTime?,
        due: Instant, claimedAt: Instant, message: MessageReference?, surface: Slug?, state: SendState
    ) {
        self.key = key
        self.campaign = campaign
        self.version = version
        self.origin = origin
        self.nominal = nominal
        self.due = due
        self.claimedAt = claimedAt
        self.message = message
        self.surface = surface
        self.state = state
        self.reason = nil
        self.attempts = 0
        self.handedAt = nil
        self.wasAccepted = false
        self.readyAt = due
        self.followsEarlier = false
        self.nextAttemptAt = nil
        self.startedAt = nil
        self.endedAt = nil
        self.progress = SendProgress()
        self.count = nil
        self.nominalLast = nil
        self.data = nil
        self.verdict = nil
    }

    /// Whether it is a trigger whose time has not come: its key is taken, and nothing else is decided.
    public var isToCome: Bool { state == .waiting && attempts == 0 }

    /// Whether its last attempt has ended and the next one is to come: it waits for its time, or in line.
    public var isBetweenAttempts: Bool { attempts > 0 && (state == .waiting || state == .queued) }

    /// Claims a trigger whose time has come: only now it gets its version and its message's revision.
    mutating func claim(version: Int, message: MessageReference?, surface: Slug?, at now: Instant) {
        self.version = version
        self.message = message
        self.surface = surface
        claimedAt = now
        nextAttemptAt = nil
        state = .claimed
    }

    /// Opens a send again that has ended: a person wants another attempt of it. One whose first attempt never came
    /// about is as if claimed now.
    mutating func reopen(message: MessageReference?, surface: Slug?, at now: Instant) {
        self.message = self.message ?? message
        self.surface = self.surface ?? surface
        state = attempts == 0 ? .claimed : .waiting
        nextAttemptAt = attempts == 0 ? nil : now
        readyAt = now
        reason = nil
        endedAt = nil
    }

    /// Opens a trigger again that was withdrawn before its time.
    mutating func awaitDue() {
        state = .waiting
        nextAttemptAt = due
        reason = nil
        endedAt = nil
    }

    /// Attempts of one occurrence. Retries are few, and each one beyond them is a person's.
    public static let attemptLimit = 100

    /// A summary counts exactly up to here.
    public static let countLimit = 100_000

    /// What no send may be, as sentences; empty for a sound one. Checked before a write and after a read.
    public var violations: [String] {
        var found: [String] = []
        if state.isFinal != (endedAt != nil) { found.append("ended_at and state \(state.rawValue) disagree") }
        if (state == .waiting) != (nextAttemptAt != nil) { found.append("next_attempt_at and state disagree") }
        if state == .running && !wasAccepted { found.append("is running and was never accepted") }
        if state.isFinal && verdict != nil { found.append("is final and still has a verdict to come") }
        if let verdict, !verdict.state.isFinal { found.append("has a verdict to be \(verdict.state.rawValue)") }
        if attempts < 0 { found.append("has \(attempts) attempts") }
        return found
    }
}

/// Why there is a send: the schedule, or a person's word.
public enum SendOrigin: String, Hashable, Sendable, Codable {
    case schedule
    case sendNow = "send-now"
    case trigger
    /// A notice of new alerts (`on_alert`), which is no campaign's and has no record in the ledger.
    case alerts
    /// A ``SendTest``: a surface must not take it for the real thing. No record in the ledger either.
    case test
}

/// The final state that a send gets once the sender has said that it never began.
public struct Verdict: Hashable, Sendable, Codable {
    public let state: SendState
    public let reason: String
    /// Who said so; nil for the daemon.
    public let actor: EventActor?

    public init(state: SendState, reason: String, actor: EventActor? = nil) {
        self.state = state
        self.reason = reason
        self.actor = actor
    }
}

/// A message's published revision.
public struct MessageReference: Hashable, Sendable, Codable {
    public let name: Slug
    public let revision: Int

    public init(name: Slug, revision: Int) {
        self.name = name
        self.revision = revision
    }
}
