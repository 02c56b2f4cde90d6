import Foundation
import GRDB
import GRDBSQLite

/// Statements that are prepared once for each connection. Their values are bound and their columns read by SQLite's own
/// functions: GRDB's arguments and rows, made for any type and for observers, cost several times what SQLite itself
/// does for a short statement, and a claim runs a dozen of these.
extension Database {
    func run(_ sql: String, _ values: [DatabaseValue]) throws {
        try forEachRow(sql, values) { _ in }
    }

    func row<Value>(
        _ sql: String, _ values: [DatabaseValue], _ read: (StoredRow) throws -> Value
    ) throws -> Value? {
        try execute(sql, values) { statement, row in
            try step(statement) ? try read(row) : nil
        }
    }

    func rows<Value>(
        _ sql: String, _ values: [DatabaseValue] = [], _ read: (StoredRow) throws -> Value
    ) throws -> [Value] {
        var found: [Value] = []
        try forEachRow(sql, values) { found.append(try read($0)) }
        return found
    }

    /// Runs through the rows of a statement. A row is good until the next one, and nothing of it is copied but what is
    /// read.
    func forEachRow(_ sql: String, _ values: [DatabaseValue], _ body: (StoredRow) throws -> Void) throws {
        try execute(sql, values) { statement, row in
            while try step(statement) { try body(row) }
        }
    }

    private func execute<Value>(
        _ sql: String, _ values: [DatabaseValue], _ body: (Statement, StoredRow) throws -> Value
    ) throws -> Value {
        let statement = try cachedStatement(sql: sql)
        let handle = statement.sqliteStatement
        precondition(sqlite3_stmt_busy(handle) == 0, "a statement is run while its own rows are read: \(sql)")
        defer {
            sqlite3_reset(handle)
            sqlite3_clear_bindings(handle)
        }
        for (index, value) in values.enumerated() {
            try check(value.bind(to: handle, at: CInt(index + 1)), statement)
        }
        return try body(statement, StoredRow(statement))
    }

    /// Whether there is a row.
    private func step(_ statement: Statement) throws -> Bool {
        switch sqlite3_step(statement.sqliteStatement) {
        case SQLITE_ROW: return true
        case SQLITE_DONE: return false
        case let code: throw error(code, statement)
        }
    }

    private func check(_ code: CInt, _ statement: Statement) throws {
        guard code == SQLITE_OK else { throw error(code, statement) }
    }

    private func error(_ code: CInt, _ statement: Statement) -> DatabaseError {
        DatabaseError(resultCode: ResultCode(rawValue: code), message: lastErrorMessage, sql: statement.sql)
    }
}

extension DatabaseValue {
    /// Binds the value, a copy of it, to a statement's parameter; the first is 1.
    fileprivate func bind(to statement: SQLiteStatement, at index: CInt) -> CInt {
        // SQLITE_TRANSIENT, a macro that Swift does not see: SQLite copies what it is given.
        let copied = unsafeBitCast(-1, to: sqlite3_destructor_type.self)
        switch storage {
        case .null: return sqlite3_bind_null(statement, index)
        case .int64(let number): return sqlite3_bind_int64(statement, index, number)
        case .double(let number): return sqlite3_bind_double(statement, index, number)
        case .string(var text):
            return text.withUTF8 { bytes in
                bytes.withMemoryRebound(to: CChar.self) {
                    sqlite3_bind_text(statement, index, $0.baseAddress, CInt($0.count), copied)
                }
            }
        // Without a byte it would be bound as NULL.
        case .blob(let data) where data.isEmpty: return sqlite3_bind_zeroblob(statement, index, 0)
        case .blob(let data):
            return data.withUnsafeBytes { sqlite3_bind_blob(statement, index, $0.baseAddress, CInt($0.count), copied) }
        }
    }
}
