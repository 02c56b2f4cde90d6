import CampaignEngine
import CampaignModel
import Recurrence
import Testing

@Suite("A campaign from its activation to its end", .timeLimit(.minutes(10)))
struct CampaignRunTests {
    @Test("a scheduled campaign becomes active at its start, is handed over once, and completes 72 hours later")
    func oneShot() async throws {
        try await World.run { world in
            try await world.activate("spring")
            #expect(try world.status("spring") == .scheduled)
            #expect(world.clock.alarm == "2026-06-01T09:00:00Z")

            try await world.pass(to: "2026-06-01T09:00:00Z")
            try await world.until { try world.states("spring") == [.sent] }
            #expect(try world.status("spring") == .active)
            #expect(world.clock.alarm == "2026-06-04T09:00:00Z")

            try await world.pass(to: "2026-06-04T09:00:00Z")
            #expect(try world.status("spring") == .completed)
            #expect(world.sender.state.value.started.count == 1)
            let steps = try world.events(.status, of: "spring").compactMap(\.to)
            #expect(steps == [.scheduled, .activating, .active, .completed])
            #expect(world.clock.alarm == nil)
        }
    }

    @Test("a second before its start nothing happens")
    func notBefore() async throws {
        try await World.run { world in
            try await world.activate("spring")
            try await world.pass(to: "2026-06-01T08:59:59Z")
            #expect(try world.status("spring") == .scheduled)
            #expect(try world.sends("spring").isEmpty)
        }
    }

    @Test("start: now is sent in the same turn as the command")
    func startNow() async throws {
        try await World.run { world in
            try await world.activate("spring", World.definition(start: "now"))
            try await world.until { try world.states("spring") == [.sent] }
            #expect(try world.send("spring").due == World.monday)
        }
    }

    @Test("what is handed over carries campaign, version, message, surface, audience and key")
    func request() async throws {
        try await World.run { world in
            try await world.activate("spring", World.definition(start: "now"))
            await world.sender.until { $0.handOvers.count == 1 }
            let request = try #require(world.sender.state.value.handOvers.first)
            #expect(request.campaign == "spring")
            #expect(request.version == 1)
            #expect(request.message.name == "hello")
            #expect(request.message.revision == 1)
            #expect(request.surface == "mail0")
            #expect(request.channel == "email")
            #expect(request.audience == "people")
            #expect(request.title == "A title")
            #expect(request.timezone == "UTC")
            #expect(request.attempt.number == 1)
            #expect(request.attempt.key == (try world.send("spring")).key)
        }
    }

    @Test("a recurring campaign sends each occurrence once, and none after its stop and two restarts")
    func recurringStopped() async throws {
        try await World.run { world in
            try await world.activate("weekly", World.definition(every: "week"))
            try await world.pass(to: "2026-06-01T09:00:00Z")
            try await world.until { try world.states("weekly") == [.sent] }
            #expect(try await world.perform(.stop, on: "weekly").status == .stopped)
            for _ in 0..<2 {
                try await world.restart()
                for _ in 0..<5 { try await world.pass(4 * 86_400) }
            }
            #expect(try world.sends("weekly").count == 1)
            #expect(world.sender.state.value.started.count == 1)
        }
    }

    @Test("an audience of nobody is one send, sent with a total of 0")
    func emptyAudience() async throws {
        try await World.run { world in
            world.sender.write { _ in .hold }
            try await world.activate("spring", World.definition(start: "now"))
            await world.sender.until { !$0.started.isEmpty }
            let attempt = world.sender.state.value.started[0]
            world.sender.finish(attempt, .sent, SendProgress(done: 0, total: 0))
            try await world.until { try world.states("spring") == [.sent] }
            for _ in 0..<10 { try await world.pass(30) }
            #expect(try world.send("spring").progress.total == 0)
            #expect(world.sender.state.value.started.count == 1)
        }
    }

    @Test("a draft whose start passes stays a draft, and its creation said so")
    func draft() async throws {
        try await World.run { world in
            try await world.create("spring")
            try await world.pass(to: "2026-06-02T09:00:00Z")
            #expect(try world.status("spring") == .draft)
            #expect(try world.sends("spring").isEmpty)
            #expect(try world.events(.created).first?.text.contains("not scheduled") == true)
        }
    }

    @Test("a campaign whose surface is gone at its start waits as activating, and begins when it is back")
    func activating() async throws {
        try await World.run { world in
            try await world.activate("spring")
            await world.engine.use(world.settings, Catalogue(surfaces: [], audiences: ["people"]))
            try await world.pass(to: "2026-06-01T09:00:00Z")
            #expect(try world.status("spring") == .activating)
            #expect(try world.campaign("spring").alerts.map(\.code) == [.surfaceMissing])

            await world.engine.use(world.settings, world.catalogue)
            try await world.pass(30)
            try await world.until { try world.states("spring") == [.sent] }
            #expect(try world.campaign("spring").alerts.isEmpty)
        }
    }

    @Test("off over its late limit: the life goes on, and the send is missed with an alert")
    func offTooLong() async throws {
        try await World.run { world in
            try await world.activate("spring")
            world.crash()
            world.clock.pass(5 * 3_600)
            try await world.restart()
            try await world.until { try world.states("spring") == [.missed] }
            #expect(try world.status("spring") == .active)
            #expect(try world.campaign("spring").alerts.map(\.code) == [.occurrenceMissed])
            #expect(world.sender.state.value.queries.count == 1)
            #expect(world.sender.state.value.started.isEmpty)
        }
    }

    @Test("off for days: every step of the status is told once, in order")
    func offForDays() async throws {
        try await World.run { world in
            try await world.activate("spring")
            world.crash()
            world.clock.pass(10 * 86_400)
            try await world.restart()
            try await world.pass(to: "2026-06-20T09:00:00Z")
            try await world.until { try world.states("spring") == [.missed] }
            let steps = try world.events(.status, of: "spring").compactMap(\.to)
            #expect(steps == [.scheduled, .activating, .active, .completed])
        }
    }

    @Test(
        "suspended over its time: sent once on wake within the limit, else missed",
        arguments: [(50, true), (210, false)])
    func suspended(minutes: Int64, isSent: Bool) async throws {
        try await World.run(at: "2026-06-01T20:00:00Z") { world in
            try await world.activate("spring", World.definition(start: "2026-06-01T20:30"))
            try await world.pass(minutes * 60)
            try await world.until { try world.send("spring").state.isFinal }
            #expect(try world.states("spring") == [isSent ? .sent : .missed])
            #expect(world.sender.state.value.started.count == (isSent ? 1 : 0))
            #expect(try world.events(.clockJumped).isEmpty)
        }
    }

    @Test(
        "after a long downtime there is one catch-up at most, and one summary of the rest",
        arguments: [
            ("5 minutes", 10 * 86_400, true), ("minute", 365 * 86_400, true), ("day", 10 * 86_400 + 7_200, false),
        ])
    func catchUp(every: String, off: Int, catchesUp: Bool) async throws {
        try await World.run(at: "2026-06-01T08:59:59Z") { world in
            try await world.activate("often", World.definition(every: every))
            world.crash()
            world.clock.pass(Int64(off))
            try await world.restart()
            try await world.until {
                let states = try world.states("often")
                return !states.isEmpty && states.allSatisfy(\.isFinal)
            }
            let sends = try world.sends("often")
            #expect(sends.count == (catchesUp ? 2 : 1))
            #expect(sends.filter { $0.state == .missed }.count == 1)
            #expect(world.sender.state.value.started.count == (catchesUp ? 1 : 0))
        }
    }

    @Test("a taken name, an unknown one and a wrong revision are refused")
    func refusals() async throws {
        try await World.run { world in
            try await world.create("spring")
            await #expect(throws: EngineError.nameTaken("spring")) { try await world.create("spring") }
            await #expect(throws: EngineError.noCampaign("autumn")) { try await world.perform(.stop, on: "autumn") }
            await #expect(throws: EngineError.conflict(current: 1)) {
                _ = try await world.engine.perform(.activate, on: "spring", by: World.anna, revision: 7)
            }
            await #expect(throws: EngineError.noMessage("none")) {
                _ = try await world.engine.publishMessage("none", by: World.anna)
            }
        }
    }

    @Test("a dry run answers as the command would, and changes nothing")
    func dryRun() async throws {
        try await World.run { world in
            try await world.create("spring", World.definition(start: "now"))
            let answer = try await world.engine.perform(.activate, on: "spring", by: World.anna, dryRun: true)
            #expect(answer.campaign.status == .active)
            #expect(try world.status("spring") == .draft)
            #expect(world.sender.state.value.handOvers.isEmpty)
        }
    }
}
