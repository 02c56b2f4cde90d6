import CampaignEngine
import CampaignModel
import Recurrence
import Testing

@Suite("Checks that a person asks for", .timeLimit(.minutes(10)))
struct CheckTests {
    @Test("a draft is told what its activation would find, and nothing changes")
    func draft() async throws {
        try await World.run { world in
            try await world.create("good")
            try await world.create(
                "bad",
                World.definition(start: "2026-06-01T07:00", surface: "pigeon", message: "nothing") {
                    $0.title = nil
                    $0.audience = nil
                })
            #expect(try await world.engine.check("good").alerts == [])
            let before = try world.campaign("bad")
            let found = try await world.engine.check("bad").alerts
            #expect(
                found.map(\.code) == [
                    .messageMissing, .surfaceMissing, .audienceMissing, .titleMissing, .startInPast,
                ])
            #expect(found.map(\.field) == ["message", "surface", "audience", "title", "schedule.start"])
            #expect(found.allSatisfy { $0.since == world.clock.now })
            #expect(try world.campaign("bad") == before)
            let errors = found.filter { $0.severity == .error }
            await #expect(throws: EngineError.refused(.checksFailed(errors))) {
                try await world.perform(.activate, on: "bad")
            }
        }
    }

    @Test("what was published since is found no more")
    func mended() async throws {
        try await World.run { world in
            try await world.create("news", World.definition(message: "letter"))
            #expect(try await world.engine.check("news").alerts.map(\.code) == [.messageMissing])
            try await world.publish("letter")
            #expect(try await world.engine.check("news").alerts == [])
        }
    }

    @Test("what stands on the campaign already keeps its instant")
    func since() async throws {
        try await World.run { world in
            try await world.activate("endless", World.definition(start: "2026-06-02T09:00", every: "day"))
            let raised = world.clock.now
            try await world.pass(60)
            let found = try await world.engine.check("endless").alerts
            #expect(found.map(\.code) == [.noEnd])
            #expect(found.map(\.since) == [raised])
        }
    }

    @Test("a newer draft is checked in place of the live version, and an unknown name is told")
    func newerDraft() async throws {
        try await World.run { world in
            try await world.activate("digest", World.definition(start: "2026-06-02T09:00", every: "day"))
            try await world.perform(.modify, on: "digest")
            let newer = World.definition(start: "2026-06-02T09:00", every: "day", surface: "pigeon")
            _ = try await world.engine.apply(
                name: "digest", definition: newer, sourceText: nil, by: World.anna)
            #expect(try await world.engine.check("digest").alerts.map(\.code) == [.surfaceMissing, .noEnd])
            await #expect(throws: EngineError.noCampaign("nobody")) {
                try await world.engine.check("nobody").alerts
            }
        }
    }
}
