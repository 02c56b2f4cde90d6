public import Recurrence

/// One step of removing what was kept for long enough.
public struct Pruning: Hashable, Sendable {
    public let now: Instant
    /// Lines of the history that are older go, once they are delivered.
    public let historyBefore: Instant
    /// Sends that ended earlier go, but for those whose key could be claimed again without them.
    public let sendsBefore: Instant
    /// Sends up to this number in the ledger were looked at before.
    public let sendsThrough: Int64
    /// Rows of each kind that one step looks at, at most.
    public let limit: Int

    public init(at now: Instant, historyBefore: Instant, sendsBefore: Instant, sendsThrough: Int64, limit: Int) {
        self.now = now
        self.historyBefore = historyBefore
        self.sendsBefore = sendsBefore
        self.sendsThrough = sendsThrough
        self.limit = limit
    }

    /// What a step removed.
    public struct Removed: Hashable, Sendable {
        /// Lines of the history.
        public let events: Int
        public let isHistoryDone: Bool
        public let sends: Int
        /// The last send that was looked at; nil where no later one can be old enough.
        public let sendsThrough: Int64?

        public init(events: Int, isHistoryDone: Bool, sends: Int, sendsThrough: Int64?) {
            self.events = events
            self.isHistoryDone = isHistoryDone
            self.sends = sends
            self.sendsThrough = sendsThrough
        }
    }
}
