import CampaignEngine
import CampaignModel
import Recurrence
import Testing

@Suite("A daemon killed at each point of its work", .timeLimit(.minutes(10)))
struct CrashTests {
    @Test(
        "the send is begun once, ends once and is recorded once",
        arguments: EnginePoint.allCases, ["tick", "command", "hold"])
    func walk(point: EnginePoint, way: String) async throws {
        try await World.run { world in
            if way == "hold" { world.sender.write { _ in .hold } }
            try await world.create("spring", World.definition(start: way == "command" ? "now" : "2026-06-01T09:00"))
            if way != "command" { try await world.perform(.activate, on: "spring") }
            try await world.restart { $0.endAt(point) }
            if way == "command" {
                _ = try? await world.perform(.activate, on: "spring")
            } else {
                world.clock.pass(3_600)
                _ = try? await world.engine.tick()
            }
            // What was handed over comes to its end, heard or not.
            if ![.claim, .commit, .connect].contains(point) {
                await world.sender.until { $0.started.count == 1 }
                world.sender.finish(world.sender.state.value.started[0], .sent)
            }
            await world.session.ended.until { $0 }
            world.crash()
            world.sender.write { _ in .end(.sent) }
            world.clock.pass(10)
            try await world.restart()
            if try world.status("spring") == .draft { try await world.perform(.activate, on: "spring") }
            try await world.until { try world.states("spring") == [.sent] }
            try await world.pass(60)
            #expect(world.sender.state.value.started.count == 1)
            #expect(try world.events(.ended).count == 1)
            #expect(try world.events(.claimed).count == 1)
            #expect(try world.events(.status).compactMap(\.to).filter { $0 == .active }.count == 1)
        }
    }
}
