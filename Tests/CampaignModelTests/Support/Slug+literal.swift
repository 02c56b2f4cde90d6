public import CampaignModel

extension Slug: ExpressibleByStringLiteral {
    /// In a test a name is right, or the test is wrong.
    public init(stringLiteral text: String) {
        guard let slug = Slug(text) else { preconditionFailure("\(text) is no name") }
        self = slug
    }
}
