/// How one attempt ended, as the sender tells it. Permanent, temporary and unknown are three things.
public enum AttemptOutcome: Hashable, Sendable {
    case sent
    /// It failed and will fail again.
    case failed(reason: String)
    /// It failed and may succeed later, no sooner than `retryAfterSeconds` where the surface asks for it.
    case temporary(reason: String, retryAfterSeconds: Int?)
    /// Nobody knows how far it came.
    case interrupted(reason: String)
    /// A person's `cancel` ended it.
    case cancelled(reason: String)
    /// It never began and never will.
    case revoked(reason: String)
}

/// How far a send has come, as its surface tells it.
public struct SendProgress: Hashable, Sendable, Codable {
    public var done: Int64?
    public var total: Int64?
    public var failed: Int64?
    public var note: String?

    enum CodingKeys: String, CodingKey {
        case done = "progress"
        case total, failed, note
    }

    public init(done: Int64? = nil, total: Int64? = nil, failed: Int64? = nil, note: String? = nil) {
        self.done = done
        self.total = total
        self.failed = failed
        self.note = note
    }

    /// Takes over what `newer` says and keeps the rest.
    public func updated(by newer: SendProgress) -> SendProgress {
        SendProgress(
            done: newer.done ?? done, total: newer.total ?? total, failed: newer.failed ?? failed,
            note: newer.note ?? note)
    }
}
