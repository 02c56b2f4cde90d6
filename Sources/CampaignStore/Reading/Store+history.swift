public import CampaignModel
import GRDB

extension Store {
    /// Events numbered above `sequence`, oldest first.
    ///
    /// - Parameters:
    ///   - name: the campaign, and those that had the name before and are deleted; nil for all events.
    ///   - limit: brought into 1...``PageSize/maximum``.
    public func history(
        of name: Slug? = nil, after sequence: Int64 = 0, limit: Int = PageSize.maximum
    ) throws(StoreError) -> [RecordedEvent] {
        let limit = PageSize.bounded(limit)
        return try reading { db in
            let campaigns = try name.map { try Self.numbersEver(of: $0, db) }
            let choice = campaigns.map { "campaign IN (\($0.map { _ in "?" }.joined(separator: ", "))) AND" } ?? ""
            return try db.rows(
                "\(EventRow.selection) WHERE \(choice) sequence > ? ORDER BY sequence LIMIT ?",
                (campaigns ?? []).map { .integer($0) } + [.integer(sequence), .integer(limit)], EventRow.read)
        }
    }

    /// The number of the newest event; 0 for an empty history.
    public func newestSequence() throws(StoreError) -> Int64 {
        try reading { try Int64.fetchOne($0, sql: "SELECT max(sequence) FROM events") ?? 0 }
    }

    /// The sequence above which exactly `count` events (of the campaign) are left; 0 where there are fewer.
    public func sequence(beforeLast count: Int, of name: Slug? = nil) throws(StoreError) -> Int64 {
        try reading { db in
            let campaigns = try name.map { try Self.numbersEver(of: $0, db) }
            let choice = campaigns.map { "WHERE campaign IN (\($0.map { _ in "?" }.joined(separator: ", ")))" } ?? ""
            let values: [DatabaseValue] = (campaigns ?? []).map { .integer($0) } + [.integer(count)]
            return try StoreError.naming("event") {
                try db.row("SELECT sequence FROM events \(choice) ORDER BY sequence DESC LIMIT 1 OFFSET ?", values) {
                    try $0.integer("sequence")
                }
            } ?? 0
        }
    }

    /// A name that was given away more often than this shows the events of the newest campaigns that had it.
    private static let namesakeLimit = 100

    private static func numbersEver(of name: Slug, _ db: Database) throws -> [Int64] {
        try db.rows(
            """
            SELECT number FROM campaigns WHERE name = ?1
            UNION ALL SELECT number FROM retired_campaigns WHERE name = ?1 ORDER BY number DESC LIMIT ?2
            """, [.text(name.text), .integer(namesakeLimit)]
        ) { row in try StoreError.naming("campaign \(name)") { try row.integer("number") } }
    }
}
