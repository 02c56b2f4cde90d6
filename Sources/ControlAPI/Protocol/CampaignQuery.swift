public import CampaignModel

/// Which campaigns a list is to hold, and in which order. All conditions hold together.
public struct CampaignQuery: Hashable, Sendable {
    /// Nil: of any status.
    public var statuses: Set<Status>?
    public var isTriggered: Bool?
    public var channel: Slug?
    /// Campaigns that have all of these.
    public var tags: [Slug]
    /// True: with a rule; false: one-shot ones alone, triggered ones left out.
    public var isRecurring: Bool?
    /// A part of the name, the title or a tag, in any case; up to ``searchLimit`` characters.
    public var search: String?
    public var sort: CampaignSort

    /// As long as a title.
    public static let searchLimit = CampaignContent.titleLimit

    public init(
        statuses: Set<Status>? = Set(Status.allCases.filter(\.isListedByDefault)), isTriggered: Bool? = nil,
        channel: Slug? = nil, tags: [Slug] = [], isRecurring: Bool? = nil, search: String? = nil,
        sort: CampaignSort = .name
    ) {
        self.statuses = statuses
        self.isTriggered = isTriggered
        self.channel = channel
        self.tags = tags
        self.isRecurring = isRecurring
        self.search = search
        self.sort = sort
    }
}

/// What a list of campaigns is sorted by; equal ones by name.
public enum CampaignSort: String, CaseIterable, Hashable, Sendable {
    case name
    /// By the next occurrence; campaigns without one last.
    case next
    /// The newest first.
    case created
    /// In the order of a campaign's life.
    case status
}

/// Which content of a campaign to show.
public enum VersionChoice: Hashable, Sendable {
    /// The live one, else the draft.
    case current
    case live
    case draft
    case number(Int)
}
