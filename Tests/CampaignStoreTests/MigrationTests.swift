import CampaignEngine
import CampaignModel
import Foundation
import GRDB
import Testing

@testable import CampaignStore

@Suite("Migrating a ledger")
struct MigrationTests {
    static let present = Schema.current.version
    static let newer = newerSchema("CREATE TABLE more (a INTEGER) STRICT")
    static let broken = newerSchema("CREATE TABLE more (a INTEGER) STRICT; DROP TABLE absent")
    static let backup = "ledger.sqlite.v\(present)"

    static func newerSchema(_ sql: String) -> Schema {
        Schema(steps: Schema.current.steps + [Schema.Step(version: present + 1, sql: sql)])
    }

    @Test("an older ledger is announced, backed up, and brought to the newer schema with all it holds")
    func migration() throws {
        let folder = try TemporaryFolder()
        let campaign = try draft("spring")
        let old = try folder.open()
        try old.commit([decision(campaign)], at: instant(0))
        try old.close()
        var told: [[Int]] = []
        let store = try Store.open(at: folder.ledgerPath, holding: folder.lock(), machineID: nil, schema: Self.newer) {
            told.append([$0, $1])
            #expect(folder.mode(of: Self.backup) == nil)
        }
        #expect(told == [[Self.present, Self.present + 1]])
        #expect(try store.campaign(named: slug("spring"))?.campaign == campaign)
        #expect(try store.reading { try Int.fetchOne($0, sql: "PRAGMA user_version") } == Self.present + 1)
        try store.close()
        #expect(folder.mode(of: Self.backup) == 0o600)
        #expect(folder.mode(of: Self.backup + ".new") == nil)
        try FileManager.default.removeItem(atPath: folder.ledgerPath)
        try FileManager.default.moveItem(atPath: folder.path + "/" + Self.backup, toPath: folder.ledgerPath)
        let backup = try folder.open()
        #expect(try backup.campaign(named: slug("spring"))?.campaign == campaign)
        try backup.close()
    }

    @Test("a migration that fails is told with its version and leaves ledger and backup as they were")
    func failure() throws {
        let folder = try TemporaryFolder()
        try folder.open().close()
        let reason = "no such table: absent (SQLite 1)"
        let error = StoreError.migrationFailed(path: folder.ledgerPath, version: Self.present + 1, reason: reason)
        #expect(throws: error) {
            try Store.open(at: folder.ledgerPath, holding: folder.lock(), machineID: nil, schema: Self.broken)
        }
        let store = try folder.open()
        #expect(try store.reading { try Int.fetchOne($0, sql: "PRAGMA user_version") } == Self.present)
        try store.close()
        #expect(folder.mode(of: Self.backup) == 0o600)
    }

    @Test("a ledger of the present schema is neither announced nor backed up")
    func nothingToDo() throws {
        let folder = try TemporaryFolder()
        try folder.open().close()
        let store = try Store.open(at: folder.ledgerPath, holding: folder.lock(), machineID: nil) { _, _ in
            Issue.record("there is nothing to migrate")
        }
        try store.close()
        #expect(folder.mode(of: Self.backup) == nil)
    }

    @Test("a backup is a whole ledger, and never replaces a file")
    func backup() throws {
        let ledger = try TemporaryLedger()
        let campaign = try draft("spring")
        try ledger.store.commit([decision(campaign)], at: instant(0))
        let copy = ledger.folder.path + "/copy.sqlite"
        try ledger.store.backup(to: copy)
        #expect(ledger.folder.mode(of: "copy.sqlite") == 0o600)
        let other = try TemporaryFolder()
        try FileManager.default.copyItem(atPath: copy, toPath: other.ledgerPath)
        let store = try other.open()
        #expect(try store.campaign(named: slug("spring"))?.campaign == campaign)
        #expect(try LedgerCheck(of: store.path).findings == [])
        try store.close()
        let bytes = try ledger.folder.bytes(of: "copy.sqlite")
        #expect(throws: StoreError.self) { try ledger.store.backup(to: copy) }
        #expect(try ledger.folder.bytes(of: "copy.sqlite") == bytes)
    }
}
