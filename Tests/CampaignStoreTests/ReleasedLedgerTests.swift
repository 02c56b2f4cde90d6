import CampaignEngine
import CampaignModel
import Foundation
import GRDB
import Testing

@testable import CampaignStore

/// Fixtures/ledger.vN.sqlite is a ledger of schema version N, made by the programs of that time (the scenario
/// `ledger_fixture.py`), with campaigns in every status and sends in nearly every state.
@Suite("Ledgers of earlier versions")
struct ReleasedLedgerTests {
    static let statuses: [String: Status] = [
        "asked": .active, "called-off": .active, "checks": .activating, "cut": .active, "draft": .draft,
        "failed": .active, "missed": .completed, "once": .completed, "paused": .active, "planned": .scheduled,
        "put-away": .archived, "queued": .active, "runs": .active, "sent": .active, "stopped": .stopped,
        "waits": .active,
    ]

    static func ledger(version: Int) throws -> TemporaryFolder {
        let folder = try TemporaryFolder()
        let file = URL(filePath: #filePath).deletingLastPathComponent()
            .appending(path: "Fixtures/ledger.v\(version).sqlite")
        try FileManager.default.copyItem(atPath: file.path, toPath: folder.ledgerPath)
        return folder
    }

    @Test("each is brought to the present schema, with all that it holds", arguments: 1...Schema.current.version)
    func migrated(version: Int) throws {
        let folder = try Self.ledger(version: version)
        var told: [[Int]] = []
        let store = try Store.open(at: folder.ledgerPath, holding: folder.lock(), machineID: nil) {
            told.append([$0, $1])
        }
        #expect(told == (version < Schema.current.version ? [[version, Schema.current.version]] : []))
        try Self.holdsAll(store)
        try store.close()
    }

    @Test("a migration that ended between two steps goes on from the step that it came to, with all that is held")
    func resumed() throws {
        let folder = try Self.ledger(version: 1)
        let second = Schema.Step(version: 2, sql: "CREATE TABLE more (a INTEGER) STRICT")
        func schema(_ third: String) -> Schema {
            Schema(steps: [Schema.current.steps[0], second, Schema.Step(version: 3, sql: third)])
        }
        #expect(throws: StoreError.self) {
            try Store.open(
                at: folder.ledgerPath, holding: folder.lock(), machineID: nil, schema: schema("DROP TABLE absent"))
        }
        // What a backup left that was cut off.
        try folder.write([1, 2, 3], to: "ledger.sqlite.v2.new")
        var told: [[Int]] = []
        let store = try Store.open(
            at: folder.ledgerPath, holding: folder.lock(), machineID: nil,
            schema: schema("ALTER TABLE more ADD COLUMN b INTEGER")
        ) {
            told.append([$0, $1])
        }
        #expect(told == [[2, 3]])
        try Self.holdsAll(store)
        #expect(try store.reading { try Int.fetchOne($0, sql: "PRAGMA user_version") } == 3)
        try store.close()
        #expect(["v1", "v2"].map { folder.mode(of: "ledger.sqlite.\($0)") } == [0o600, 0o600])
        #expect(folder.mode(of: "ledger.sqlite.v2.new") == nil)
    }

    private static func holdsAll(_ store: Store) throws {
        #expect(try store.reading { try String.fetchAll($0, sql: "PRAGMA integrity_check") } == ["ok"])
        for (name, status) in statuses {
            let state = try #require(try store.campaign(named: slug(name)), "\(name)")
            #expect(state.campaign.status == status, "\(name)")
        }
        #expect(try store.campaignCount() == statuses.count)
        let open = try store.openSends()
        #expect(Set(open.map(\.state)) == [.queued, .running, .waiting])
        // Every event can be read, and they lie one after the other.
        let history = try store.events(after: 0, limit: 1_000)
        #expect(history.map(\.sequence) == Array(1...Int64(history.count)))
        #expect(history.count == 135)
    }
}
