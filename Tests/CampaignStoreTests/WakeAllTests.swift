import CampaignEngine
import CampaignModel
import Recurrence
import Testing

@testable import CampaignStore

@Suite("Waking all campaigns for other rules")
struct WakeAllTests {
    @Test("those in force wake, once for each rules; what a later decision leaves unchanged is written all the same")
    func wake() throws {
        let ledger = try TemporaryLedger()
        let store = ledger.store
        var triggered = try active("triggered") { $0.type = "triggered" }
        triggered.alerts = []
        var stopped = try active("stopped")
        stopped.status = .stopped
        stopped.endedAt = instant(5)
        try store.commit(
            [
                decision(try draft("draft")), decision(try active("weekly"), wakeAt: instant(900)),
                decision(triggered), decision(stopped),
            ], at: instant(0))
        try store.wakeAll(under: "a", at: instant(10))
        #expect(Set(try store.due(at: instant(10), limit: 9).map(\.campaign.name.text)) == ["weekly", "triggered"])
        let weekly = try #require(try store.campaign(named: slug("weekly"))).campaign
        try store.commit([decision(weekly, wakeAt: instant(900))], at: instant(10))
        try store.commit([decision(triggered)], at: instant(10))
        #expect(try store.earliestWake() == instant(900))
        try store.wakeAll(under: "a", at: instant(20))
        #expect(try store.earliestWake() == instant(900))
        try store.wakeAll(under: "b", at: instant(30))
        #expect(try store.earliestWake() == instant(30))
    }
}

@Suite("What is told of alerts")
struct AlertTellingTests {
    @Test("how far it is told comes back as it was written, with the notice on its way")
    func telling() throws {
        let ledger = try TemporaryLedger()
        let store = ledger.store
        #expect(try store.alertTelling() == AlertTelling())
        let notice = AlertTelling.Notice(through: 12, madeAt: instant(5), attempt: 2, notBefore: instant(65))
        let telling = AlertTelling(told: 7, notice: notice)
        try store.setAlertTelling(telling, events: [event(.alertsTold)], at: instant(5))
        #expect(try store.alertTelling() == telling)
        #expect(try store.history().map(\.event.kind) == [.alertsTold])
        try store.setAlertTelling(AlertTelling(), events: [], at: instant(6))
        #expect(try store.alertTelling() == AlertTelling())
    }

    @Test("the events that raised alerts are found by their own index, however many others there are")
    func raised() throws {
        let ledger = try TemporaryLedger()
        let store = ledger.store
        #expect(try store.newestRaisedAlert() == 0)
        try store.append(
            [event(.alertRaised, text: "a"), event(.created), event(.alertCleared), event(.alertRaised, text: "b")],
            at: instant(0))
        #expect(try store.raisedAlerts(after: 0, limit: 9).map(\.event.text) == ["a", "b"])
        #expect(try store.raisedAlerts(after: 1, limit: 9).map(\.sequence) == [4])
        #expect(try store.raisedAlerts(after: 0, limit: 1).map(\.sequence) == [1])
        #expect(try store.newestRaisedAlert() == 4)
        let plan = try ledger.plan(of: Store.raisedAlertsQuery)
        #expect(plan.contains { $0.contains("events_of_alerts") }, "\(plan)")
    }
}
