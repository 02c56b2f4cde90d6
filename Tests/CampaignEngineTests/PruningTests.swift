import CampaignEngine
import CampaignModel
import CampaignStore
import Recurrence
import Testing

@Suite("What was kept for long enough", .timeLimit(.minutes(10)))
struct PruningTests {
    private static let day: Int64 = 86_400
    private static let daily = World.definition(start: "2026-06-01T09:00", every: "day")

    /// A month of a daily campaign and ten days more, what is kept for a month.
    private func runs(_ body: (World) async throws -> Void) async throws {
        try await World.run { world in
            world.settings.retention.history = .seconds(30 * Self.day)
            world.settings.retention.sends = .seconds(30 * Self.day)
            await world.engine.use(world.settings, world.catalogue)
            try await world.activate("daily", Self.daily)
            try await world.activate("once", World.definition(start: "now"))
            try await world.until { try world.states("once") == [.sent] }
            try await world.pass(to: "2026-06-01T09:00:00Z")
            let order = SendOrder(id: RequestID("kept")!, .sendNow(again: false))
            _ = try await world.engine.send(order, of: "daily", by: World.anna)
            for _ in 0..<40 {
                try await world.pass(Self.day)
                try await world.until { try world.sends("daily").allSatisfy(\.state.isFinal) }
            }
            try await body(world)
        }
    }

    @Test("goes from the ledger once a day and is told; what could be claimed again stays")
    func removed() async throws {
        try await runs { world in
            let cutoff = world.clock.now - 30 * Self.day - Self.day
            let sends = try world.sends("daily")
            #expect(sends.filter { $0.origin == .schedule }.allSatisfy { $0.endedAt.map { $0 > cutoff } ?? false })
            #expect(sends.filter { $0.origin == .sendNow }.count == 1)
            #expect(try world.sends("once").isEmpty)
            #expect(try world.events().allSatisfy { $0.at > cutoff })
            let told = try world.events(.pruned)
            #expect((1...11).contains(told.count))
            #expect(told.allSatisfy { $0.text.hasPrefix("what was kept for long enough is removed: ") })
            // The same order again answers with the first one's send.
            let order = SendOrder(id: RequestID("kept")!, .sendNow(again: false))
            #expect(try await world.engine.send(order, of: "daily", by: World.anna).isRepeated)
        }
    }

    @Test("no removed key is claimed again, whatever is said of the clock")
    func neverAgain() async throws {
        try await runs { world in
            let oldest = try #require(try world.sends("daily").first { $0.origin == .schedule }).due
            let started = world.sender.state.value.started.count
            world.clock.set(to: "2026-06-03T08:00:00Z")
            try await world.pass(0)
            #expect(try await world.engine.acceptClock(by: World.anna))
            for _ in 0..<10 {
                try await world.pass(Self.day)
                try await world.until { try world.sends("daily").allSatisfy(\.state.isFinal) }
            }
            #expect(world.clock.now > oldest)
            #expect(world.sender.state.value.started.count == started)
        }
    }

    @Test("a clock that was just set removes nothing")
    func suspicious() async throws {
        try await World.run { world in
            try await world.activate("once", World.definition(start: "now"))
            try await world.until { try world.states("once") == [.sent] }
            // The newest send of all is not removed.
            try await world.activate("newest", World.definition(start: "now"))
            try await world.until { try world.states("newest") == [.sent] }
            let count = try world.events().count
            world.clock.set(to: "2036-06-01T08:00:00Z")
            for _ in 0..<50 { try await world.pass(60) }
            #expect(try world.states("once") == [.sent])
            #expect(try world.events().count > count)
            try await world.pass(3_600)
            #expect(try world.sends("once").isEmpty)
        }
    }

    @Test("much is removed in steps, each a turn")
    func steps() async throws {
        try await World.run { world in
            world.settings.retention.history = .seconds(30 * Self.day)
            await world.engine.use(world.settings, world.catalogue)
            let lines = (0..<2_500).map { number in
                Event(.tagged, at: world.clock.now, campaign: nil, actor: .daemon, text: "line \(number)")
            }
            try world.store.append(lines, at: world.clock.now)
            try await world.pass(40 * Self.day)
            // The journal has them all before one is removed.
            while try world.store.deliveredSequence() < 2_500 { try await world.pass(1) }
            try await world.pass(2 * Self.day)
            var turns = 0
            while try !world.events(.tagged).isEmpty, turns < 10 {
                try await world.pass(0)
                turns += 1
            }
            #expect((1...3).contains(turns))
        }
    }
}
