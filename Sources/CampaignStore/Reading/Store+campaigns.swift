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
        return try reading { db in
            // One more than the page has tells whether there is another one.
            let found = try Self.places(filter, by: order, after: cursor, limit: limit + 1, db)
            let places = Page(found, limit: limit) { $0 }
            let campaigns = try CampaignReader(db).campaigns(numbers: places.items.map(\.number))
            let listings = try places.items.map { place in
                guard let stored = campaigns[place.number] else {
                    throw StoreError.unsound(row: "campaign in a list", reason: "is gone within a look")
                }
                return CampaignListing(stored)
            }
            return Page(items: listings, next: places.next.flatMap { last in
                listings.last.map { ListCursor(order: order, rank: last.rank, name: $0.campaign.name) }
            })
        }
    }

    private static func places(
        _ filter: CampaignFilter, by order: CampaignOrder, after cursor: ListCursor?, limit: Int, _ db: Database
    ) throws -> [(number: Int64, rank: Int64)] {
        var places: [(number: Int64, rank: Int64)] = []
        for part in try ListQuery.parts(filter, by: order, after: cursor, narrows: { try $0.isMetByFew(db) })
        where places.count < limit {
            try db.forEachRow(part.sql, part.values + [.integer(limit - places.count)]) { row in
                try StoreError.naming("campaign in a list") {
                    places.append((number: try row.integer("number"), rank: try row.integer("rank")))
                }
            }
        }
        return places
    }

    /// The campaign of that name, archived ones included.
    public func listing(of name: Slug) throws(StoreError) -> CampaignListing? {
        try reading { try CampaignReader($0).campaign(named: name).map { CampaignListing($0) } }
    }

    /// How many of the campaigns that `filter` lets through have each status; a status without any is 0.
    public func countsByStatus(_ filter: CampaignFilter = CampaignFilter()) throws(StoreError) -> [Status: Int] {
        let (conditions, values) = filter.conditions { _ in true }
        let filtering = conditions.isEmpty ? "" : "WHERE " + conditions.joined(separator: " AND ")
        return try reading { db in
            var counts = Dictionary(uniqueKeysWithValues: Status.allCases.map { ($0, 0) })
            try db.forEachRow(
                "SELECT status, count(*) AS count FROM campaigns \(filtering) GROUP BY status", values
            ) { row in
                try StoreError.naming("count of campaigns") {
                    counts[try row.value("status", Status.init(rawValue:))] = try row.count("count")
                }
            }
            return counts
        }
    }

    /// How many campaigns are paused.
    public func pausedCount() throws(StoreError) -> Int {
        try reading { db in
            try Int.fetchOne(db, sql: "SELECT count(*) FROM campaigns WHERE paused = 1") ?? 0
        }
    }

    /// How many campaigns in force have a live version that names each audience.
    public func audienceUses() throws(StoreError) -> [Slug: Int] {
        let inForce = Status.allCases.filter(\.isInForce).map(\.rawValue)
        return try reading { db in
            var uses: [Slug: Int] = [:]
            try db.forEachRow(
                """
                SELECT json_extract(definition, '$.audience') AS audience, count(*) AS count
                FROM campaigns JOIN versions ON versions.campaign = campaigns.number AND versions.number = live
                WHERE status IN (\(inForce.map { _ in "?" }.joined(separator: ", "))) AND audience IS NOT NULL
                GROUP BY audience
                """, inForce.map { .text($0) }
            ) { row in
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
            return try db.rows("SELECT number FROM versions WHERE campaign = ? ORDER BY number", [.integer(campaign)]) {
                row in try StoreError.naming("campaign \(name)") { try row.count("number") }
            }
        }
    }

    static func number(of name: Slug, _ db: Database) throws -> Int64? {
        try db.row("SELECT number FROM campaigns WHERE name = ?", [.text(name.text)]) { row in
            try StoreError.naming("campaign \(name)") { try row.integer("number") }
        }
    }
}

extension CampaignListing {
    init(_ stored: StoredCampaign) {
        self.init(campaign: stored.campaign, nextDue: stored.nextDue)
    }
}
