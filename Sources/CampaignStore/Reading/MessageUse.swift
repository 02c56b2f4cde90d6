public import CampaignModel
import GRDB

/// How a message is sent: what it goes over, and to whom.
public struct MessageUse: Hashable, Sendable {
    /// Whose draft or live version says so; nil where no campaign does.
    public let campaign: Slug?
    /// The campaign's.
    public let title: String?
    public let surface: Slug
    public let audience: Slug

    public init(campaign: Slug?, title: String?, _ surface: Slug, _ audience: Slug) {
        self.campaign = campaign
        self.title = title
        self.surface = surface
        self.audience = audience
    }
}

extension Store {
    /// More ways of sending one message are no choice any more.
    private static let useLimit = 1_000

    /// How campaigns that are not archived send a message, by name, their drafts and live versions each; 1,000 at most.
    public func uses(ofMessage name: Slug) throws(StoreError) -> [MessageUse] {
        try reading { db in
            try db.rows(
                """
                SELECT name, json_extract(definition, '$.title') AS title,
                    json_extract(definition, '$.surface') AS surface,
                    json_extract(definition, '$.audience') AS audience
                FROM campaigns
                JOIN versions ON versions.campaign = campaigns.number AND versions.number IN (live, draft)
                WHERE status <> ? AND json_extract(definition, '$.message') = ?
                    AND surface IS NOT NULL AND audience IS NOT NULL
                ORDER BY name, versions.number DESC LIMIT ?
                """,
                [.text(Status.archived.rawValue), .text(name.text), .integer(Self.useLimit)]
            ) { row in
                try StoreError.naming("use of message \(name)") {
                    MessageUse(
                        campaign: try row.slug("name"), title: try row.optionalText("title"),
                        try row.slug("surface"), try row.slug("audience"))
                }
            }
        }
    }
}
