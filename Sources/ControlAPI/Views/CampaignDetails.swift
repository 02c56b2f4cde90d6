public import CampaignModel
public import Recurrence

/// A campaign with what only `Show` gives.
public struct CampaignDetails: Hashable, Sendable {
    public var campaign: CampaignView
    /// The content that is shown, with the campaign's name and its present tags.
    public var definition: CampaignDefinition
    /// The file as its author wrote it, of the version that is shown. Its name may be another where the campaign is a
    /// duplicate, and its tags may be older.
    public var sourceText: String?
    /// The daemon's clock.
    public var now: Instant

    /// - Parameter definition: of the version that is shown; its name and its tags are no matter.
    public init(campaign: CampaignView, definition: CampaignDefinition, sourceText: String?, now: Instant) {
        self.campaign = campaign
        self.definition = definition
        self.definition.name = campaign.name
        self.definition.tags = campaign.tags.isEmpty ? nil : campaign.tags
        self.sourceText = sourceText
        self.now = now
    }
}

/// What an `Apply` did.
public struct AppliedCampaign: Hashable, Sendable {
    public enum Outcome: String, CaseIterable, Hashable, Sendable {
        case created, changed
        /// The tags alone are others now.
        case tagged
        case unchanged
    }

    public var campaign: CampaignView
    public var outcome: Outcome

    public init(campaign: CampaignView, outcome: Outcome) {
        self.campaign = campaign
        self.outcome = outcome
    }
}

/// What a command on a campaign did.
public struct ChangedCampaign: Hashable, Sendable {
    /// As it is afterwards.
    public var campaign: CampaignView
    /// What else came of it, a sentence each.
    public var notes: [String]
    /// Of a stop that is only for show: what it would do to the sends.
    public var outlook: StopOutlookView?
    /// Of an acknowledgement: what it took away.
    public var acknowledged: [AlertCode]
    /// Of an activation: how long the next send takes, where its audience could be counted.
    public var forecast: ForecastView?

    public init(
        campaign: CampaignView, notes: [String] = [], outlook: StopOutlookView? = nil, acknowledged: [AlertCode] = [],
        forecast: ForecastView? = nil
    ) {
        self.campaign = campaign
        self.notes = notes
        self.outlook = outlook
        self.acknowledged = acknowledged
        self.forecast = forecast
    }
}

/// What a `trigger` or `send-now` did.
public struct OrderedSend: Hashable, Sendable {
    public var send: SendView
    /// Whether an earlier call with the same request id made it.
    public var isRepeated: Bool

    public init(send: SendView, isRepeated: Bool) {
        self.send = send
        self.isRepeated = isRepeated
    }
}
