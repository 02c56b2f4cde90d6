public import CampaignModel
public import Recurrence

/// Which occurrences to come are asked for.
public struct PreviewQuery: Hashable, Sendable {
    public var version: VersionChoice
    /// Only those later than this; nil: from now on.
    public var after: Instant?
    /// One of ``OccurrencePage/allowedLimits``.
    public var limit: Int

    public init(
        version: VersionChoice = .current, after: Instant? = nil, limit: Int = OccurrencePage.defaultLimit
    ) {
        self.version = version
        self.after = after
        self.limit = limit
    }
}
