import CampaignEngine
import CampaignModel
import CampaignStore
import Recurrence
import Testing

@Suite("The next occurrences of all campaigns", .timeLimit(.minutes(10)))
struct PlannedTests {
    /// Each as its campaign's name and its instant.
    private func planned(_ world: World, _ limit: Int) async throws -> [String] {
        let found = try world.store.planned(limit: limit)
        let rules = world.engine.currentRules
        return page(rules, found, world, limit: limit).occurrences
    }

    private func page(
        _ rules: Rules, _ found: [PlannedCampaign], _ world: World, after: String? = nil, until: String? = nil,
        limit: Int
    ) -> (occurrences: [String], isExhausted: Bool) {
        let page = rules.planned(
            of: found.map { ($0.campaign, $0.nextDue, $0.triggers) }, at: world.clock.read().now,
            after: after.flatMap { Instant($0) }, until: until.flatMap { Instant($0) }, limit: limit)
        let words = page.occurrences.map { "\(found[$0.index].campaign.name) \($0.occurrence.instant)" }
        return (words, page.isExhausted)
    }

    @Test("the soonest come first, several of one campaign among them")
    func merged() async throws {
        try await World.run { world in
            try await world.activate("daily", World.definition(start: "2026-06-01T09:00", every: "day"))
            try await world.activate("hourly", World.definition(start: "2026-06-01T22:30", every: "hour"))
            try await world.activate("once", World.definition(start: "2026-06-02T09:00"))
            try await world.create("draft", World.definition(start: "2026-06-01T08:30"))
            #expect(
                try await planned(world, 5) == [
                    "daily 2026-06-01T09:00:00Z", "hourly 2026-06-01T22:30:00Z", "hourly 2026-06-01T23:30:00Z",
                    "hourly 2026-06-02T00:30:00Z", "hourly 2026-06-02T01:30:00Z",
                ])
            let many = try await planned(world, 14)
            #expect(many.count == 14)
            // The older campaign comes first where two are due together.
            #expect(
                many.suffix(3) == [
                    "hourly 2026-06-02T08:30:00Z", "daily 2026-06-02T09:00:00Z", "once 2026-06-02T09:00:00Z",
                ])
        }
    }

    @Test("what was sent is behind, the last one's outcome is told, and a campaign at its end is gone")
    func afterSends() async throws {
        try await World.run { world in
            try await world.activate(
                "twice",
                World.definition(start: "2026-06-01T09:00", every: "day") { $0.schedule?.count = "2" })
            try await world.pass(to: "2026-06-01T09:00:00Z")
            try await world.until { try world.states("twice") == [.sent] }
            #expect(try await planned(world, 5) == ["twice 2026-06-02T09:00:00Z"])
            #expect(try world.store.planned(limit: 5).first?.newestSend?.state == .sent)
            try await world.pass(to: "2026-06-02T09:00:00Z")
            try await world.until { try world.states("twice") == [.sent, .sent] }
            #expect(try await planned(world, 5) == [])
        }
    }

    @Test("paused and stopped campaigns are left out, resumed ones are there again")
    func paused() async throws {
        try await World.run { world in
            try await world.activate("daily", World.definition(start: "2026-06-01T09:00", every: "day"))
            try await world.perform(.pause, on: "daily")
            #expect(try await planned(world, 1) == [])
            try await world.perform(.resume, on: "daily")
            #expect(try await planned(world, 1) == ["daily 2026-06-01T09:00:00Z"])
            try await world.perform(.stop, on: "daily")
            #expect(try await planned(world, 1) == [])
        }
    }

    @Test("a start whose checks fail is due, until it is mended")
    func overdue() async throws {
        try await World.run { world in
            try await world.activate("once", World.definition(start: "2026-06-01T09:00"))
            await world.engine.use(world.settings, Catalogue(surfaces: [], audiences: []))
            try await world.pass(to: "2026-06-01T09:00:30Z")
            #expect(try world.status("once") == .activating)
            #expect(try await planned(world, 5) == ["once 2026-06-01T09:00:00Z"])
        }
    }

    @Test("a span has what is later than its beginning up to its end, and tells whether that is all")
    func span() async throws {
        try await World.run { world in
            try await world.activate("daily", World.definition(start: "2026-06-01T09:00", every: "day"))
            try await world.activate("once", World.definition(start: "2026-06-03T10:00"))
            let found = try world.store.planned(limit: 10)
            let rules = world.engine.currentRules
            let whole = page(
                rules, found, world, after: "2026-06-02T09:00:00Z", until: "2026-06-04T09:00:00Z", limit: 9)
            let words = ["daily 2026-06-03T09:00:00Z", "once 2026-06-03T10:00:00Z", "daily 2026-06-04T09:00:00Z"]
            #expect(whole == (words, true))
            let cut = page(rules, found, world, after: "2026-06-02T09:00:00Z", until: "2026-06-04T09:00:00Z", limit: 2)
            #expect(cut == (Array(words.prefix(2)), false))
            #expect(page(rules, found, world, until: "2026-06-01T08:59:59Z", limit: 9) == ([], true))
            let early = try world.store.planned(until: Instant("2026-06-03T09:59:59Z"), limit: 9)
            #expect(early.map(\.campaign.name.text) == ["daily"])
            #expect(try world.store.planned(of: [Slug("once")], limit: 9).map(\.campaign.name.text) == ["once"])
        }
    }

    @Test("a draft is planned as if it were activated now")
    func draft() async throws {
        try await World.run { world in
            try await world.create("idea", World.definition(start: "2026-06-01T08:30"))
            let campaign = try #require(try world.store.campaign(named: Slug("idea"))?.campaign)
            let source = PlannedCampaign(campaign: campaign, nextDue: Instant("2026-06-01T08:30:00Z"))
            let found = page(world.engine.currentRules, [source], world, limit: 5)
            #expect(found == (["idea 2026-06-01T08:30:00Z"], true))
        }
    }

    @Test("the soonest of many come from those whose next ones are due soonest")
    func bounded() async throws {
        try await World.run { world in
            try world.plant(
                (0..<12).map { index in
                    let minute = index < 10 ? "0\(index)" : "\(index)"
                    return (
                        Slug("c\(minute)")!, World.definition(start: "2026-06-01T09:\(minute)", every: "20 minutes")
                    )
                })
            let all = try await planned(world, 150)
            #expect(all.count == 150)
            for limit in [1, 5, 12, 40] {
                #expect(try await planned(world, limit) == Array(all.prefix(limit)))
            }
            let instants = all.compactMap { $0.split(separator: " ").last }
            #expect(instants == instants.sorted())
        }
    }
}
