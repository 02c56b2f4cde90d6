public import CampaignModel
public import Recurrence

extension Slug: ExpressibleByStringLiteral {
    public init(stringLiteral value: String) {
        guard let slug = Slug(value) else { preconditionFailure("\(value) is no slug") }
        self = slug
    }
}

extension Instant: ExpressibleByStringLiteral {
    public init(stringLiteral value: String) {
        guard let instant = Instant(value) else { preconditionFailure("\(value) is no instant") }
        self = instant
    }
}
