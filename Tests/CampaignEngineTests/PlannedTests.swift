import CampaignEngine
import CampaignModel
import CampaignStore
import Recurrence
import Testing

@Suite("The next occurrences of all campaigns", .timeLimit(.minutes(5)))
struct PlannedTests {
    /// Each as its campaign's name and its instant.
    private func planned(_ world: World, _ limit: Int) async throws -> [String] {
        let found = try world.store.planned(limit: limit)
        let rules = await world.engine.currentRules
        return rules.planned(of: found.map { ($0.campaign, $0.nextDue, $0.triggers) }, limit: limit).map {
            "\(found[$0.index].campaign.name) \($0.occurrence.instant)"
        }
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
