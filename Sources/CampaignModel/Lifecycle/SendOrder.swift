public import Recurrence

/// A send that is asked for by name, beside what a schedule plans: `trigger`'s, or `send-now`'s.
public struct SendOrder: Hashable, Sendable {
    /// The same id is the same occurrence, for ever.
    public let id: RequestID
    public let kind: Kind

    public enum Kind: Hashable, Sendable {
        /// One send of a triggered campaign, at a time to come or, with nil, at once; with JSON text of
        /// ``dataLimitBytes`` at most that the surface gets.
        case trigger(at: AskedTime?, data: String?)
        /// One send at once. `again`: also where a one-shot was sent before.
        case sendNow(again: Bool)
    }

    /// More than this is a file and not a reason to send.
    public static let dataLimitBytes = 64 * 1_024

    public init(id: RequestID, _ kind: Kind) {
        self.id = id
        self.kind = kind
    }

    /// The key of its occurrence.
    public func key(in campaign: CampaignID) -> OccurrenceKey {
        let word =
            switch kind {
            case .trigger: "trigger"
            case .sendNow: "now"
            }
        guard let key = OccurrenceKey("\(campaign)/\(word)/\(id)") else {
            preconditionFailure("an id of \(RequestID.maximumLength) bytes at most fits into a key: \(id)")
        }
        return key
    }
}

/// A time as a person writes it: in the campaign's zone, or as an instant.
public enum AskedTime: Hashable, Sendable {
    case local(LocalDateTime)
    case instant(Instant)

    /// - Throws: ``FieldError`` of `at` for any other text.
    public init(_ text: String) throws(FieldError) {
        if let local = LocalDateTime(text) {
            self = .local(local)
        } else if let instant = Instant(text) {
            self = .instant(instant)
        } else {
            throw FieldError(
                "at", text,
                "is not a time; write 2026-12-07T09:00, in the campaign's zone, or 2026-12-07T08:00:00Z")
        }
    }
}
