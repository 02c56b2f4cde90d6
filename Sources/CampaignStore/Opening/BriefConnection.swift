import GRDB
import GRDBSQLite

/// A connection for one look at a ledger that changes nothing, by SQLite's C interface.
///
/// One of GRDB's, when it is let go of, disposes of its queue on a global one of Dispatch, which wakes the process up
/// once a second from then on, and looks for itself in Foundation's notifications, which stay in memory.
final class BriefConnection {
    private let connection: OpaquePointer

    /// - Throws: `DatabaseError`.
    init(path: String) throws {
        var opened: OpaquePointer?
        let code = sqlite3_open_v2(path, &opened, SQLITE_OPEN_READONLY | SQLITE_OPEN_NOMUTEX, nil)
        guard let opened else { throw DatabaseError(resultCode: .SQLITE_NOMEM) }
        connection = opened
        guard code == SQLITE_OK else { throw failure }
        sqlite3_busy_timeout(connection, CInt(Store.busyTimeoutSeconds * 1_000))
        for pragma in Store.guards { _ = try integer(pragma) }
    }

    deinit { sqlite3_close_v2(connection) }

    /// The first column of the first row; zero where there is no row.
    ///
    /// - Throws: `DatabaseError`.
    func integer(_ sql: String) throws -> Int {
        var statement: OpaquePointer?
        guard sqlite3_prepare_v2(connection, sql, -1, &statement, nil) == SQLITE_OK else { throw failure }
        defer { sqlite3_finalize(statement) }
        switch sqlite3_step(statement) {
        case SQLITE_ROW: return Int(sqlite3_column_int64(statement, 0))
        case SQLITE_DONE: return 0
        default: throw failure
        }
    }

    private var failure: DatabaseError {
        DatabaseError(
            resultCode: ResultCode(rawValue: sqlite3_extended_errcode(connection)),
            message: String(cString: sqlite3_errmsg(connection)))
    }
}
