import CampaignModel
import GRDB

/// What belongs to the campaigns of a page and lies in other tables, read with one statement for each table instead of
/// one for each campaign.
struct GatheredParts {
    private let versions: [Int64: Result<[Version], any Error>]
    private let tags: [Int64: Result<[Slug], any Error>]
    private let alerts: [Int64: Result<[Alert], any Error>]

    /// - Parameter numbers: the campaigns', as ``DatabaseValue/list(_:)`` makes them.
    init(of numbers: DatabaseValue, _ db: Database) throws {
        versions = try Self.gather(VersionRow.gathering, numbers, db, VersionRow.read)
        tags = try Self.gather(
            "SELECT campaign, tag FROM campaign_tags WHERE campaign IN \(Self.listed) ORDER BY campaign, position",
            numbers, db
        ) { try $0.slug("tag") }
        alerts = try Self.gather(AlertRow.gathering, numbers, db, AlertRow.read)
    }

    /// Those of one campaign. A row that can't be read is an error only for the campaign that it belongs to.
    func parts(of number: Int64) throws -> CampaignParts {
        let versions = versions[number]
        return CampaignParts(
            version: { wanted in
                guard let wanted else { return nil }
                guard let found = try versions?.get().first(where: { $0.number == wanted }) else {
                    throw ColumnError("has no version \(wanted)")
                }
                return found
            },
            tags: try tags[number]?.get() ?? [], alerts: try alerts[number]?.get() ?? [])
    }

    /// The numbers of a list of them that is bound to the statement's one `?`.
    static let listed = "(SELECT value FROM json_each(?))"

    private static func gather<Part>(
        _ sql: String, _ numbers: DatabaseValue, _ db: Database, _ read: (StoredRow) throws -> Part
    ) throws -> [Int64: Result<[Part], any Error>] {
        var found: [Int64: Result<[Part], any Error>] = [:]
        try db.forEachRow(sql, [numbers]) { row in
            let campaign = try row.integer("campaign")
            let part = Result { try read(row) }
            // Taken out, so that the array is not copied while it grows.
            switch (found.removeValue(forKey: campaign), part) {
            case (nil, .success(let part)): found[campaign] = .success([part])
            case (.success(var parts), .success(let part)):
                parts.append(part)
                found[campaign] = .success(parts)
            case (.failure(let error), _), (_, .failure(let error)): found[campaign] = .failure(error)
            }
        }
        return found
    }
}
