public import CampaignModel
public import Recurrence

/// Which of the occurrences of all campaigns are asked for.
public struct NextQuery: Hashable, Sendable {
    /// Only of these campaigns, ``campaignLimit`` at most; none: of all.
    public var campaigns: [Slug]
    /// Only those later than this; nil: all that are to come.
    public var after: Instant?
    /// Only those at this instant or earlier.
    public var until: Instant?
    /// Whether drafts are in, as if they were activated now.
    public var includesDrafts: Bool
    /// One of ``allowedLimits``.
    public var limit: Int

    /// More names are no choice any more.
    public static let campaignLimit = 100
    public static let allowedLimits = 1...PlannedOccurrence.limit
    /// A screen of them.
    public static let defaultLimit = 20

    public init(
        campaigns: [Slug] = [], after: Instant? = nil, until: Instant? = nil, includesDrafts: Bool = false,
        limit: Int = Self.defaultLimit
    ) {
        self.campaigns = campaigns
        self.after = after
        self.until = until
        self.includesDrafts = includesDrafts
        self.limit = limit
    }
}
