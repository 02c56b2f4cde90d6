import CampaignModel
import GRDB
import GRDBSQLite
import Recurrence

/// A row as it comes from the file, where nothing can be trusted: each column is read by what it must be, and a
/// value that does not fit is an error that names column and value's kind, not the value.
///
/// It is the row that its statement stands at, so what is read of it must be read before the next one.
final class StoredRow {
    private let statement: SQLiteStatement
    private let columns: [String]
    /// Columns are mostly read in the order in which they are selected: the one after the last is looked at first.
    private var likely = 0

    init(_ statement: Statement) {
        self.statement = statement.sqliteStatement
        columns = statement.columnNames
    }

    private func index(of column: String) -> CInt {
        let ahead = columns[likely...].firstIndex(of: column)
        guard let index = ahead ?? columns[..<likely].firstIndex(of: column) else {
            preconditionFailure("no column \(column) is selected")
        }
        likely = index + 1
        return CInt(index)
    }

    func integer(_ column: String) throws(ColumnError) -> Int64 {
        guard let number = try optionalInteger(column) else { throw ColumnError(column, "is missing") }
        return number
    }

    func optionalInteger(_ column: String) throws(ColumnError) -> Int64? {
        let index = index(of: column)
        switch sqlite3_column_type(statement, index) {
        case SQLITE_NULL: return nil
        case SQLITE_INTEGER: return sqlite3_column_int64(statement, index)
        default: throw ColumnError(column, "is not a whole number")
        }
    }

    /// Nothing that is counted one by one ever comes this far: what is read can be counted on without an overflow.
    static let countLimit: Int64 = 1 << 53

    /// A number that is never negative: a count, a version, a revision.
    func count(_ column: String) throws(ColumnError) -> Int {
        guard let number = try optionalCount(column) else { throw ColumnError(column, "is missing") }
        return number
    }

    func optionalCount(_ column: String) throws(ColumnError) -> Int? {
        guard let number = try optionalInteger(column) else { return nil }
        guard number >= 0 else { throw ColumnError(column, "is negative") }
        guard number <= Self.countLimit else { throw ColumnError(column, "is larger than any count") }
        return Int(number)
    }

    func flag(_ column: String) throws(ColumnError) -> Bool {
        switch try integer(column) {
        case 0: return false
        case 1: return true
        default: throw ColumnError(column, "is neither 0 nor 1")
        }
    }

    func instant(_ column: String) throws(ColumnError) -> Instant {
        guard let instant = try optionalInstant(column) else { throw ColumnError(column, "is missing") }
        return instant
    }

    func optionalInstant(_ column: String) throws(ColumnError) -> Instant? {
        guard let seconds = try optionalInteger(column) else { return nil }
        let instant = Instant(secondsSinceEpoch: seconds)
        guard instant.secondsSinceEpoch == seconds else {
            throw ColumnError(column, "lies outside the years 1 to 9999")
        }
        return instant
    }

    func text(_ column: String) throws(ColumnError) -> String {
        guard let text = try optionalText(column) else { throw ColumnError(column, "is missing") }
        return text
    }

    func optionalText(_ column: String) throws(ColumnError) -> String? {
        let index = index(of: column)
        switch sqlite3_column_type(statement, index) {
        case SQLITE_NULL: return nil
        case SQLITE_TEXT:
            let start = sqlite3_column_text(statement, index)
            let bytes = UnsafeBufferPointer(start: start, count: Int(sqlite3_column_bytes(statement, index)))
            return String(decoding: bytes, as: UTF8.self)
        default: throw ColumnError(column, "is not text")
        }
    }

    func bytes(_ column: String) throws(ColumnError) -> [UInt8] {
        guard let bytes = try optionalBytes(column) else { throw ColumnError(column, "is missing") }
        return bytes
    }

    func optionalBytes(_ column: String) throws(ColumnError) -> [UInt8]? {
        let index = index(of: column)
        switch sqlite3_column_type(statement, index) {
        case SQLITE_NULL: return nil
        case SQLITE_BLOB:
            let start = sqlite3_column_blob(statement, index)
            return [UInt8](UnsafeRawBufferPointer(start: start, count: Int(sqlite3_column_bytes(statement, index))))
        default: throw ColumnError(column, "is not bytes")
        }
    }

    /// Text that was kept as bytes.
    func optionalTextOfBytes(_ column: String) throws(ColumnError) -> String? {
        guard let bytes = try optionalBytes(column) else { return nil }
        guard let text = String(validating: bytes, as: UTF8.self) else { throw ColumnError(column, "is not UTF-8") }
        return text
    }

    /// Text that `read` understands: a slug, a status, a local time.
    func value<Value>(_ column: String, _ read: (String) -> Value?) throws(ColumnError) -> Value {
        guard let value = try optionalValue(column, read) else { throw ColumnError(column, "is missing") }
        return value
    }

    func optionalValue<Value>(_ column: String, _ read: (String) -> Value?) throws(ColumnError) -> Value? {
        guard let text = try optionalText(column) else { return nil }
        guard let value = read(text) else { throw ColumnError(column, "is not a \(Value.self)") }
        return value
    }

    func slug(_ column: String) throws(ColumnError) -> Slug {
        try value(column) { Slug($0) }
    }

    /// An actor, or nil where `name` is NULL.
    func optionalActor(uid: String, name: String) throws(ColumnError) -> EventActor? {
        guard let actor = try optionalText(name) else { return nil }
        guard let number = try optionalInteger(uid) else { return EventActor(uid: nil, name: actor) }
        guard let id = UInt32(exactly: number) else { throw ColumnError(uid, "is not a uid") }
        return EventActor(uid: id, name: actor)
    }
}

/// A column whose value can't be what the ledger wrote.
struct ColumnError: Error {
    let reason: String

    init(_ column: String, _ reason: String) {
        self.reason = "has a \(column) that \(reason)"
    }

    init(_ reason: String) {
        self.reason = reason
    }
}

extension StoreError {
    /// Runs `read`, and names the row where a column of it does not fit.
    static func naming<Value>(_ row: @autoclosure () -> String, _ read: () throws -> Value) throws -> Value {
        do {
            return try read()
        } catch let error as ColumnError {
            throw StoreError.unsound(row: row(), reason: error.reason)
        }
    }
}
