import CampaignEngine
import CampaignModel
import GRDB
import Recurrence
import Testing

@testable import CampaignStore

@Suite("Zone data that schedules are planned by")
struct ZoneEditionTests {
    let ledger: TemporaryLedger
    var store: Store { ledger.store }
    let paris: ZoneEdition
    let newer: ZoneEdition

    init() throws {
        ledger = try TemporaryLedger()
        let zones = SystemZones()
        paris = ZoneEdition(zone: try zones.zone(named: "Europe/Paris"), version: "2026a")
        let london = try zones.zone(named: "Europe/London")
        newer = ZoneEdition(zone: try Zone(name: "Europe/Paris", tzif: london.tzif), version: "2026b")
    }

    @Test("they come back as they were, are kept once for all campaigns, and are in use while one is planned by them")
    func roundTrip() throws {
        let names = ["a", "b", "c"]
        let campaigns = try names.map { try active($0) }
        try store.commit(campaigns.map { decision($0, plannedBy: paris) }, at: instant(0))
        #expect(try store.campaign(campaigns[1].id)?.plannedBy == paris)
        #expect(try store.zoneEditions() == [paris])
        try store.commit([decision(campaigns[0], plannedBy: newer)], at: instant(1))
        try store.commit([decision(campaigns[2], plannedBy: nil)], at: instant(2))
        #expect(try store.zoneEditions() == [paris, newer])
        #expect(try store.campaigns(plannedBy: paris, limit: 9) == [campaigns[1].id])
        #expect(try store.campaigns(plannedBy: newer, limit: 9) == [campaigns[0].id])
        #expect(try store.campaign(campaigns[2].id)?.plannedBy == nil)
        let other = try Zone(name: "Europe/Paris", tzif: Zone.utc.tzif)
        #expect(try store.campaigns(plannedBy: ZoneEdition(zone: other, version: "2026b"), limit: 9) == [])
        try store.commit([decision(campaigns[1], plannedBy: newer)], at: instant(3))
        #expect(try store.zoneEditions() == [newer])
        let count = try store.pool.read { try Int.fetchOne($0, sql: "SELECT count(*) FROM zone_editions") }
        #expect(count == 2)
    }

    @Test("a transaction that fails leaves nothing of them, in the file or in memory")
    func rolledBack() throws {
        let spring = try active("spring")
        let send = claim(spring, "now/a")
        try store.commit([decision(spring, claims: [send])], at: instant(0))
        #expect(throws: LedgerError.keyTaken(send.key)) {
            try store.commit([decision(spring, plannedBy: paris, claims: [send])], at: instant(0))
        }
        #expect(try store.zoneEditions() == [])
        try store.commit([decision(spring, plannedBy: newer)], at: instant(0))
        #expect(try store.campaign(spring.id)?.plannedBy == newer)
    }

    @Test("a damaged one is an error with its number, also for its campaign")
    func damaged() throws {
        let spring = try active("spring")
        try store.commit([decision(spring, plannedBy: paris)], at: instant(0))
        try store.close()
        let reopened = try ledger.folder.open()
        try reopened.pool.write {
            try $0.execute(sql: "DROP TRIGGER zone_editions_frozen; UPDATE zone_editions SET tzif = x'00'")
        }
        let reason = "has a tzif that is not a TZif file"
        #expect(throws: LedgerError.unsound(row: "zone edition 1", reason: reason)) {
            try reopened.campaign(spring.id)
        }
        #expect(throws: LedgerError.unsound(row: "zone edition 1", reason: reason)) {
            try reopened.zoneEditions()
        }
        try reopened.close()
    }
}
