public import CampaignModel

/// Which campaigns a list shows; all conditions hold together.
public struct CampaignFilter: Hashable, Sendable {
    /// Nil: every status.
    public var statuses: Set<Status>?
    /// Nil: every kind.
    public var kinds: Set<CampaignKind>?
    /// Nil: every channel, and none.
    public var channel: Slug?
    /// A campaign has all of these.
    public var tags: [Slug]
    /// Text that name, title or a tag holds, whatever the case of its letters in any alphabet (`é` is not `e`).
    public var search: String?

    /// Everything left out lets every campaign through.
    public init(
        statuses: Set<Status>? = nil, kinds: Set<CampaignKind>? = nil, channel: Slug? = nil, tags: [Slug] = [],
        search: String? = nil
    ) {
        self.statuses = statuses
        self.kinds = kinds
        self.channel = channel
        self.tags = tags
        self.search = search
    }
}

/// By what a list of campaigns is sorted; the name decides between equals.
public enum CampaignOrder: String, CaseIterable, Hashable, Sendable {
    /// By name alone.
    case name
    /// The newest first.
    case created
    /// By the next due instant, the earliest first; those without one come last.
    case next
    /// In the order of a campaign's life.
    case status
}

/// A place in a sorted list of campaigns: the next page begins after it. Its text may go to clients and come back.
public struct ListCursor: Hashable, Sendable, LosslessStringConvertible {
    let order: CampaignOrder
    let rank: Int64
    let name: Slug

    init(order: CampaignOrder, rank: Int64, name: Slug) {
        self.order = order
        self.rank = rank
        self.name = name
    }

    /// Reads what ``description`` wrote; nil for any other text.
    public init?(_ text: String) {
        let parts = text.split(separator: ":", omittingEmptySubsequences: false)
        guard parts.count == 3, let order = CampaignOrder(rawValue: String(parts[0])), let rank = Int64(parts[1]),
            let name = Slug(String(parts[2]))
        else { return nil }
        self.init(order: order, rank: rank, name: name)
    }

    public var description: String { "\(order.rawValue):\(rank):\(name)" }
}
