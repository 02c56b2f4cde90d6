import CampaignModel
import GRDB
import Recurrence
import Synchronization

/// A zone's data in `zone_editions`: the file that they were read from. Rows never change; campaigns name them.
enum ZoneEditionRow {
    /// The number of an edition; nil where it was never written.
    static func number(of edition: ZoneEdition, _ db: Database) throws -> Int64? {
        try db.row(
            "SELECT number FROM zone_editions WHERE name = ? AND version = ? AND tzif = ?", values(edition)
        ) { try $0.integer("number") }
    }

    /// Writes a new edition and answers its number.
    static func insert(_ edition: ZoneEdition, _ db: Database) throws -> Int64 {
        try db.run("INSERT INTO zone_editions (name, version, tzif) VALUES (?, ?, ?)", values(edition))
        return db.lastInsertedRowID
    }

    private static func values(_ edition: ZoneEdition) -> [DatabaseValue] {
        [.text(edition.zone.name), .text(edition.version), .bytes(edition.zone.tzif)]
    }

    static func fetch(_ number: Int64, _ db: Database) throws -> ZoneEdition {
        try StoreError.naming("zone edition \(number)") {
            let found = try db.row(
                "SELECT name, version, tzif FROM zone_editions WHERE number = ?", [.integer(number)], read)
            guard let found else { throw ColumnError("is missing") }
            return found
        }
    }

    private static func read(_ row: StoredRow) throws -> ZoneEdition {
        do {
            let zone = try Zone(name: try row.text("name"), tzif: try row.bytes("tzif"))
            return ZoneEdition(zone: zone, version: try row.text("version"))
        } catch let error as TZifError {
            throw ColumnError("tzif", "is \(error)")
        }
    }

    /// The numbers of those that campaigns are planned by now.
    static func numbersInUse(_ db: Database) throws -> [Int64] {
        try db.rows(
            """
            SELECT number FROM zone_editions
            WHERE EXISTS (SELECT 1 FROM campaigns WHERE zone_edition = zone_editions.number) ORDER BY number
            """
        ) { try $0.integer("number") }
    }
}

/// Editions that were read or written last: a zone takes a thousand times longer to read than a campaign's row.
/// Touched on the writer's connection alone.
final class ZoneEditionMemo: Sendable {
    /// As many as the database has names, and as many again that were replaced.
    private static let limit = 1_200

    private let editions = Mutex<[Int64: ZoneEdition]>([:])

    func edition(_ number: Int64, _ db: Database) throws -> ZoneEdition {
        if let known = editions.withLock({ $0[number] }) { return known }
        let edition = try ZoneEditionRow.fetch(number, db)
        keep(edition, number)
        return edition
    }

    /// The number of an edition, which is written where it is new.
    ///
    /// - Parameter present: the number that the campaign has now; mostly it is the answer.
    func number(of edition: ZoneEdition, present: Int64?, _ db: Database) throws -> Int64 {
        if let present, try self.edition(present, db) == edition { return present }
        let number = try ZoneEditionRow.number(of: edition, db) ?? ZoneEditionRow.insert(edition, db)
        keep(edition, number)
        return number
    }

    /// After a write that failed: numbers may be given anew.
    func forgetAll() {
        editions.withLock { $0.removeAll() }
    }

    private func keep(_ edition: ZoneEdition, _ number: Int64) {
        editions.withLock {
            if $0.count >= Self.limit { $0.removeAll() }
            $0[number] = edition
        }
    }
}
