import CampaignEngine
import CampaignModel
import GRDB
import Glibc
import Testing

@testable import CampaignStore

@Suite("Rows that break a rule", .timeLimit(.minutes(10)))
struct UnsoundTests {
    /// What someone did to the file by hand, and how reading the campaign then fails.
    static let campaigns: [(sql: String, reason: String)] = [
        ("UPDATE campaigns SET status = 'asleep'", "has a status that is not a Status"),
        ("UPDATE campaigns SET status = 'active', activated_at = NULL", "is active and was never activated"),
        ("UPDATE campaigns SET id = 'x'", "has a id that is not a CampaignID"),
        ("UPDATE campaigns SET created_at = 999999999999", "has a created_at that lies outside the years 1 to 9999"),
        ("UPDATE campaigns SET revision = -1", "has a revision that is negative"),
        ("UPDATE campaigns SET live = NULL", "has neither a live version nor a draft"),
        ("UPDATE campaigns SET fence_uid = -5, fence_actor = 'ada'", "has a fence_uid that is not a uid"),
        ("UPDATE versions SET definition = '{'", "has a version 1 whose definition is not one"),
        ("UPDATE alerts SET code = 'alarm'", "has a code that is not a AlertCode"),
        (
            "UPDATE versions SET definition = '{\"retries\":\"many\"}'",
            "has a version 1 that is refused: retries: \"many\" is not a whole number from 0 to 100"
        ),
        ("UPDATE campaign_tags SET tag = 'Not A Tag'", "has a tag that is not a Slug"),
        (
            "UPDATE campaigns SET revision = 9223372036854775807",
            "has a revision that is larger than any count"
        ),
        ("UPDATE alerts SET count = 9223372036854775807", "has a count that is larger than any count"),
        (
            """
            UPDATE versions SET number = 9223372036854775807;
            UPDATE campaigns SET live = 9223372036854775807
            """, "has a live that is larger than any count"
        ),
        (
            "UPDATE campaigns SET status = 'archived', archived_from = 'active'",
            "is archived and was active"
        ),
    ]

    @Test("a campaign that breaks one is an error with its name, wherever it is read", arguments: campaigns)
    func campaign(_ damage: (sql: String, reason: String)) throws {
        let ledger = try TemporaryLedger()
        var campaign = try active("spring", tags: ["fr"])
        campaign.alerts = [Alert(.noEnd, "text", since: instant(0))]
        try ledger.store.commit([decision(campaign, wakeAt: instant(0))], at: instant(0))
        try ledger.store.pool.write { try $0.execute(sql: damage.sql) }
        let expected = LedgerError.unsound(row: "campaign spring", reason: damage.reason)
        #expect(throws: expected) { try ledger.store.campaign(named: slug("spring")) }
        #expect(throws: expected) { try ledger.store.due(at: instant(0), limit: 1) }
        #expect(throws: StoreError.unsound(row: "campaign spring", reason: damage.reason)) {
            try ledger.store.campaigns()
        }
    }

    static let sends: [(sql: String, reason: String)] = [
        ("UPDATE sends SET state = 'sending', ended_at = 5", "has a state that is not a SendState"),
        ("UPDATE sends SET state = 'running', accepted = 0", "is running and was never accepted"),
        ("UPDATE sends SET nominal = 'tomorrow'", "has a nominal that is not a LocalDateTime"),
        ("UPDATE sends SET attempts = -1", "has a attempts that is negative"),
        ("UPDATE sends SET attempts = 9223372036854775807", "has a attempts that is larger than any count"),
        (
            "UPDATE sends SET verdict_state = 'queued', verdict_reason = 'so'",
            "has a verdict to be queued"
        ),
    ]

    @Test("a send that breaks one is an error with its key", arguments: sends)
    func send(_ damage: (sql: String, reason: String)) throws {
        let ledger = try TemporaryLedger()
        let campaign = try active("spring")
        let send = claim(campaign, "now/a")
        try ledger.store.commit([decision(campaign, claims: [send])], at: instant(0))
        try ledger.store.pool.write { try $0.execute(sql: damage.sql) }
        #expect(throws: LedgerError.unsound(row: "send \(send.key)", reason: damage.reason)) {
            try ledger.store.send(send.key)
        }
        #expect(throws: StoreError.unsound(row: "send \(send.key)", reason: damage.reason)) {
            try ledger.store.sends()
        }
    }

    @Test("a campaign or send that breaks a rule stops the program before it is written: only a bug can make one")
    func trapBeforeWriting() async throws {
        let folder = try TemporaryFolder()
        let first = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
            [path = folder.path as String] in
            let store = try Store.open(at: path + "/a.sqlite", holding: LedgerLock(directory: path), machineID: nil)
            var campaign = try active("spring")
            campaign.activatedAt = nil
            try? store.commit([decision(campaign)], at: instant(0))
            exit(0)
        }
        let second = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
            [path = folder.path as String] in
            let store = try Store.open(at: path + "/b.sqlite", holding: LedgerLock(directory: path), machineID: nil)
            let campaign = try active("spring")
            var send = claim(campaign, "now/a")
            send.state = .sent
            try? store.commit([decision(campaign, claims: [send])], at: instant(0))
            exit(0)
        }
        let told = [first, second].map { String(decoding: $0?.standardErrorContent ?? [], as: UTF8.self) }
        #expect(told[0].contains("campaign spring is active and was never activated"))
        #expect(told[1].contains("ended_at and state sent disagree"))
    }

    @Test("a send without the part of its key that is its own is an error: it could not be written again")
    func noOccurrence() throws {
        let ledger = try TemporaryLedger()
        let campaign = try active("spring")
        try ledger.store.commit([decision(campaign, claims: [claim(campaign, "now/a")])], at: instant(0))
        try ledger.store.pool.write { try $0.execute(sql: "UPDATE sends SET occurrence = ''") }
        let expected = LedgerError.unsound(
            row: "send \(campaign.id)/", reason: "has a occurrence that is empty")
        #expect(throws: expected) { try ledger.store.campaign(named: slug("spring")) }
        #expect(throws: expected) { try ledger.store.openSends() }
    }

    @Test("a cursor of the journal that no journal could have is an error: the engine counts on from it")
    func cursor() throws {
        let ledger = try TemporaryLedger()
        for number in [Int64.min, -1, .max] {
            try ledger.store.pool.write { db in
                try db.execute(sql: "UPDATE ledger SET delivered_sequence = ?", arguments: [number])
            }
            #expect(throws: LedgerError.self, "\(number)") { try ledger.store.deliveredSequence() }
        }
    }

    @Test("a schema that lacks a column of the ledger's own is an error, and no crash")
    func noColumn() throws {
        let ledger = try TemporaryLedger()
        try ledger.store.pool.write { try $0.execute(sql: "ALTER TABLE ledger RENAME COLUMN machine_id TO machine") }
        #expect(throws: StoreError.self) { try ledger.store.machineID() }
        #expect(throws: LedgerError.self) { try ledger.store.newestWrite() }
    }

    @Test("an event of a kind that is not known is an error with its number")
    func unknownEvent() throws {
        let ledger = try TemporaryLedger()
        try ledger.store.pool.write { db in
            try db.execute(sql: "INSERT INTO events (at, kind, actor, text) VALUES (0, 'danced', 'ada', 'text')")
        }
        #expect(throws: LedgerError.unsound(row: "event 1", reason: "has a kind that is not a EventKind")) {
            try ledger.store.events(after: 0, limit: 1)
        }
    }

    @Test("the schema itself keeps state and end of a send together")
    func schemaRules() throws {
        let ledger = try TemporaryLedger()
        let campaign = try active("spring")
        try ledger.store.commit([decision(campaign, claims: [claim(campaign, "now/a")])], at: instant(0))
        for sql in [
            "UPDATE sends SET state = 'sent'", "UPDATE sends SET ended_at = 5", "UPDATE sends SET version = 9",
            "UPDATE campaigns SET live = 9", "UPDATE campaigns SET paused = 2", "UPDATE sends SET campaign = 9",
            "UPDATE sends SET due = 'soon'",
        ] {
            #expect(throws: (any Error).self, "\(sql)") { try ledger.store.pool.write { try $0.execute(sql: sql) } }
        }
    }
}
