/// What the sender knows of one attempt of a key: its answer to `query`, `send` and `revoke`.
public enum AttemptStatus: Hashable, Sendable {
    /// There is no record: it never began.
    case none
    /// Its process lives.
    case running(SendProgress)
    case ended(AttemptOutcome, SendProgress)
}

/// One attempt of an occurrence's send. The number grows only when a new attempt is allowed; a hand-over that is
/// repeated for lack of an answer keeps its number.
public struct Attempt: Hashable, Sendable, Codable, CustomStringConvertible {
    public let key: OccurrenceKey
    /// 1, 2, …
    public let number: Int

    public init(key: OccurrenceKey, number: Int) {
        self.key = key
        self.number = number
    }

    public var description: String { "\(key)#\(number)" }
}
