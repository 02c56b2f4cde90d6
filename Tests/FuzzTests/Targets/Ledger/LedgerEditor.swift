import CampaignStore
import Foundation
import GRDB

/// Makes edits to a ledger's files, as somebody with a hex editor or with sqlite3 could.
struct LedgerEditor {
    let folder: FuzzFolder
    let seed: LedgerSeed
    let edits: [LedgerEdit]
    /// Whether a write-ahead log lies beside the file.
    let hasLog: Bool

    func write() throws {
        try folder.write(hasLog ? seed.olderFile : seed.file, to: folder.ledger)
        if !hasLog { try editRows() }
        var file = try folder.bytes(of: folder.ledger)
        var log = hasLog ? seed.log : []
        for edit in edits {
            switch edit {
            case .fileByte(let offset, let value): file[offset % file.count] = value
            case .logByte(let offset, let value) where !log.isEmpty: log[offset % log.count] = value
            case .cut(let length):
                if hasLog { log = Array(log.prefix(length % (log.count + 1))) }
                if !hasLog { file = Array(file.prefix(max(1, length % (file.count + 1)))) }
            case .logByte, .cell, .copied, .removed, .command, .wait: break
            }
        }
        try folder.write(file, to: folder.ledger)
        if hasLog { try folder.write(log, to: folder.ledger + "-wal") }
    }

    // MARK: Rows

    private func editRows() throws {
        let wanted = edits.filter(\.isOfRows)
        guard !wanted.isEmpty else { return }
        var configuration = Configuration()
        configuration.foreignKeysEnabled = false
        let queue = try DatabaseQueue(path: folder.ledger, configuration: configuration)
        try queue.writeWithoutTransaction { db in
            try db.execute(sql: "PRAGMA synchronous = OFF; PRAGMA ignore_check_constraints = ON")
            let tables = try Self.tables(db)
            // A value that the column's type does not let in stays out: other edits go on.
            for edit in wanted { try? Self.edit(edit, tables, db) }
            try db.checkpoint(.truncate)
        }
        try queue.close()
    }

    private struct Table {
        let name: String
        let columns: [String]
        let key: String
    }

    private static func tables(_ db: Database) throws -> [Table] {
        let names = try String.fetchAll(
            db,
            sql: """
                SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite_%'
                AND name NOT LIKE 'grdb_%' ORDER BY name
                """)
        return try names.map { name in
            let columns = try Row.fetchAll(db, sql: "PRAGMA table_info(\(name))").map { $0["name"] as String }
            return Table(name: name, columns: columns, key: name == "campaign_tags" ? "campaign" : "rowid")
        }
    }

    private static func edit(_ edit: LedgerEdit, _ tables: [Table], _ db: Database) throws {
        let cells = tables.flatMap { table in table.columns.map { (table, $0) } }
        switch edit {
        case .cell(let index, let row, let value):
            let (table, column) = cells[index % cells.count]
            let key = try row.map { try Self.key($0, of: table, db) } ?? nil
            let place = row == nil ? "" : "WHERE \(table.key) = ?"
            guard row == nil || key != nil else { return }
            try withoutTriggers(of: table, db) {
                try db.execute(
                    sql: "UPDATE OR REPLACE \(table.name) SET \(column) = ? \(place)",
                    arguments: StatementArguments([value.stored] + (key.map { [$0] } ?? [])))
            }
        case .copied(let index, let from, let to):
            let (table, column) = cells[index % cells.count]
            guard let from = try key(from, of: table, db), let to = try key(to, of: table, db) else { return }
            try withoutTriggers(of: table, db) {
                try db.execute(
                    sql: """
                        UPDATE OR REPLACE \(table.name) SET \(column) = (
                            SELECT \(column) FROM \(table.name) WHERE \(table.key) = ? LIMIT 1) WHERE \(table.key) = ?
                        """, arguments: [from, to])
            }
        case .removed(let index, let row):
            let table = tables[index % tables.count]
            guard let key = try key(row, of: table, db) else { return }
            try withoutTriggers(of: table, db) {
                try db.execute(sql: "DELETE FROM \(table.name) WHERE \(table.key) = ?", arguments: [key])
            }
        case .fileByte, .logByte, .cut, .command, .wait: break
        }
    }

    private static func key(_ row: Int, of table: Table, _ db: Database) throws -> Int64? {
        let count = try Int.fetchOne(db, sql: "SELECT count(*) FROM \(table.name)") ?? 0
        guard count > 0 else { return nil }
        return try Int64.fetchOne(
            db, sql: "SELECT \(table.key) FROM \(table.name) ORDER BY \(table.key) LIMIT 1 OFFSET ?",
            arguments: [row % count])
    }

    private static func withoutTriggers(of table: Table, _ db: Database, _ body: () throws -> Void) throws {
        let triggers = try Row.fetchAll(
            db, sql: "SELECT name, sql FROM sqlite_schema WHERE type = 'trigger' AND tbl_name = ?",
            arguments: [table.name])
        for trigger in triggers { try db.execute(sql: "DROP TRIGGER \(trigger["name"] as String)") }
        defer { for trigger in triggers { try? db.execute(sql: trigger["sql"] as String) } }
        try body()
    }
}

extension LedgerEdit {
    var isOfRows: Bool {
        switch self {
        case .cell, .copied, .removed: true
        case .fileByte, .logByte, .cut, .command, .wait: false
        }
    }
}

extension LedgerValue {
    fileprivate var stored: DatabaseValue {
        switch self {
        case .null: .null
        case .number(let number): number.databaseValue
        case .text(let text): text.databaseValue
        case .bytes(let bytes): Data(bytes).databaseValue
        }
    }
}
