public import CampaignModel

/// Which message is to be made for whom.
public struct MessagePreviewQuery: Hashable, Sendable {
    /// The message's.
    public var name: Slug
    /// Nil for the newest one.
    public var revision: Int?
    /// As the audience's list has them.
    public var recipient: ProofAddress
    public var by: Way?

    /// What it goes over, and to whom; nil: the only way that campaigns with this message have.
    public enum Way: Hashable, Sendable {
        /// As the campaign's draft says, or its live version where there is no draft.
        case campaign(Slug)
        case surface(Slug, audience: Slug)
    }

    public init(name: Slug, revision: Int? = nil, recipient: ProofAddress, by way: Way? = nil) {
        self.name = name
        self.revision = revision
        self.recipient = recipient
        by = way
    }
}
