public import CampaignModel
import GRDB
public import Recurrence

/// A campaign as people see it in a list.
public struct CampaignListing: Hashable, Sendable {
    /// The campaign as it stands.
    public let campaign: Campaign
    /// When its next occurrence is due; nil where none is planned.
    public let nextDue: Instant?
}

/// Campaigns as people read them, each call one consistent look that waits for no write.
extension Store {
    /// A page of the campaigns that `filter` lets through.
    ///
    /// - Parameters:
    ///   - cursor: ``Page/next`` of the page before; nil for the first one.
    ///   - limit: brought into 1...``PageSize/maximum``.
    /// - Throws: ``StoreError/wrongCursor(_:order:)`` for a cursor of another order.
    public func campaigns(
        _ filter: CampaignFilter = CampaignFilter(), by order: CampaignOrder = .name, after cursor: ListCursor? = nil,
        limit: Int = PageSize.maximum
    ) throws(StoreError) -> Page<CampaignListing, ListCursor> {
        if let cursor, cursor.order != order { throw .wrongCursor(cursor, order: order) }
        let limit = PageSize.bounded(limit)
        let query = Self.listQuery(filter, by: order, after: cursor, limit: limit + 1)
        return try reading { db in
            let reader = CampaignReader(db)
            let found = try db.rows(query.sql, query.values).map { row in
                let row = StoredRow(row)
                return try StoreError.naming("campaign in a list") {
                    let number = try row.integer("number")
                    guard let stored = try reader.campaign(number: number) else {
                        throw ColumnError("is gone within a look")
                    }
                    return (stored: stored, rank: try row.integer("rank"))
                }
            }
            let page = Page(found.map { Ranked(listing: CampaignListing($0.stored), rank: $0.rank) }, limit: limit) {
                ListCursor(order: order, rank: $0.rank, name: $0.listing.campaign.name)
            }
            return page.map(\.listing)
        }
    }

    static func listQuery(
        _ filter: CampaignFilter, by order: CampaignOrder, after cursor: ListCursor?, limit: Int
    ) -> (sql: String, values: [DatabaseValue]) {
        var (conditions, values) = filter.conditions
        // By name alone there is nothing to sort: the names' own index has them in order, from the cursor on.
        let isByName = order == .name
        if let cursor {
            conditions.append(isByName ? "name > ?" : "(\(order.rank), name) > (?, ?)")
            values += isByName ? [] : [.integer(cursor.rank)]
            values.append(.text(cursor.name.text))
        }
        let filtering = conditions.isEmpty ? "" : "WHERE " + conditions.joined(separator: " AND ")
        values.append(.integer(limit))
        let sorting = isByName ? "name" : "rank, name"
        return (
            "SELECT number, \(order.rank) AS rank FROM campaigns \(filtering) ORDER BY \(sorting) LIMIT ?", values
        )
    }

    private struct Ranked {
        let listing: CampaignListing
        let rank: Int64
    }

    /// The campaign of that name, archived ones included.
    public func listing(of name: Slug) throws(StoreError) -> CampaignListing? {
        try reading { try CampaignReader($0).campaign(named: name).map { CampaignListing($0) } }
    }

    /// How many of the campaigns that `filter` lets through have each status; a status without any is 0.
    public func countsByStatus(_ filter: CampaignFilter = CampaignFilter()) throws(StoreError) -> [Status: Int] {
        let (conditions, values) = filter.conditions
        let filtering = conditions.isEmpty ? "" : "WHERE " + conditions.joined(separator: " AND ")
        return try reading { db in
            var counts = Dictionary(uniqueKeysWithValues: Status.allCases.map { ($0, 0) })
            for row in try db.rows(
                "SELECT status, count(*) AS count FROM campaigns \(filtering) GROUP BY status", values)
            {
                let row = StoredRow(row)
                try StoreError.naming("count of campaigns") {
                    counts[try row.value("status", Status.init(rawValue:))] = try row.count("count")
                }
            }
            return counts
        }
    }

    /// How many campaigns in force have a live version that names each audience.
    public func audienceUses() throws(StoreError) -> [Slug: Int] {
        let inForce = Status.allCases.filter(\.isInForce).map(\.rawValue)
        return try reading { db in
            let rows = try db.rows(
                """
                SELECT json_extract(definition, '$.audience') AS audience, count(*) AS count
                FROM campaigns JOIN versions ON versions.campaign = campaigns.number AND versions.number = live
                WHERE status IN (\(inForce.map { _ in "?" }.joined(separator: ", "))) AND audience IS NOT NULL
                GROUP BY audience
                """, inForce.map { .text($0) })
            var uses: [Slug: Int] = [:]
            for row in rows {
                let row = StoredRow(row)
                try StoreError.naming("audience of a campaign") {
                    uses[try row.slug("audience")] = try row.count("count")
                }
            }
            return uses
        }
    }

    /// One version of a campaign, an old or a dropped one too.
    public func version(_ number: Int, of name: Slug) throws(StoreError) -> Version? {
        try reading { db in
            guard let campaign = try Self.number(of: name, db) else { return nil }
            return try StoreError.naming("campaign \(name)") { try VersionRow.fetch(number, of: campaign, db) }
        }
    }

    /// The numbers of all versions that the campaign has or had, ascending.
    public func versionNumbers(of name: Slug) throws(StoreError) -> [Int] {
        try reading { db in
            guard let campaign = try Self.number(of: name, db) else { return [] }
            return try db.rows("SELECT number FROM versions WHERE campaign = ? ORDER BY number", [.integer(campaign)])
                .map { row in try StoreError.naming("campaign \(name)") { try StoredRow(row).count("number") } }
        }
    }

    static func number(of name: Slug, _ db: Database) throws -> Int64? {
        try db.row("SELECT number FROM campaigns WHERE name = ?", [.text(name.text)]).map { row in
            try StoreError.naming("campaign \(name)") { try StoredRow(row).integer("number") }
        }
    }
}

extension CampaignListing {
    init(_ stored: StoredCampaign) {
        self.init(campaign: stored.campaign, nextDue: stored.nextDue)
    }
}
