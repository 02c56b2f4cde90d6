import CampaignModel
import Foundation
import GRDB
import Glibc

@testable import CampaignStore

/// A folder of its own for one test, gone with this value.
final class TemporaryFolder {
    let path: String

    init() throws {
        path = FileManager.default.temporaryDirectory.path + "/campaign-store-" + UUID().uuidString
        try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: false)
    }

    deinit {
        try? FileManager.default.removeItem(atPath: path)
    }

    var ledgerPath: String { path + "/" + Store.fileName }

    func lock() throws -> LedgerLock { try LedgerLock(directory: path) }

    func open(machineID: String? = nil) throws -> Store {
        try Store.open(at: ledgerPath, holding: lock(), machineID: machineID)
    }

    func write(_ bytes: some Sequence<UInt8>, to name: String = Store.fileName) throws {
        try Data(bytes).write(to: URL(fileURLWithPath: path + "/" + name))
    }

    func bytes(of name: String = Store.fileName) throws -> [UInt8] {
        [UInt8](try Data(contentsOf: URL(fileURLWithPath: path + "/" + name)))
    }

    func mode(of name: String) -> mode_t? {
        var status = stat()
        guard stat(path + "/" + name, &status) == 0 else { return nil }
        return status.st_mode & 0o7777
    }
}

/// An open ledger in a folder of its own.
final class TemporaryLedger {
    let folder: TemporaryFolder
    let store: Store

    init(machineID: String? = nil) throws {
        folder = try TemporaryFolder()
        store = try folder.open(machineID: machineID)
    }

    /// How SQLite would look for what the query asks.
    func plan(of query: String) throws -> [String] {
        try store.reading { db in
            let values = [DatabaseValue](repeating: .integer(1), count: query.count { $0 == "?" })
            return try Row.fetchAll(db, sql: "EXPLAIN QUERY PLAN " + query, arguments: StatementArguments(values))
                .map { $0["detail"] as String }
        }
    }

    deinit {
        try? store.close()
    }
}
