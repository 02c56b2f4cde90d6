import CampaignEngine
import CampaignModel
import GRDB
import Recurrence
import Testing

@testable import CampaignStore

@Suite("Committing decisions")
struct CommitTests {
    let ledger: TemporaryLedger
    var store: Store { ledger.store }

    init() throws {
        ledger = try TemporaryLedger()
    }

    @Test("a key that was claimed is refused a second time, and nothing of that transaction is kept")
    func keyTaken() throws {
        let spring = try active("spring")
        let autumn = try active("autumn")
        let first = claim(spring, "2026-12-07T09:00:00[Europe/Paris]")
        try store.commit([decision(spring, claims: [first]), decision(autumn)], at: instant(0))
        var moved = spring
        moved.decidedUntil = instant(99)
        let other = claim(autumn, "now/a")
        #expect(throws: LedgerError.keyTaken(first.key)) {
            try store.commit(
                [
                    decision(autumn, wakeAt: instant(7), claims: [other], events: [event(.claimed, autumn)]),
                    decision(moved, claims: [first], events: [event(.claimed, spring)]),
                ], at: instant(50))
        }
        #expect(try store.send(other.key) == nil)
        #expect(try store.campaign(spring.id)?.campaign == spring)
        #expect(try store.earliestWake() == nil)
        #expect(try store.events(after: 0, limit: 9) == [])
        #expect(try store.newestWrite() == instant(0))
    }

    @Test("a key stays taken when its send has ended, and within one transaction")
    func keyTakenForEver() throws {
        let spring = try active("spring")
        var send = claim(spring, "now/a")
        #expect(throws: LedgerError.keyTaken(send.key)) {
            try store.commit([decision(spring, claims: [send, send])], at: instant(0))
        }
        try store.commit([decision(spring, claims: [send])], at: instant(0))
        send.state = .sent
        send.endedAt = instant(1)
        try store.commit([decision(spring, updates: [send])], at: instant(1))
        #expect(throws: LedgerError.keyTaken(send.key)) {
            try store.commit([decision(spring, claims: [send])], at: instant(2))
        }
    }

    @Test("after a refused commit the next one is compared with what the ledger really holds")
    func memoAfterFailure() throws {
        let spring = try active("spring")
        let first = claim(spring, "now/a")
        try store.commit([decision(spring, claims: [first])], at: instant(0))
        var tagged = spring
        tagged.tags = [slug("fr")]
        #expect(throws: LedgerError.keyTaken(first.key)) {
            try store.commit([decision(tagged, wakeAt: instant(5), claims: [first])], at: instant(1))
        }
        try store.commit([decision(tagged, wakeAt: instant(5))], at: instant(1))
        #expect(try store.campaign(spring.id)?.campaign == tagged)
        #expect(try store.earliestWake() == instant(5))
    }

    @Test("a name that another campaign has, archived or not, is refused")
    func nameTaken() throws {
        try store.commit([decision(try draft("spring"))], at: instant(0))
        let other = try draft("spring", seed: 99)
        #expect(throws: LedgerError.nameTaken(slug("spring"))) {
            try store.commit([decision(other)], at: instant(0))
        }
        #expect(try store.campaignCount() == 1)
    }

    @Test("one campaign decided twice in a transaction ends as the second decision says")
    func twiceInOne() throws {
        let created = try draft("spring")
        var activated = created
        activated.status = .scheduled
        activated.live = created.draft
        activated.draft = nil
        try store.commit([decision(created), decision(activated, wakeAt: instant(9))], at: instant(0))
        #expect(try store.campaign(created.id)?.campaign == activated)
        #expect(try store.due(at: instant(9), limit: 1).map(\.campaign) == [activated])
    }

    @Test("versions that did not change are not written again, and replaced ones stay")
    func versions() throws {
        var campaign = try active("spring")
        try store.commit([decision(campaign)], at: instant(0))
        try ledger.store.pool.write { try $0.execute(sql: "CREATE TABLE writes (n INTEGER)") }
        for action in ["INSERT", "UPDATE"] {
            try ledger.store.pool.write { db in
                try db.execute(
                    sql: """
                        CREATE TRIGGER count_\(action) AFTER \(action) ON versions BEGIN
                            INSERT INTO writes VALUES (1);
                        END
                        """)
            }
        }
        campaign.decidedUntil = instant(60)
        try store.commit([decision(campaign, claims: [claim(campaign, "now/a")])], at: instant(0))
        #expect(try store.reading { try Int.fetchOne($0, sql: "SELECT count(*) FROM writes") } == 0)
        let first = campaign.live
        campaign.live = Version(number: 2, content: try CampaignContent(CampaignDefinition()), sourceText: "# two\n")
        campaign.nextVersionNumber = 3
        try store.commit([decision(campaign)], at: instant(0))
        #expect(try store.reading { try Int.fetchOne($0, sql: "SELECT count(*) FROM writes") } == 1)
        #expect(try store.version(1, of: campaign.id) == first)
        #expect(try store.version(2, of: campaign.id) == campaign.live)
        #expect(try store.version(3, of: campaign.id) == nil)
        #expect(try store.version(1, of: campaign.name) == first)
        #expect(try store.versionNumbers(of: campaign.name) == [1, 2])
    }

    @Test("what is due comes by its wake instant, the earliest first, up to the limit")
    func due() throws {
        for (name, wake) in [("late", 30), ("early", 10), ("never", nil), ("middle", 20)] as [(String, Int64?)] {
            try store.commit([decision(try active(name), wakeAt: wake.map(instant))], at: instant(0))
        }
        #expect(try store.earliestWake() == instant(10))
        #expect(try store.due(at: instant(9), limit: 10) == [])
        #expect(try store.due(at: instant(20), limit: 10).map(\.campaign.name.text) == ["early", "middle"])
        #expect(try store.due(at: instant(99), limit: 1).map(\.campaign.name.text) == ["early"])
        try store.commit([decision(try #require(try store.campaign(named: slug("early"))).campaign)], at: instant(0))
        #expect(try store.earliestWake() == instant(20))
    }

    @Test("a campaign comes with the state of the messages that its versions name")
    func messages() throws {
        let campaign = try active("spring") { $0.message = "hello" }
        try store.commit([decision(campaign)], at: instant(0))
        #expect(try store.campaign(campaign.id)?.messages == [slug("hello"): .missing])
        _ = try store.put(Samples.plain, as: slug("hello"), by: someone, at: instant(0))
        #expect(try store.campaign(campaign.id)?.messages == [slug("hello"): .notPublished])
        _ = try store.publish(slug("hello"), by: someone, at: instant(0))
        _ = try store.put(Samples.plain, as: slug("hello"), by: someone, at: instant(0))
        #expect(try store.due(at: instant(0), limit: 1) == [])
        #expect(try store.campaign(campaign.id)?.messages == [slug("hello"): .published(revision: 1)])
    }

    @Test("a message's users are the campaigns in force whose live version names it")
    func usersOfMessage() throws {
        let used = try active("used") { $0.message = "hello" }
        var ended = try active("ended") { $0.message = "hello" }
        try store.commit(
            [
                decision(used), decision(ended), decision(try active("other") { $0.message = "bye" }),
                decision(try draft("draft") { $0.message = "hello" }),
            ], at: instant(0))
        ended.status = .stopped
        ended.endedAt = instant(1)
        try store.commit([decision(ended)], at: instant(1))
        #expect(try store.campaigns(using: slug("hello")) == [used.id])
    }

    @Test("a deleted campaign's rows are gone, its history stays, its name is free and its id is not")
    func deletion() throws {
        let campaign = try draft("spring", tags: ["fr"])
        var skipped = claim(campaign, "a")
        skipped.state = .skipped
        skipped.endedAt = instant(0)
        try store.commit([decision(campaign, claims: [skipped], events: [event(.created, campaign)])], at: instant(0))
        try store.commit(
            [decision(campaign, isDeleted: true, events: [event(.deleted, campaign)])], at: instant(1))
        #expect(try store.campaign(campaign.id) == nil)
        #expect(try store.send(skipped.key) == nil)
        #expect(try store.campaignCount() == 0)
        for table in ["campaigns", "versions", "sends", "campaign_tags", "alerts"] {
            #expect(try store.reading { try Int.fetchOne($0, sql: "SELECT count(*) FROM \(table)") } == 0, "\(table)")
        }
        #expect(throws: LedgerError.self) { try store.commit([decision(campaign)], at: instant(2)) }
        let second = try draft("spring", seed: 77)
        try store.commit([decision(second, events: [event(.created, second)])], at: instant(3))
        #expect(try store.campaign(named: slug("spring"))?.campaign == second)
        #expect(try store.history(of: slug("spring")).map(\.event.kind) == [.created, .deleted, .created])
    }

    @Test("the newest write never goes back, whatever the clock does")
    func newestWrite() throws {
        #expect(try store.newestWrite() == nil)
        let campaign = try draft("spring")
        try store.commit([decision(campaign)], at: instant(100))
        try store.commit([decision(campaign, wakeAt: instant(1))], at: instant(50))
        #expect(try store.newestWrite() == instant(100))
        try store.append([event(.clockJumped)], at: instant(101))
        #expect(try store.newestWrite() == instant(101))
        try store.commit([], at: instant(500))
        #expect(try store.newestWrite() == instant(101))
    }

    @Test("the journal's cursor moves forward alone")
    func cursor() throws {
        #expect(try store.deliveredSequence() == 0)
        try store.append([event(.daemonStarted), event(.zonesChanged)], at: instant(0))
        #expect(try store.events(after: 0, limit: 1).map(\.sequence) == [1])
        try store.markDelivered(through: 2)
        try store.markDelivered(through: 1)
        #expect(try store.deliveredSequence() == 2)
        #expect(try store.events(after: 2, limit: 10) == [])
        #expect(try store.newestSequence() == 2)
    }

    @Test("progress is kept while a send is open, and not after it has ended")
    func progress() throws {
        let campaign = try active("spring")
        var send = claim(campaign, "now/a")
        send.state = .running
        send.wasAccepted = true
        try store.commit([decision(campaign, claims: [send])], at: instant(0))
        send.progress = SendProgress(done: 5, total: 10, failed: 1, note: "half")
        try store.record(send.progress, of: send.key)
        #expect(try store.send(send.key) == send)
        send.state = .sent
        send.endedAt = instant(1)
        try store.commit([decision(campaign, updates: [send])], at: instant(1))
        try store.record(SendProgress(done: 6), of: send.key)
        #expect(try store.send(send.key) == send)
        try store.record(SendProgress(done: 6), of: OccurrenceKey("no-such/key")!)
    }

    @Test("the newest scheduled send is the one due last, however it ended and whatever people asked for")
    func newestScheduled() throws {
        let campaign = try active("spring")
        let first = claim(campaign, "a", due: instant(100))
        let second = claim(campaign, "b", due: instant(200))
        try store.commit([decision(campaign, claims: [first, second])], at: instant(0))
        let asked = claim(campaign, "now/x", due: instant(900), origin: .sendNow)
        let earlier = claim(campaign, "c", due: instant(150))
        try store.commit([decision(campaign, claims: [asked, earlier])], at: instant(0))
        #expect(try store.campaign(campaign.id)?.newestScheduled == second)
        let same = claim(campaign, "d", due: instant(200))
        try store.commit([decision(campaign, claims: [same])], at: instant(0))
        #expect(try store.campaign(campaign.id)?.newestScheduled == same)
    }

    @Test("a send that the ledger does not hold can't be updated")
    func unknownUpdate() throws {
        let campaign = try active("spring")
        let send = claim(campaign, "a")
        #expect(throws: LedgerError.unsound(row: "send \(send.key)", reason: "is to be updated and is not there")) {
            try store.commit([decision(campaign, updates: [send])], at: instant(0))
        }
        #expect(try store.campaign(campaign.id) == nil)
    }
}

extension Samples {
    static let plain = MessageContent(
        subject: "Hello", text: "Hello", html: nil, file: MessageFile(name: "hello.txt", bytes: Array("Hello".utf8)))
}
