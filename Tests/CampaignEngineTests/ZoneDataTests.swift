import CampaignEngine
import CampaignModel
import CampaignStore
import Recurrence
import Testing

@Suite("Zone data that change under the daemon", .timeLimit(.minutes(10)))
struct ZoneDataTests {
    private func daily(_ zone: String = "Europe/Paris", at time: String = "12:00") -> CampaignDefinition {
        World.definition(start: "2026-06-01T\(time)", every: "day") { $0.schedule?.timezone = zone }
    }

    private func told(_ world: World) throws -> [Slug: String] {
        let events = try world.events(.zonesChanged).compactMap { event in
            event.campaign.map { ($0.name, event.text) }
        }
        return try #require(Set(events.map(\.0)).count == events.count ? Dictionary(uniqueKeysWithValues: events) : nil)
    }

    @Test("noticed at the next turn: campaigns of that zone are planned again, nothing claimed is repeated")
    func noticed() async throws {
        try await World.run { world in
            try await world.activate("paris", daily())
            try await world.activate("rome", daily("Europe/Rome"))
            try await world.pass(to: World.monday + 2 * 3_600)
            try await world.until { try world.states("paris") == [.sent] && world.states("rome") == [.sent] }
            world.zones.update(to: "2026b", dataOf: ["Europe/Paris": "Europe/London"])
            try await world.pass(30)
            #expect(try told(world).keys.sorted() == ["paris"])
            let text = "zone data of Europe/Paris changed from 2026a to 2026b: what was due at "
                + "2026-06-02T10:00:00Z is due at 2026-06-02T11:00:00Z, 1h later"
            #expect(try told(world)["paris"] == text)
            let database = try world.events(.zonesChanged).filter { $0.campaign == nil }.map(\.text)
            #expect(database == ["the zone database changed from 2026a to 2026b"])
            try await world.pass(to: World.monday + 86_400 + 2 * 3_600)
            #expect(try world.states("paris") == [.sent])
            try await world.pass(to: World.monday + 86_400 + 3 * 3_600)
            try await world.until { try world.states("paris") == [.sent, .sent] }
            #expect(try told(world).count == 1)
        }
    }

    @Test("a change while the daemon was off is noticed at its start, before anything is decided")
    func whileOff() async throws {
        try await World.run { world in
            try await world.activate("paris", daily())
            world.crash()
            world.zones.update(to: "2026b", dataOf: ["Europe/Paris": "Europe/Helsinki"])
            // 12:00 in Paris; by the new data it was an hour ago.
            world.clock.pass(2 * 3_600)
            try await world.restart()
            try await world.until { try world.states("paris") == [.sent] }
            #expect(try world.send("paris").due == World.monday + 3_600)
            let kinds = try world.events(of: "paris").map(\.kind)
            let change = try #require(kinds.firstIndex(of: .zonesChanged))
            #expect(change < (try #require(kinds.firstIndex(of: .claimed))))
        }
    }

    @Test("many zones are planned again over several turns, each campaign once; damage keeps no other waiting")
    func many() async throws {
        try await World.run { world in
            // More than the four batches that a turn takes: each zone is one.
            let zones = ["Paris", "Rome", "Madrid", "Berlin", "Vienna", "Brussels"].map { "Europe/\($0)" }
            let names = (0..<18).map { Slug("c\($0)")! }
            try world.plant(names.enumerated().map { ($1, daily(zones[$0 % zones.count])) })
            world.session.damage("c7")
            world.zones.update(
                to: "2026b", dataOf: Dictionary(uniqueKeysWithValues: zones.map { ($0, "Europe/London") }))
            await #expect(throws: LedgerError.self) { try await world.engine.tick() }
            #expect(try Set(world.store.zoneEditions().map(\.version)) == ["2026a", "2026b"])
            #expect(world.clock.alarm == world.clock.now)
            world.session.damage(nil)
            try await world.pass(1)
            #expect(try Set(world.store.zoneEditions().map(\.version)) == ["2026b"])
            #expect(try told(world).keys.sorted() == names.sorted())
        }
    }

    @Test("a zone that the database has lost: told once, and its campaigns go on with what they were planned by")
    func lost() async throws {
        try await World.run { world in
            try await world.activate("paris", daily())
            world.zones.update(to: "2026b", without: ["Europe/Paris"])
            try await world.pass(30)
            try await world.pass(30)
            #expect(try world.daemonAlerts() == [.zoneDataChanged])
            #expect(try world.events(.alertRaised).filter { $0.campaign == nil }.count == 1)
            try await world.pass(to: World.monday + 2 * 3_600)
            try await world.until { try world.states("paris") == [.sent] }
            try await world.restart()
            let campaign = try world.campaign("paris")
            let next = world.engine.currentRules.upcoming(
                of: try #require(campaign.live), in: campaign, at: world.clock.now, limit: 1)
            #expect(next == [World.monday + 86_400 + 2 * 3_600])
            world.zones.update(to: "2026c")
            try await world.pass(30)
            #expect(try world.daemonAlerts().isEmpty)
            #expect(try told(world).isEmpty)
        }
    }
}
