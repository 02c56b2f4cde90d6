import CampaignEngine
import CampaignModel
import GRDB
import Recurrence
import Testing

@testable import CampaignStore

@Suite("Campaigns with planned occurrences")
struct PlannedTests {
    let ledger: TemporaryLedger
    var store: Store { ledger.store }

    init() throws {
        ledger = try TemporaryLedger()
        var paused = try active("paused")
        paused.paused = true
        try ledger.store.commit(
            [
                decision(try draft("draft")), decision(paused, nextDue: instant(10)),
                decision(try active("later"), nextDue: instant(90)), decision(try active("done")),
                decision(try active("soon"), nextDue: instant(30)),
                decision(try active("first-of-two"), nextDue: instant(60)),
                decision(try active("second-of-two"), nextDue: instant(60)),
            ], at: instant(0))
    }

    @Test("they come by their next instants, without drafts, paused ones and those with nothing to come")
    func order() throws {
        let found = try store.planned(limit: 10)
        #expect(found.map(\.campaign.name) == ["soon", "first-of-two", "second-of-two", "later"].map { slug($0) })
        #expect(found.map(\.nextDue) == [30, 60, 60, 90].map { instant($0) })
        #expect(found.allSatisfy { $0.newestSend == nil })
        #expect(try store.nextDue() == instant(30))
    }

    @Test("no more come than are asked for, and one at least")
    func limit() throws {
        #expect(try store.planned(limit: 2).map(\.campaign.name) == [slug("soon"), slug("first-of-two")])
        #expect(try store.planned(limit: 0).count == 1)
    }

    @Test("each has the send that was claimed last, whatever is due first")
    func newestSend() throws {
        let soon = try #require(try store.campaign(named: slug("soon"))).campaign
        var sent = claim(soon, "a", due: instant(900))
        sent.state = .sent
        sent.endedAt = instant(901)
        try store.commit([decision(soon, nextDue: instant(30), claims: [sent])], at: instant(0))
        let last = claim(soon, "b", due: instant(60))
        try store.commit([decision(soon, nextDue: instant(30), claims: [last])], at: instant(0))
        let found = try store.planned(limit: 10)
        #expect(found.first?.newestSend == last)
        #expect(found.dropFirst().allSatisfy { $0.newestSend == nil })
    }

    @Test("triggers to come are told apart from what was claimed, in the order of their times")
    func triggers() throws {
        let soon = try #require(try store.campaign(named: slug("soon"))).campaign
        let claimed = claim(soon, "trigger/a", origin: .trigger)
        let toCome = [Int64(50), 30].map { seconds in
            var send = claim(soon, "trigger/\(seconds)", due: instant(seconds), origin: .trigger)
            send.state = .waiting
            send.nextAttemptAt = send.due
            return send
        }
        try store.commit([decision(soon, nextDue: instant(30), claims: [claimed] + toCome)], at: instant(0))
        let found = try #require(try store.planned(limit: 10).first)
        #expect(found.triggers == [instant(30), instant(50)])
        #expect(found.newestSend == claimed)
    }

    @Test("they are found through an index, in its order, so that other campaigns cost nothing", arguments: [
        (Store.plannedQuery(names: 0), "campaigns_by_next_due"), (Store.nextDueQuery, "campaigns_by_next_due"),
        (Store.newestSendQuery, "sends_by_campaign (campaign=?)"), (Store.triggersQuery, "sends_open (campaign=?)"),
    ])
    func index(query: String, index: String) throws {
        let plan = try ledger.plan(of: query)
        #expect(plan.contains { $0.contains(index) }, "\(plan)")
        #expect(!plan.contains { $0.contains("TEMP B-TREE") }, "\(plan)")
    }
}
