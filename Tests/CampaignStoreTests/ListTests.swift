import CampaignEngine
import CampaignModel
import Recurrence
import Testing

@testable import CampaignStore

@Suite("Lists for people")
struct ListTests {
    let ledger: TemporaryLedger
    var store: Store { ledger.store }

    init() throws {
        ledger = try TemporaryLedger()
        let weekly: (inout CampaignDefinition) -> Void = { definition in
            definition.schedule = ScheduleDefinition()
            definition.schedule?.every = "week"
            definition.channel = "sms"
        }
        var stopped = try active("stopped", tags: ["fr"])
        stopped.status = .stopped
        stopped.endedAt = instant(9)
        try ledger.store.commit(
            [
                decision(
                    try draft("winter", tags: ["fr", "spring"], createdAt: instant(3)) { $0.title = "Été À PARIS" }),
                decision(try active("weekly", tags: ["fr"], weekly), nextDue: instant(50)),
                decision(try active("answer") { $0.type = "triggered" }),
                decision(try active("early", tags: ["spring"]) { $0.channel = "email" }, nextDue: instant(40)),
                decision(stopped),
            ], at: instant(0))
    }

    private func names(_ filter: CampaignFilter, by order: CampaignOrder = .name) throws -> [String] {
        try store.campaigns(filter, by: order).items.map(\.campaign.name.text)
    }

    @Test("without conditions all campaigns come, by name")
    func all() throws {
        #expect(try names(CampaignFilter()) == ["answer", "early", "stopped", "weekly", "winter"])
        #expect(try store.campaigns().items.first { $0.campaign.name == slug("early") }?.nextDue == instant(40))
        #expect(try store.listing(of: slug("nobody")) == nil)
    }

    @Test("each condition narrows the list, and all hold together")
    func conditions() throws {
        #expect(try names(CampaignFilter(statuses: [.draft, .stopped])) == ["stopped", "winter"])
        #expect(try names(CampaignFilter(statuses: [])) == [])
        #expect(try names(CampaignFilter(kinds: [.recurring])) == ["weekly"])
        #expect(try names(CampaignFilter(kinds: [.triggered, .recurring])) == ["answer", "weekly"])
        #expect(try names(CampaignFilter(channel: slug("email"))) == ["early"])
        #expect(try names(CampaignFilter(tags: [slug("fr")])) == ["stopped", "weekly", "winter"])
        #expect(try names(CampaignFilter(tags: [slug("fr"), slug("spring")])) == ["winter"])
        let narrow = CampaignFilter(
            statuses: [.active], kinds: [.recurring], channel: slug("sms"), tags: [slug("fr")], search: "EEK")
        #expect(try names(narrow) == ["weekly"])
    }

    @Test("search looks into name, title and tags, whatever the case and the composition of letters", arguments: [
        ("WINT", ["winter"]), ("été à", ["winter"]), ("E\u{301}TE\u{301}", ["winter"]),
        ("spring", ["early", "winter"]), ("%", []), ("' OR 1", []),
        ("", ["answer", "early", "stopped", "weekly", "winter"]),
    ])
    func search(text: String, expected: [String]) throws {
        #expect(try names(CampaignFilter(search: text)) == expected)
    }

    @Test("a changed title or tag is found, and the old one is not")
    func searchAfterChange() throws {
        var campaign = try #require(try store.campaign(named: slug("winter"))).campaign
        campaign.tags = [slug("neu")]
        try store.commit([decision(campaign)], at: instant(1))
        #expect(try names(CampaignFilter(search: "neu")) == ["winter"])
        #expect(try names(CampaignFilter(search: "spring")) == ["early"])
        #expect(try names(CampaignFilter(tags: [slug("neu")])) == ["winter"])
    }

    @Test("the list is sorted as asked, the name deciding between equals")
    func orders() throws {
        let filter = CampaignFilter()
        #expect(try names(filter, by: .next) == ["early", "weekly", "answer", "stopped", "winter"])
        #expect(try names(filter, by: .created) == ["winter", "answer", "early", "stopped", "weekly"])
        #expect(try names(filter, by: .status) == ["winter", "answer", "early", "weekly", "stopped"])
    }

    @Test("alerts come by campaign as they were raised, page by page, each once")
    func alerts() throws {
        for (name, codes) in [("b", [AlertCode.noEnd, .sendFailed]), ("a", [.titleMissing, .noEnd, .sendSlow])] {
            var campaign = try active(name)
            campaign.alerts = codes.map { Alert($0, "look", since: instant(0)) }
            try store.commit([decision(campaign)], at: instant(0))
        }
        let all = ["a/title-missing", "a/no-end", "a/send-slow", "b/no-end", "b/send-failed"]
        for limit in 1...6 {
            var found: [String] = []
            var cursor: AlertCursor?
            repeat {
                let page = try store.alerts(after: cursor, limit: limit)
                #expect(page.items.count <= limit)
                found += page.items.map { "\($0.campaign)/\($0.alert.code.rawValue)" }
                cursor = page.next.flatMap { AlertCursor($0.description) }
                #expect(cursor == page.next)
            } while cursor != nil
            #expect(found == all)
        }
        #expect(try store.alerts(of: slug("b")).items.map(\.alert.code) == [.noEnd, .sendFailed])
        #expect(try store.alerts(after: AlertCursor(campaign: nil, code: .diskLow)).items.count == all.count)
        #expect(
            try store.alertCounts() == [
                AlertKind(code: .noEnd, severity: .warning): 2, AlertKind(code: .titleMissing, severity: .warning): 1,
                AlertKind(code: .sendSlow, severity: .warning): 1, AlertKind(code: .sendFailed, severity: .error): 1,
            ])
        for text in ["", "a", "a/b/no-end", "a/nothing", "A/no-end"] { #expect(AlertCursor(text) == nil, "\(text)") }
        #expect(AlertCursor("/disk-low") == AlertCursor(campaign: nil, code: .diskLow))
    }

    @Test("they are counted by status under the same conditions, and audiences by the campaigns in force")
    func filteredCounts() throws {
        let all = try store.countsByStatus()
        #expect(all.values.reduce(0, +) == 5)
        #expect(all.count == Status.allCases.count)
        let few = try store.countsByStatus(CampaignFilter(search: "spring"))
        #expect(few.values.reduce(0, +) == 2)
        #expect(try store.countsByStatus(CampaignFilter(statuses: [.draft]))[.stopped] == 0)
        #expect(try store.audienceUses() == [:])
        try store.commit([decision(try active("one") { $0.audience = "people" })], at: instant(1))
        try store.commit([decision(try draft("two") { $0.audience = "people" })], at: instant(1))
        #expect(try store.audienceUses() == [slug("people"): 1])
    }

    @Test("page by page each campaign comes once, in every order", arguments: CampaignOrder.allCases)
    func paging(order: CampaignOrder) throws {
        var found: [String] = []
        var cursor: ListCursor?
        repeat {
            let page = try store.campaigns(by: order, after: cursor, limit: 2)
            #expect(page.items.count <= 2)
            found += page.items.map(\.campaign.name.text)
            cursor = page.next.flatMap { ListCursor($0.description) }
            #expect(cursor == page.next)
        } while cursor != nil
        #expect(try found == names(CampaignFilter(), by: order))
    }

    @Test(
        "ties and campaigns without a next occurrence come once each, however a page is found",
        arguments: [1, 2, 3, 7, 500])
    func ties(limit: Int) throws {
        let ledger = try TemporaryLedger()
        var decisions: [Decision] = []
        for number in 0..<40 {
            let name = "c\(100 + number * 7 % 40)"
            var campaign = number % 4 == 0
                ? try draft(name, tags: ["fr"], createdAt: instant(Int64(number / 8)))
                : try active(name, tags: number % 2 == 0 ? ["fr"] : [])
            campaign.paused = number % 5 == 1 && campaign.status == .active
            let due: Instant? = number % 3 == 0 || campaign.status == .draft ? nil : instant(Int64(number % 6) * 60)
            decisions.append(decision(campaign, nextDue: due))
        }
        try ledger.store.commit(decisions, at: instant(0))
        let filters = [
            CampaignFilter(), CampaignFilter(statuses: [.draft, .active]), CampaignFilter(statuses: [.active]),
            CampaignFilter(tags: [slug("fr")]), CampaignFilter(statuses: [.draft], tags: [slug("fr")]),
        ]
        for filter in filters {
            let all = try ledger.store.campaigns(filter).items
            for order in CampaignOrder.allCases {
                let sorted = all.sorted { left, right in
                    func rank(_ listing: CampaignListing) -> Int64 {
                        switch order {
                        case .name: 0
                        case .created: -listing.campaign.createdAt.secondsSinceEpoch
                        case .next: listing.nextDue?.secondsSinceEpoch ?? .max
                        case .status: listing.campaign.status == .draft ? 0 : 1
                        }
                    }
                    return (rank(left), left.campaign.name) < (rank(right), right.campaign.name)
                }.map(\.campaign.name)
                #expect(try names(of: ledger.store, filter, order, limit) == sorted, "\(order)")
                for narrows in [false, true] {
                    #expect(try found(ledger.store, filter, order, limit, narrows) == sorted.map(\.text), "\(order)")
                }
            }
        }
    }

    private func names(
        of store: Store, _ filter: CampaignFilter, _ order: CampaignOrder, _ limit: Int
    ) throws -> [Slug] {
        var names: [Slug] = []
        var cursor: ListCursor?
        repeat {
            let page = try store.campaigns(filter, by: order, after: cursor, limit: limit)
            names += page.items.map(\.campaign.name)
            cursor = page.next
        } while cursor != nil
        return names
    }

    /// What the parts of the query find by an index of their conditions, and by that of the list's order.
    private func found(
        _ store: Store, _ filter: CampaignFilter, _ order: CampaignOrder, _ limit: Int, _ narrows: Bool
    ) throws -> [String] {
        try store.reading { db in
            var found: [String] = []
            var cursor: ListCursor?
            while true {
                var page: [(name: String, rank: Int64)] = []
                for part in ListQuery.parts(filter, by: order, after: cursor, narrows: { _ in narrows })
                where page.count < limit {
                    let sql = part.sql.replacing("SELECT number,", with: "SELECT name,")
                    try db.forEachRow(sql, part.values + [.integer(limit - page.count)]) { row in
                        page.append((try row.text("name"), try row.integer("rank")))
                    }
                }
                guard let last = page.last else { return found }
                found += page.map(\.name)
                cursor = ListCursor(order: order, rank: last.rank, name: slug(last.name))
            }
        }
    }

    @Test("a cursor of another order, or one that is none, is refused")
    func wrongCursor() throws {
        let cursor = try #require(try store.campaigns(by: .next, limit: 1).next)
        #expect(throws: StoreError.wrongCursor(cursor, order: .name)) { try store.campaigns(after: cursor) }
        for text in ["", "name", "name:x:spring", "name:0:Not A Name", "size:0:spring", "name:0:a:b"] {
            #expect(ListCursor(text) == nil, "\(text)")
        }
    }

    @Test("a page is never larger than the limit, and never empty by size")
    func pageSize() throws {
        #expect(PageSize.bounded(0) == 1)
        #expect(PageSize.bounded(-5) == 1)
        #expect(PageSize.bounded(.max) == PageSize.maximum)
        #expect(try store.campaigns(limit: 0).items.count == 1)
    }

    @Test("counts tell every status")
    func counts() throws {
        #expect(
            try store.countsByStatus() == [
                .draft: 1, .scheduled: 0, .activating: 0, .active: 3, .stopped: 1, .completed: 0, .archived: 0,
            ])
    }

    @Test("sends come last claimed first, of one campaign or of all, open ones alone if asked")
    func sends() throws {
        let weekly = try #require(try store.campaign(named: slug("weekly"))).campaign
        let early = try #require(try store.campaign(named: slug("early"))).campaign
        var ended = claim(weekly, "a", due: instant(900))
        ended.state = .sent
        ended.endedAt = instant(901)
        try store.commit(
            [
                decision(weekly, claims: [ended, claim(weekly, "b")]), decision(early, claims: [claim(early, "c")]),
                decision(weekly, claims: [claim(weekly, "d", due: instant(1))]),
            ], at: instant(0))
        func occurrences(_ page: Page<SendListing, Int64>) -> [String] {
            page.items.map { String($0.send.key.text.split(separator: "/")[1]) }
        }
        #expect(try occurrences(store.sends()) == ["d", "c", "b", "a"])
        #expect(try store.sends().items.map(\.campaignName.text) == ["weekly", "early", "weekly", "weekly"])
        #expect(try occurrences(store.sends(of: weekly.name)) == ["d", "b", "a"])
        let open: Set<SendState> = [.claimed, .queued, .running, .waiting]
        #expect(try occurrences(store.sends(of: weekly.name, states: open)) == ["d", "b"])
        #expect(try occurrences(store.sends(states: open)) == ["d", "c", "b"])
        #expect(try occurrences(store.sends(of: slug("nobody"))) == [])
        let first = try store.sends(limit: 3)
        #expect(try occurrences(store.sends(before: first.next, limit: 3)) == ["a"])
    }

    @Test("the history comes oldest first, of one campaign or of all, after a number")
    func history() throws {
        let weekly = try #require(try store.campaign(named: slug("weekly"))).campaign
        try store.commit([decision(weekly, events: [event(.created, weekly), event(.status, weekly)])], at: instant(0))
        try store.append([event(.daemonStarted), event(.tagged, weekly)], at: instant(0))
        #expect(try store.history().map(\.event.kind) == [.created, .status, .daemonStarted, .tagged])
        #expect(try store.history(of: weekly.name).map(\.event.kind) == [.created, .status, .tagged])
        #expect(try store.history(of: weekly.name, after: 1, limit: 1).map(\.event.kind) == [.status])
        #expect(try store.history(of: slug("nobody")) == [])
    }
}
