public import Recurrence

/// One numbered content of a campaign.
public struct Version: Hashable, Sendable {
    /// 1, 2, …; never used twice in a campaign.
    public let number: Int
    public var content: CampaignContent
    /// The file as its author wrote it, comments and all; nil where there was none.
    public var sourceText: String?
    /// Where the series is anchored; fixed at activation, nil before.
    public var anchor: Anchor?

    public init(number: Int, content: CampaignContent, sourceText: String?, anchor: Anchor? = nil) {
        self.number = number
        self.content = content
        self.sourceText = sourceText
        self.anchor = anchor
    }
}

/// The start of a series: what the wall clock reads, and when that is.
///
/// Both are kept since `start: now` inside a fold's second hour can't be found again from the local time.
public struct Anchor: Hashable, Sendable, Codable {
    public let local: LocalDateTime
    public let instant: Instant
    /// Whether the author wrote a start (false: `start: now` or none).
    public let isWritten: Bool

    public init(local: LocalDateTime, instant: Instant, isWritten: Bool) {
        self.local = local
        self.instant = instant
        self.isWritten = isWritten
    }
}
