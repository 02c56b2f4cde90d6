public import CampaignModel
import GRDB
public import Recurrence

/// A message as people see it in a list, without its parts.
public struct MessageListing: Hashable, Sendable {
    /// The message's name.
    public let name: Slug
    /// The number of the newest revision, published or not.
    public let newest: Int
    /// The newest published revision; nil where none is.
    public let published: Int?
    /// When the newest revision was put.
    public let putAt: Instant
}

extension Store {
    /// A page of messages by name; `name` is ``Page/next`` of the page before.
    public func messages(
        after name: Slug? = nil, limit: Int = PageSize.maximum
    ) throws(StoreError) -> Page<MessageListing, Slug> {
        let limit = PageSize.bounded(limit)
        return try reading { db in
            let found = try db.rows(
                """
                SELECT name, newest, published, put_at FROM messages
                JOIN message_revisions ON message = messages.number AND revision = newest
                WHERE name > ? ORDER BY name LIMIT ?
                """, [.text(name?.text ?? ""), .integer(limit + 1)], Self.messageListing)
            return Page(found, limit: limit, cursor: \.name)
        }
    }

    /// The message of that name; nil where there is none.
    public func messageListing(of name: Slug) throws(StoreError) -> MessageListing? {
        try reading { db in
            try db.row(
                """
                SELECT name, newest, published, put_at FROM messages
                JOIN message_revisions ON message = messages.number AND revision = newest
                WHERE name = ?
                """, [.text(name.text)], Self.messageListing)
        }
    }

    private static func messageListing(_ row: StoredRow) throws -> MessageListing {
        let name = { (try? row.text("name")) ?? "without a name" }
        return try StoreError.naming("message \(name())") {
            MessageListing(
                name: try row.slug("name"), newest: try row.count("newest"),
                published: try row.optionalCount("published"), putAt: try row.instant("put_at"))
        }
    }

    /// One revision of a message with all its parts.
    public func message(_ name: Slug, revision: Int) throws(StoreError) -> Message? {
        try reading { try MessageRow.fetch(name, revision: revision, $0) }
    }

    /// How many messages there are, published or not.
    func storedMessageCount() throws(StoreError) -> Int {
        try reading { try Int.fetchOne($0, sql: "SELECT count(*) FROM messages") ?? 0 }
    }
}
