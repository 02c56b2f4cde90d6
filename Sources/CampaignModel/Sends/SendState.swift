/// Where a send stands. The last six are final.
public enum SendState: String, CaseIterable, Hashable, Sendable, Codable {
    /// Its key is in the ledger; it is about to be handed over.
    case claimed
    /// Behind a cap or an overlap.
    case queued
    /// Accepted by the sender.
    case running
    /// For a retry.
    case waiting
    case sent
    case failed
    case missed
    case skipped
    case cancelled
    /// The outcome is not known; never called sent.
    case interrupted

    public var isFinal: Bool {
        switch self {
        case .claimed, .queued, .running, .waiting: false
        case .sent, .failed, .missed, .skipped, .cancelled, .interrupted: true
        }
    }
}
