public import CampaignModel

/// Which sends a list is to hold.
public struct SendQuery: Hashable, Sendable {
    /// Of this campaign alone.
    public var campaign: Slug?
    /// Nil: in any state.
    public var states: Set<SendState>?

    public init(campaign: Slug? = nil, states: Set<SendState>? = nil) {
        self.campaign = campaign
        self.states = states
    }
}
