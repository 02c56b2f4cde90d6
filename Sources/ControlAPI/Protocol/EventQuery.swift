public import CampaignModel

/// Which part of the history is asked for.
public struct EventQuery: Hashable, Sendable {
    /// Of this campaign alone.
    public var campaign: Slug?
    public var from: Origin
    /// How many events the answer may hold, one of ``PageRequest/allowedLimits``.
    public var limit: Int

    /// Where the part begins.
    public enum Origin: Hashable, Sendable {
        /// With the first event numbered above this; 0: with the oldest one.
        case after(Int64)
        /// So that exactly this many (of the query's campaign) are left up to the end of the history, or all of them
        /// where there are fewer; 1 to ``lastLimit``.
        case last(Int)
    }

    /// A scan of the history is bounded by this many rows.
    public static let lastLimit = 1_000_000

    public init(campaign: Slug? = nil, from: Origin = .after(0), limit: Int = PageRequest.defaultLimit) {
        self.campaign = campaign
        self.from = from
        self.limit = limit
    }
}

/// A part of the history, in order.
public struct EventPage: Hashable, Sendable {
    public var events: [EventView]
    /// The number up to which the history was looked through: the next query's `after`. Where ``isLast`` is set, that
    /// is the newest event of all, whichever campaign's it is.
    public var after: Int64
    /// Whether the part reaches the end of the history.
    public var isLast: Bool

    public init(events: [EventView], after: Int64, isLast: Bool) {
        self.events = events
        self.after = after
        self.isLast = isLast
    }
}
