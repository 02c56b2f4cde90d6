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

    @Test("the ways that campaigns send a message are told, drafts and live versions each, but of no archived one")
    func uses() throws {
        func add(_ name: String, _ status: Status = .draft, _ fill: (inout CampaignDefinition) -> Void) throws {
            var campaign = try draft(name) {
                $0.message = "news"
                $0.audience = "people"
                fill(&$0)
            }
            campaign.status = status
            campaign.archivedFrom = status == .archived ? .stopped : nil
            try ledger.store.commit([decision(campaign)], at: instant(0))
        }
        try add("c") { $0.title = "Soldes" }
        try add("a") { $0.audience = "friends" }
        try add("half") { $0.audience = nil }
        try add("other") { $0.message = "letter" }
        try add("old", .archived) { _ in }
        #expect(
            try store.uses(ofMessage: slug("news")) == [
                MessageUse(campaign: slug("a"), title: nil, slug("newsletter"), slug("friends")),
                MessageUse(campaign: slug("c"), title: "Soldes", slug("newsletter"), slug("people")),
            ])
        #expect(try store.uses(ofMessage: slug("nothing")) == [])
    }

    @Test("they are found through an index", arguments: [Store.campaignNamesQuery, Store.messageNamesQuery])
    func index(query: String) throws {
        let plan = try ledger.plan(of: query)
        #expect(plan.count == 1 && plan[0].hasPrefix("SEARCH"), "\(plan)")
    }
}
