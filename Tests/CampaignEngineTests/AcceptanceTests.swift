import CampaignEngine
import CampaignModel
import Recurrence
import Testing

@Suite("A clock that is taken for right, a ledger that is adopted", .timeLimit(.minutes(10)))
struct AcceptanceTests {
    private static let daily = World.definition(start: "2026-06-02T09:00", every: "day")

    @Test("a clock that was ahead for a while: what was sent is not sent again, and all that comes is sent once")
    func wasAhead() async throws {
        try await World.run { world in
            try await world.activate("daily", Self.daily)
            world.clock.set(to: "2026-06-10T09:00:30Z")
            try await world.pass(0)
            try await world.until { try world.states("daily").contains(.sent) }
            world.clock.set(to: "2026-06-03T08:10:00Z")
            for _ in 0..<5 { try await world.pass(60) }
            #expect(try world.daemonAlerts() == [.clockSuspect])

            #expect(try await world.engine.acceptClock(by: World.anna))
            #expect(try world.daemonAlerts().isEmpty)
            #expect(try world.events(.clockAccepted).map(\.actor) == [World.anna.actor])
            #expect(try world.campaign("daily").decidedUntil == world.clock.now)
            for day in 3...12 {
                try await world.pass(to: Instant("2026-06-\(day < 10 ? "0" : "")\(day)T10:00:00Z")!)
                try await world.until { try world.sends("daily").allSatisfy(\.state.isFinal) }
            }
            let sent = try world.sends("daily").filter { $0.state == .sent }.map(\.due).sorted()
            // That of the tenth went by the clock that was ahead.
            let days = 3...12
            #expect(sent == days.map { Instant("2026-06-\($0 < 10 ? "0" : "")\($0)T09:00:00Z")! })
            #expect(world.sender.state.value.started.count == days.count)
        }
    }

    @Test("a clock before the release is believed from then on, over restarts, and an earlier one is not")
    func beforeTheRelease() async throws {
        try await World.run { world in
            world.clock.set(to: "2025-06-01T08:00:00Z")
            try await world.pass(0)
            try await world.activate("spring", World.definition(start: "2025-06-01T09:00"))
            try await world.pass(7_200)
            #expect(try world.sends("spring").isEmpty)
            #expect(try await world.engine.acceptClock(by: World.anna))
            try await world.until { try world.states("spring") == [.missed] || world.states("spring") == [.sent] }
            try await world.restart()
            try await world.pass(60)
            #expect(try world.daemonAlerts().isEmpty)
            world.clock.set(to: "2025-05-31T08:00:00Z")
            try await world.pass(0)
            #expect(try world.daemonAlerts() == [.clockSuspect])
        }
    }

    @Test("a clock that is believed needs no word, and nothing changes")
    func believed() async throws {
        try await World.run { world in
            try await world.activate("daily", Self.daily)
            let events = try world.events()
            #expect(try await !world.engine.acceptClock(by: World.anna))
            #expect(try await !world.engine.adoptLedger(by: World.anna))
            #expect(try world.events() == events)
        }
    }

    @Test("a retry's time comes back, a trigger's time stays, a one-shot is completed after its days from now")
    func times() async throws {
        try await World.run { world in
            world.sender.write { handOver in
                handOver.attempt.number == 1 ? .end(.temporary(reason: "later", retryAfterSeconds: 600)) : .end(.sent)
            }
            world.clock.set(to: "2026-06-20T08:00:00Z")
            try await world.pass(0)
            try await world.activate("spring", World.definition(start: "now"))
            try await world.until { try world.states("spring") == [.waiting] }
            try await world.activate("welcome", World.definition(start: nil) { $0.type = "triggered" })
            let order = SendOrder(
                id: RequestID("a")!, .trigger(at: .instant("2026-06-25T08:00:00Z"), data: nil))
            _ = try await world.engine.send(order, of: "welcome", by: World.anna)

            world.clock.set(to: "2026-06-01T08:00:00Z")
            try await world.pass(0)
            #expect(try await world.engine.acceptClock(by: World.anna))
            try await world.until { try world.states("spring") == [.sent] }
            #expect(try world.send("welcome").nextAttemptAt == "2026-06-25T08:00:00Z")
            #expect(try world.campaign("spring").activatedAt == "2026-06-01T08:00:00Z")
            try await world.pass(to: "2026-06-04T08:00:00Z")
            #expect(try world.status("spring") == .completed)
            #expect(try world.states("welcome") == [.waiting])
        }
    }

    @Test("an adopted ledger sends, by the rules of lateness, and needs it only once")
    func adopted() async throws {
        try await World.run(foreign: "the ledger was made on another machine") { world in
            try await world.activate("spring")
            try await world.activate("late", World.definition(start: "2026-06-01T08:10"))
            try await world.pass(to: "2026-06-01T09:30:00Z")
            #expect(try world.sends("spring").isEmpty)
            #expect(try await world.engine.adoptLedger(by: World.anna))
            try await world.until { try world.states("spring") == [.sent] }
            try await world.until { try world.states("late") == [.missed] }
            #expect(try world.daemonAlerts().isEmpty)
            #expect(try world.events(.ledgerAdopted).count == 1)
            #expect(try await !world.engine.adoptLedger(by: World.anna))
        }
    }

    @Test("a ledger that can't be written adopts and accepts nothing")
    func unwritable() async throws {
        try await World.run(foreign: "the ledger was made on another machine") { world async throws in
            world.session.failWrites(true)
            await #expect(throws: EngineError.self) { try await world.engine.adoptLedger(by: World.anna) }
            world.session.failWrites(false)
            #expect(try world.daemonAlerts() == [.ledgerForeign])
            #expect(try await world.engine.adoptLedger(by: World.anna))
        }
    }
}
