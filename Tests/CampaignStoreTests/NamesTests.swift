import CampaignModel
import Testing

@testable import CampaignStore

@Suite("Names that begin with some letters")
struct NamesTests {
    let ledger: TemporaryLedger
    var store: Store { ledger.store }

    init() throws {
        ledger = try TemporaryLedger()
        for (name, tags) in [
            ("spring", ["fr", "sale"]), ("spring-2", ["sale"]), ("sprint", ["fr", "us"]), ("autumn", []),
            ("z9", ["sale"]),
        ] {
            var campaign = try draft(name)
            campaign.tags = tags.map { slug($0) }
            try ledger.store.commit([decision(campaign)], at: instant(0))
        }
    }

    @Test("campaigns stand in order, and no more than are asked for")
    func campaigns() throws {
        #expect(try store.campaignNames(prefix: "spri", limit: 9) == ["spring", "spring-2", "sprint"])
        #expect(try store.campaignNames(prefix: "spring", limit: 9) == ["spring", "spring-2"])
        #expect(try store.campaignNames(prefix: "", limit: 2) == ["autumn", "spring"])
        #expect(try store.campaignNames(prefix: "z", limit: 9) == ["z9"])
        #expect(try store.campaignNames(prefix: "x", limit: 9) == [])
        #expect(try store.campaignNames(prefix: "%", limit: 9) == [])
    }

    @Test("each tag stands once, however many have it")
    func tags() throws {
        #expect(try store.tags(prefix: "", limit: 9) == ["fr", "sale", "us"])
        #expect(try store.tags(prefix: "s", limit: 9) == ["sale"])
        #expect(try store.tags(prefix: "", limit: 2) == ["fr", "sale"])
        #expect(try store.tags(prefix: "sales", limit: 9) == [])
    }

    @Test("they are found through an index", arguments: [Store.campaignNamesQuery, Store.messageNamesQuery])
    func index(query: String) throws {
        let plan = try ledger.plan(of: query)
        #expect(plan.count == 1 && plan[0].hasPrefix("SEARCH"), "\(plan)")
    }
}
