import GRDB

/// The names that begin with some letters, in order; what each look costs depends on `limit` alone.
extension Store {
    /// - Parameter limit: from 1.
    public func campaignNames(prefix: String, limit: Int) throws(StoreError) -> [String] {
        try names(Self.campaignNamesQuery, prefix, limit)
    }

    /// The tags that some campaign has, each once.
    public func tags(prefix: String, limit: Int) throws(StoreError) -> [String] {
        try names(Self.tagsQuery, prefix, limit)
    }

    public func messageNames(prefix: String, limit: Int) throws(StoreError) -> [String] {
        try names(Self.messageNamesQuery, prefix, limit)
    }

    static let campaignNamesQuery = names(in: "campaigns")
    static let messageNamesQuery = names(in: "messages")
    /// From each tag to the next one, past all campaigns that have it.
    static let tagsQuery = """
        WITH RECURSIVE found(name) AS (
            SELECT min(tag) FROM campaign_tags WHERE tag >= ?1
            UNION ALL
            SELECT (SELECT min(tag) FROM campaign_tags WHERE tag > found.name) FROM found WHERE found.name < ?2
        )
        SELECT name FROM found WHERE name < ?2 LIMIT ?3
        """

    private static func names(in table: String) -> String {
        "SELECT name FROM \(table) WHERE name >= ? AND name < ? ORDER BY name LIMIT ?"
    }

    /// Names have a-z, 0-9 and - alone, and all of them come before a tilde.
    private func names(_ query: String, _ prefix: String, _ limit: Int) throws(StoreError) -> [String] {
        try reading { db in
            try db.rows(query, [.text(prefix), .text(prefix + "~"), .integer(limit)]) { row in
                try StoreError.naming("name") { try row.text("name") }
            }
        }
    }
}
