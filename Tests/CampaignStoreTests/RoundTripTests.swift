import CampaignEngine
import CampaignModel
import Recurrence
import Testing

@testable import CampaignStore

@Suite("What is written is read back whole")
struct RoundTripTests {
    @Test("campaigns with versions, tags, alerts and fences, new and changed")
    func campaigns() throws {
        let folder = try TemporaryFolder()
        let store = try folder.open()
        var samples = Samples(seed: 1)
        var expected: [Campaign] = []
        for _ in 0..<100 {
            let campaign = try samples.campaign()
            try store.commit([decision(campaign, wakeAt: samples.moment())], at: instant(0))
            expected.append(campaign)
        }
        for index in expected.indices where samples.chance() {
            let old = expected[index]
            var changed = try samples.campaign()
            changed = renamed(changed, as: old)
            try store.commit([decision(changed)], at: instant(1))
            expected[index] = changed
        }
        try check(store, expected)
        try store.close()
        let reopened = try folder.open()
        try check(reopened, expected)
        #expect(try LedgerCheck(of: reopened.path).findings == [])
        #expect(try reopened.campaignCount() == 100)
        try reopened.close()
    }

    private func check(_ store: Store, _ expected: [Campaign]) throws {
        for campaign in expected {
            #expect(try store.campaign(campaign.id)?.campaign == campaign)
            #expect(try store.campaign(named: campaign.name)?.campaign == campaign)
            #expect(try store.listing(of: campaign.name)?.campaign == campaign)
        }
    }

    /// The content of `campaign` under the identity of `old`.
    private func renamed(_ campaign: Campaign, as old: Campaign) -> Campaign {
        var result = Campaign(
            id: old.id, name: old.name, tags: campaign.tags, draft: (campaign.draft ?? campaign.live)!,
            createdAt: old.createdAt)
        result.status = campaign.status
        result.live = campaign.live
        result.draft = campaign.draft
        result.nextVersionNumber = campaign.nextVersionNumber
        result.revision = campaign.revision
        result.paused = campaign.paused
        result.activatedAt = campaign.activatedAt
        result.endedAt = campaign.endedAt
        result.archivedFrom = campaign.archivedFrom
        result.decidedUntil = campaign.decidedUntil
        result.stopFence = campaign.stopFence
        result.alerts = campaign.alerts
        return result
    }

    @Test("sends in every state, claimed and updated")
    func sends() throws {
        let ledger = try TemporaryLedger()
        let store = ledger.store
        var samples = Samples(seed: 2)
        let campaign = try active("spring")
        var sends = (0..<200).map { _ in samples.send(of: campaign) }
        try store.commit([decision(campaign, claims: sends)], at: instant(0))
        for send in sends { #expect(try store.send(send.key) == send) }
        for index in sends.indices { samples.move(&sends[index]) }
        try store.commit([decision(campaign, updates: sends)], at: instant(0))
        for send in sends { #expect(try store.send(send.key) == send) }
        let open = sends.filter { !$0.state.isFinal }.sorted { ($0.due, $0.key) < ($1.due, $1.key) }
        #expect(try store.openSends() == open)
        #expect(try store.campaign(campaign.id)?.openSends == open)
        let newest = sends.filter { $0.origin == .schedule }.max { $0.due < $1.due }
        #expect(try store.campaign(campaign.id)?.newestScheduled == newest)
    }

    @Test("events of every kind")
    func events() throws {
        let ledger = try TemporaryLedger()
        var samples = Samples(seed: 3)
        let campaign = try samples.campaign()
        let events = (0..<200).map { index in samples.event(of: index.isMultiple(of: 3) ? nil : campaign) }
        try ledger.store.commit([decision(campaign, events: Array(events[..<100]))], at: instant(0))
        try ledger.store.append(Array(events[100...]), at: instant(0))
        let recorded = try ledger.store.events(after: 0, limit: 500)
        #expect(recorded.map(\.event) == events)
        #expect(recorded.map(\.sequence) == Array(1...200))
    }

    @Test("messages with any bytes and any text, a NUL included")
    func messages() throws {
        let ledger = try TemporaryLedger()
        var samples = Samples(seed: 4)
        for _ in 0..<50 {
            let (name, content) = (samples.name(), samples.message())
            let revision = try ledger.store.put(content, as: name, by: someone, at: instant(0))
            let message = try ledger.store.message(MessageReference(name: name, revision: revision))
            #expect(message == Message(name: name, revision: 1, isPublished: false, content: content))
        }
    }

    @Test("alerts of the daemon, apart from those of campaigns")
    func daemonAlerts() throws {
        let ledger = try TemporaryLedger()
        var samples = Samples(seed: 5)
        let alerts = (0..<20).map { _ in samples.alert() }
        var campaign = try draft("spring")
        campaign.alerts = [samples.alert()]
        try ledger.store.commit([decision(campaign)], at: instant(0))
        try ledger.store.setDaemonAlerts(alerts, events: [event(.alertRaised)], at: instant(1))
        #expect(try ledger.store.daemonAlerts() == alerts)
        #expect(try ledger.store.alertCounts().values.reduce(0, +) == alerts.count + 1)
        try ledger.store.setDaemonAlerts([], events: [event(.alertCleared)], at: instant(2))
        #expect(try ledger.store.daemonAlerts() == [])
        #expect(try ledger.store.campaign(campaign.id)?.campaign.alerts == campaign.alerts)
        #expect(try ledger.store.events(after: 0, limit: 9).map(\.event.kind) == [.alertRaised, .alertCleared])
    }

    @Test("a NUL in a text from outside is kept as its picture, and nothing after it is lost")
    func pictureOfNUL() throws {
        let ledger = try TemporaryLedger()
        let campaign = try active("spring")
        var send = claim(campaign, "now/a")
        send.progress.note = "before\u{0}after"
        try ledger.store.commit([decision(campaign, claims: [send])], at: instant(0))
        #expect(try ledger.store.send(send.key)?.progress.note == "before\u{2400}after")
    }
}
