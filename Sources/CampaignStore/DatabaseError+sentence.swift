import GRDB

extension DatabaseError {
    /// SQLite's own words and number, without statement and values.
    var sentence: String {
        "\(message ?? resultCode.description) (SQLite \(extendedResultCode.rawValue))"
    }

    /// What this means for the file at `path`.
    func asStoreError(at path: String) -> StoreError {
        switch resultCode {
        case .SQLITE_CORRUPT: .damaged(path: path, reason: sentence)
        case .SQLITE_NOTADB: .notALedger(path: path, reason: sentence)
        case .SQLITE_READONLY: .readOnly(path)
        case .SQLITE_CANTOPEN, .SQLITE_PERM, .SQLITE_AUTH: .noPermission(path: path, reason: sentence)
        case .SQLITE_BUSY, .SQLITE_LOCKED: .failed("another program keeps \(path) locked: \(sentence)")
        default: .failed(sentence)
        }
    }
}

extension StoreError {
    /// The error of an operation on the open ledger at `path`.
    init(_ error: any Error, at path: String) {
        switch error {
        case let known as StoreError: self = known
        case let database as DatabaseError: self = database.asStoreError(at: path)
        default: self = .failed("\(error)")
        }
    }
}
