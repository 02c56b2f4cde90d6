import CampaignModel
import Foundation
import GRDB
import Recurrence

/// A row as it comes from the file, where nothing can be trusted: each column is read by what it must be, and a
/// value that does not fit is an error that names column and value's kind, not the value.
struct StoredRow {
    let row: Row

    init(_ row: Row) {
        self.row = row
    }

    func integer(_ column: String) throws(ColumnError) -> Int64 {
        guard let number = try optionalInteger(column) else { throw ColumnError(column, "is missing") }
        return number
    }

    func optionalInteger(_ column: String) throws(ColumnError) -> Int64? {
        let value: DatabaseValue = row[column]
        switch value.storage {
        case .null: return nil
        case .int64(let number): return number
        case .double, .string, .blob: throw ColumnError(column, "is not a whole number")
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
        let value: DatabaseValue = row[column]
        switch value.storage {
        case .null: return nil
        case .string(let text): return text
        case .int64, .double, .blob: throw ColumnError(column, "is not text")
        }
    }

    func bytes(_ column: String) throws(ColumnError) -> [UInt8] {
        guard let bytes = try optionalBytes(column) else { throw ColumnError(column, "is missing") }
        return bytes
    }

    func optionalBytes(_ column: String) throws(ColumnError) -> [UInt8]? {
        let value: DatabaseValue = row[column]
        switch value.storage {
        case .null: return nil
        case .blob(let data): return [UInt8](data)
        case .int64, .double, .string: throw ColumnError(column, "is not bytes")
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
