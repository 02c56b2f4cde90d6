public import CampaignModel
public import Recurrence

/// What is to be simulated.
public struct SimulationQuery: Hashable, Sendable {
    /// How far it goes; at most ``horizonDays`` ahead.
    public var until: Instant
    /// Campaigns that are taken in as if they were applied and activated now, ``campaignLimit`` at most.
    public var campaigns: [CampaignDefinition]
    /// How near two sends to one audience are a clash.
    public var clashWithinSeconds: Int64
    /// Who asks, for the history of the copy.
    public var actor: EventActor

    public static let horizonDays = 731
    public static let campaignLimit = 20
    /// It ends with so many.
    public static let eventLimit = 10_000
    public static let alertLimit = 500
    public static let allowedClashSeconds = 1...31 * 86_400
    public static let defaultClashSeconds = 86_400

    public init(
        until: Instant, campaigns: [CampaignDefinition] = [],
        clashWithinSeconds: Int64 = Int64(Self.defaultClashSeconds), actor: EventActor
    ) {
        self.until = until
        self.campaigns = campaigns
        self.clashWithinSeconds = clashWithinSeconds
        self.actor = actor
    }
}
