/// Something that the sender said about an attempt, as the lifecycle takes it in. A fact may come twice, late or out
/// of order; what does not fit the send any more changes nothing.
public enum SendFact: Hashable, Sendable {
    /// The accepted record is there and the surface starts, or runs already.
    case accepted(Attempt)
    /// The attempt is over. `jitter`, from 0 up to 1, spreads the next one where there will be one.
    case ended(Attempt, AttemptOutcome, SendProgress, jitter: Double)
    /// The sender has no record of the key, and none can come: nothing was handed over, or it was revoked.
    case neverBegan(OccurrenceKey)

    /// The send that it is about.
    public var key: OccurrenceKey {
        switch self {
        case .accepted(let attempt), .ended(let attempt, _, _, _): attempt.key
        case .neverBegan(let key): key
        }
    }
}
