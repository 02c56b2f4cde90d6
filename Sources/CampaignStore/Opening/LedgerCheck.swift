import GRDB
public import Recurrence

/// A look through a whole ledger, or a backup of one, that changes nothing.
public struct LedgerCheck: Sendable {
    /// The version of its schema.
    public let schema: Int
    public let campaigns: Int
    public let sends: Int
    /// Lines of the history.
    public let events: Int
    /// The newest instant at which it was written; nil for a new one.
    public let newestWrite: Instant?
    /// Damage, and rows without their parent, a sentence each, at most ``findingLimit``; empty for a sound ledger.
    public let findings: [String]

    /// More than this tells nobody more than that the file is to be restored.
    public static let findingLimit = 100

    /// - Throws: ``StoreError`` for a file that is no ledger, can't be opened, or is too damaged to be looked through.
    public init(of path: String) throws(StoreError) {
        guard try LedgerFile(path: path).inspect(for: .reading) == .present else {
            throw .noPermission(path: path, reason: "it does not exist")
        }
        let schema = try Store.version(of: path, .current)
        do {
            let queue = try DatabaseQueue(path: path, configuration: Store.readingConfiguration)
            defer { try? queue.close() }
            self = try queue.read { db in
                let findings = try Self.findings(in: db)
                return try findings.isEmpty
                    ? LedgerCheck(of: db, schema: schema) : LedgerCheck(schema: schema, findings: findings)
            }
        } catch {
            throw StoreError(error, at: path)
        }
    }

    /// Of a damaged one nothing is counted.
    private init(schema: Int, findings: [String]) {
        self.schema = schema
        self.findings = findings
        campaigns = 0
        sends = 0
        events = 0
        newestWrite = nil
    }

    private init(of db: Database, schema: Int) throws {
        func count(_ table: String) throws -> Int { try Int.fetchOne(db, sql: "SELECT count(*) FROM \(table)") ?? 0 }
        self.schema = schema
        campaigns = try count("campaigns")
        sends = try count("sends")
        events = try count("events")
        newestWrite = try Int64.fetchOne(db, sql: "SELECT newest_write FROM ledger")
            .map { Instant(secondsSinceEpoch: $0) }
        findings = []
    }

    private static func findings(in db: Database) throws -> [String] {
        let check = try String.fetchAll(db, sql: "PRAGMA integrity_check(\(findingLimit))")
        let damage = check.filter { $0 != "ok" }
        let orphans = try Row.fetchAll(db, sql: "PRAGMA foreign_key_check").prefix(findingLimit).map { row in
            "a row of \(row["table"] ?? "a table") has no row of \(row["parent"] ?? "another") that it belongs to"
        }
        return Array((damage + orphans).prefix(findingLimit))
    }
}
