import CampaignEngine
import CampaignModel
import CampaignStore
import Recurrence
import Testing

@Suite("Sends that are asked for by name", .timeLimit(.minutes(10)))
struct OrderTests {
    private static func trigger(_ id: String, at text: String? = nil, data: String? = nil) throws -> SendOrder {
        SendOrder(id: try #require(RequestID(id)), .trigger(at: try text.map { try AskedTime($0) }, data: data))
    }

    private static let welcome = World.definition(start: nil) { $0.type = "triggered" }

    @Test("one is handed over with its data, and the same id again is the same send, also after a restart and an end")
    func once() async throws {
        try await World.run { world in
            try await world.activate("welcome", Self.welcome)
            let order = try Self.trigger("a-1", data: "{\"to\": 7}")
            let first = try await world.engine.send(order, of: "welcome", by: World.anna)
            #expect(!first.isRepeated)
            try await world.until { try world.states("welcome") == [.sent] }
            #expect(world.sender.state.value.handOvers.map(\.data) == ["{\"to\": 7}"])
            #expect(world.sender.state.value.handOvers.map(\.origin) == [.trigger])
            let other = try Self.trigger("a-1", at: "2026-06-05T09:00")
            for _ in 0..<2 {
                let again = try await world.engine.send(other, of: "welcome", by: World.anna)
                #expect(again.isRepeated)
                #expect(again.send.key == first.send.key)
                #expect(again.send.state == .sent)
                try await world.restart()
            }
            try await world.perform(.stop, on: "welcome")
            #expect(try await world.engine.send(order, of: "welcome", by: World.anna).isRepeated)
            await #expect(throws: EngineError.self) {
                try await world.engine.send(Self.trigger("a-2"), of: "welcome", by: World.anna)
            }
            #expect(try world.sends("welcome").count == 1)
        }
    }

    @Test("one to come is sent at its time, over a restart, and is among the next ones until then")
    func toCome() async throws {
        try await World.run { world in
            try await world.activate("welcome", Self.welcome)
            let order = try Self.trigger("later", at: "2026-06-02T09:00")
            _ = try await world.engine.send(order, of: "welcome", by: World.anna)
            try await world.restart()
            #expect(try world.states("welcome") == [.waiting])
            let found = try world.store.planned(limit: 5)
            let next = world.engine.currentRules.planned(
                of: found.map { ($0.campaign, $0.nextDue, $0.triggers) }, at: world.clock.read().now, limit: 5)
            #expect(next.occurrences.map(\.occurrence.instant.description) == ["2026-06-02T09:00:00Z"])
            try await world.pass(to: "2026-06-02T08:59:59Z")
            #expect(try world.states("welcome") == [.waiting])
            try await world.pass(1)
            try await world.until { try world.states("welcome") == [.sent] }
            #expect(world.sender.state.value.started.count == 1)
        }
    }

    @Test("a dry run answers with the send that would be, and takes no key")
    func dryRun() async throws {
        try await World.run { world in
            try await world.activate("welcome", Self.welcome)
            let order = try Self.trigger("x")
            let dry = try await world.engine.send(order, of: "welcome", by: World.anna, dryRun: true)
            #expect(dry.send.state == .claimed)
            #expect(try world.sends("welcome").isEmpty)
            #expect(try await !world.engine.send(order, of: "welcome", by: World.anna).isRepeated)
        }
    }

    @Test("a send-now beside a running one waits for it, and then goes out once")
    func besideTheSchedule() async throws {
        try await World.run { world in
            world.sender.write { _ in .hold }
            try await world.activate("daily", World.definition(start: "2026-05-31T08:00", every: "day"))
            try await world.pass(to: "2026-06-02T08:00:00Z")
            try await world.until { try world.states("daily") == [.running] }
            let order = SendOrder(id: try #require(RequestID("extra")), .sendNow(again: false))
            let extra = try await world.engine.send(order, of: "daily", by: World.anna).send
            #expect(extra.state == .queued)
            let first = try #require(try world.sends("daily").first)
            world.sender.finish(Attempt(key: first.key, number: 1), .sent)
            try await world.until { try world.states("daily") == [.sent, .running] }
            world.sender.finish(Attempt(key: extra.key, number: 1), .sent)
            try await world.until { try world.states("daily") == [.sent, .sent] }
        }
    }
}
