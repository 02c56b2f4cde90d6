import CampaignEngine
import CampaignModel
import GRDB
import Testing

@testable import CampaignStore

@Suite("The ledger's file")
struct SchemaTests {
    @Test("the settings that its promises rest on are in force on the writer")
    func settings() throws {
        let ledger = try TemporaryLedger()
        let needed = [
            "journal_mode": "wal", "synchronous": "2", "foreign_keys": "1", "busy_timeout": "5000",
            "application_id": "\(0x434D_5044)", "user_version": "\(Schema.current.version)",
        ]
        for (name, value) in needed {
            let found = try ledger.store.pool.writeWithoutTransaction { try String.fetchOne($0, sql: "PRAGMA \(name)") }
            #expect(found == value, "\(name)")
        }
    }

    @Test("GRDB's pool alone leaves synchronous at NORMAL, which is why it is set afterwards")
    func poolSetsNormal() throws {
        let folder = try TemporaryFolder()
        var configuration = Configuration()
        configuration.prepareDatabase { try $0.execute(sql: "PRAGMA synchronous = FULL") }
        let pool = try DatabasePool(path: folder.path + "/other.sqlite", configuration: configuration)
        #expect(try pool.writeWithoutTransaction { try Int.fetchOne($0, sql: "PRAGMA synchronous") } == 1)
        try pool.close()
    }

    @Test("every table is STRICT")
    func strictTables() throws {
        let ledger = try TemporaryLedger()
        let loose = try ledger.store.reading { db in
            try String.fetchAll(
                db,
                sql: """
                    SELECT name FROM pragma_table_list
                    WHERE schema = 'main' AND NOT strict AND name NOT LIKE 'sqlite_%' AND name <> 'grdb_migrations'
                    """)
        }
        #expect(loose == [])
    }

    @Test("the history can be neither changed nor cut, whoever asks")
    func appendOnly() throws {
        let ledger = try TemporaryLedger()
        try ledger.store.append([event(.daemonStarted)], at: instant(0))
        for sql in ["UPDATE events SET text = 'other'", "DELETE FROM events"] {
            #expect(throws: DatabaseError.self) {
                try ledger.store.pool.write { try $0.execute(sql: sql) }
            }
        }
        #expect(try ledger.store.history().map(\.event) == [event(.daemonStarted)])
    }

    @Test("what is due, what is open and what has a tag is found through an index")
    func indices() throws {
        let ledger = try TemporaryLedger()
        let filter = CampaignFilter(tags: [slug("fr")])
        let list = try #require(ListQuery.parts(filter, by: .name, after: nil, narrows: { _ in true }).first)
        let queries: [(sql: String, index: String)] = [
            (CampaignReader.dueQuery, "campaigns_by_wake (wake_at<?)"),
            ("SELECT min(wake_at) FROM campaigns WHERE wake_at IS NOT NULL", "campaigns_by_wake"),
            (CampaignReader.openSendsQuery, "sends_open (campaign=?)"),
            (Store.openSendsQuery, "sends_open"),
            (list.sql, "campaign_tags_by_tag (tag=?)"),
            ("SELECT status, count(*) FROM campaigns GROUP BY status", "COVERING INDEX campaigns_by_status"),
            (SendRow.selection + " WHERE sends.campaign = 1 ORDER BY sends.number DESC", "sends_by_campaign"),
            ("SELECT id FROM campaigns WHERE message_in_force = ?", "campaigns_by_message (message_in_force=?)"),
            (EventRow.selection + " WHERE campaign IN (1) AND sequence > 5 ORDER BY sequence", "events_by_campaign"),
        ]
        for query in queries {
            let plan = try ledger.store.reading { db in
                let count = query.sql.count { $0 == "?" }
                return try Row.fetchAll(
                    db, sql: "EXPLAIN QUERY PLAN " + query.sql,
                    arguments: StatementArguments([DatabaseValue](repeating: .null, count: count))
                ).map { $0["detail"] as String }
            }
            #expect(plan.contains { $0.contains(query.index) }, "\(query.sql): \(plan)")
        }
        // By every order a page is found by an index, and nothing is sorted.
        let many = CampaignFilter(statuses: Set(Status.allCases).subtracting([.archived]), tags: [slug("fr")])
        for order in CampaignOrder.allCases {
            let cursor = ListCursor(order: order, rank: 0, name: slug("spring"))
            let parts = [nil, cursor].flatMap { ListQuery.parts(many, by: order, after: $0) { _ in false } }
            for part in parts {
                let plan = try ledger.store.reading { db in
                    try Row.fetchAll(
                        db, sql: "EXPLAIN QUERY PLAN " + part.sql,
                        arguments: StatementArguments(part.values + [.integer(10)])
                    ).map { $0["detail"] as String }
                }
                #expect(plan.contains { $0.contains(" campaigns USING ") }, "\(part.sql): \(plan)")
                #expect(!plan.contains { $0.contains("TEMP B-TREE") }, "\(part.sql): \(plan)")
            }
        }
        let due = try ledger.store.reading { db in
            try Row.fetchAll(db, sql: "EXPLAIN QUERY PLAN " + CampaignReader.dueQuery, arguments: [0, 1])
                .map { $0["detail"] as String }
        }
        #expect(!due.contains { $0.contains("TEMP B-TREE") }, "\(due)")
    }
}
