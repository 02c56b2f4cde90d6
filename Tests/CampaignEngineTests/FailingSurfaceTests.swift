import CampaignEngine
import CampaignModel
import Recurrence
import Testing

@Suite("A surface that always fails, for thirty days", .timeLimit(.minutes(10)))
struct FailingSurfaceTests {
    private static let days: Int64 = 30

    /// Lives through thirty days from alarm to alarm, and two days more.
    private func live(
        _ outcome: AttemptOutcome, _ change: (inout CampaignDefinition) -> Void, _ check: (World) throws -> Void
    ) async throws {
        try await World.run { world in
            world.sender.write { _ in .end(outcome) }
            try await world.activate(
                "failing",
                World.definition(start: "2026-06-01T09:00", every: "day") { definition in
                    definition.schedule?.end = "2026-06-30"
                    change(&definition)
                })
            let end = World.monday + (Self.days + 2) * 86_400
            while world.clock.now < end {
                let next = min(world.clock.alarm ?? end, end)
                try await world.pass(max(next - world.clock.now, 1))
                try await world.until {
                    try world.sends("failing").allSatisfy { $0.state.isFinal || $0.state == .waiting }
                }
            }
            try check(world)
        }
    }

    @Test("at most retries + 1 attempts each, none after the end, and one alert with a count, not a line for each",
        arguments: [nil, "0", "5"])
    func temporary(retries: String?) async throws {
        let attempts = (retries.flatMap(Int.init) ?? 3) + 1
        try await live(.temporary(reason: "busy", retryAfterSeconds: nil)) { $0.retries = retries } _: { world in
            let sends = try world.sends("failing")
            #expect(sends.count == 30)
            #expect(sends.allSatisfy { $0.state == .failed && $0.attempts <= attempts })
            #expect(sends.dropLast(1).allSatisfy { $0.attempts == attempts })
            let started = world.sender.state.value.started
            #expect(Set(started).count == started.count)
            #expect(started.count == sends.map(\.attempts).reduce(0, +))
            let ended = try #require(try world.events(.status, of: "failing").first { $0.to == .completed })
            #expect(try world.events(.started, of: "failing").allSatisfy { $0.at <= ended.at })
            #expect(try world.events(.alertRaised, of: "failing").count { $0.alert == .sendFailed } == 1)
            let alert = try #require(world.campaign("failing").alerts.first { $0.code == .sendFailed })
            #expect(alert.count == sends.count)
        }
    }

    @Test("one that always ends unknown is tried once each, or within retries and limit where its author says so",
        arguments: [nil, "retry"])
    func unknown(onInterrupt: String?) async throws {
        try await live(.interrupted(reason: "killed")) { $0.onInterrupt = onInterrupt } _: { world in
            let sends = try world.sends("failing")
            #expect(sends.count == 30)
            #expect(sends.allSatisfy { $0.state == .interrupted })
            #expect(sends.dropLast(1).allSatisfy { $0.attempts == (onInterrupt == nil ? 1 : 4) })
            #expect(try world.events(.alertRaised, of: "failing").count { $0.alert == .sendInterrupted } == 1)
        }
    }
}
