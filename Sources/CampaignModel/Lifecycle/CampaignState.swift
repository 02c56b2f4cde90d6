/// All that a decision about one campaign reads of the ledger.
public struct CampaignState: Hashable, Sendable {
    public var campaign: Campaign
    /// Its sends that are not final, by due instant.
    public var openSends: [Send]
    /// Its newest send that the schedule asked for, final or not.
    public var newestScheduled: Send?
    /// The messages that its versions name.
    public var messages: [Slug: MessageState]
    /// Keys that the ledger holds although the schedule is undecided there, found by a commit that they failed: the
    /// occurrence was decided before the ledger's own memory was set back.
    public var takenKeys: Set<OccurrenceKey> = []
    /// The contents of replaced versions that open sends began with, by number: a send keeps its version, its retries
    /// and its limit too. Where one is missing, the live version's stand in.
    public var sendVersions: [Int: CampaignContent] = [:]
    /// What was just counted, for a decision that may rest on it.
    public var countedAudience: CountedAudience?
    /// A send that has ended and that a command names.
    public var endedSend: Send?
    /// The zone data by which its schedule was planned last; nil where none is in force.
    public var plannedBy: ZoneEdition?

    public init(campaign: Campaign, openSends: [Send], newestScheduled: Send?, messages: [Slug: MessageState]) {
        self.campaign = campaign
        self.openSends = openSends
        self.newestScheduled = newestScheduled
        self.messages = messages
    }
}

/// An audience and how many recipients it has.
public struct CountedAudience: Hashable, Sendable {
    public let name: Slug
    public let count: AudienceCount

    public init(_ name: Slug, _ count: AudienceCount) {
        self.name = name
        self.count = count
    }
}
