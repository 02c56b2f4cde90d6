import CampaignEngine
import CampaignModel
import CampaignStore
import Recurrence
import Testing

@Suite("Caps and turns", .timeLimit(.minutes(15)))
struct DispatchTests {
    @Test("11 campaigns at one second, cap 2: two run, nine are queued with positions, all end, none is starved")
    func elevenCampaigns() async throws {
        try await World.run(cap: 2) { world in
            world.sender.write { _ in .hold }
            let names = (1...11).map { Slug("campaign\($0)")! }
            for name in names { try await world.activate(name) }
            try await world.pass(to: "2026-06-01T09:00:00Z")
            await world.sender.until { $0.running == 2 }
            try await world.until { try names.flatMap { try world.states($0) }.filter { $0 == .running }.count == 2 }
            #expect(try names.flatMap { try world.states($0) }.filter { $0 == .queued }.count == 9)
            #expect(await world.engine.queuePositions.values.sorted() == Array(1...9))

            for count in 1...11 {
                await world.sender.until { $0.started.count >= count }
                world.clock.pass(30)
                world.sender.finish(world.sender.state.value.started[count - 1], .sent)
            }
            try await world.until { try names.allSatisfy { try world.states($0) == [.sent] } }
            #expect(world.sender.state.value.mostAtOnce == 2)
            #expect(Set(world.sender.state.value.started.map(\.key)).count == 11)
        }
    }

    @Test("1,000 at one instant are all sent once, within the caps, and a small surface does not wait for a large one")
    func thousand() async throws {
        try await World.run(cap: 8, surfaceCaps: [6, 4]) { world in
            try world.plant(
                (1...1_000).map { number in
                    (Slug("campaign\(number)")!, World.definition(surface: number <= 990 ? "mail0" : "mail1"))
                })
            world.clock.pass(3_600)
            try await world.engine.tick()
            await world.sender.until { $0.started.count == 1_000 }
            try await world.until { try world.store.openSends().isEmpty }
            let state = world.sender.state.value
            #expect(Set(state.started.map(\.key)).count == 1_000)
            #expect(state.mostAtOnce <= 8)
            let last = state.handOvers.lastIndex { $0.surface == "mail1" } ?? 1_000
            #expect(last < 60)
        }
    }

    @Test("a surface's own cap holds, and the other surface is not held up by it")
    func surfaceCaps() async throws {
        try await World.run(cap: 8, surfaceCaps: [1, 8]) { world in
            world.sender.write { _ in .hold }
            for name: Slug in ["a", "b"] { try await world.activate(name, World.definition(start: "now")) }
            for name: Slug in ["c", "d"] {
                try await world.activate(name, World.definition(start: "now", surface: "mail1"))
            }
            await world.sender.until { $0.running == 3 }
            #expect(Set(world.sender.state.value.handOvers.map(\.campaign)) == ["a", "c", "d"])
            #expect(try world.states("b") == [.queued])
        }
    }

    @Test("a cap that is raised is used at once")
    func raisedCap() async throws {
        try await World.run(cap: 1) { world in
            world.sender.write { _ in .hold }
            for name: Slug in ["a", "b"] { try await world.activate(name, World.definition(start: "now")) }
            await world.sender.until { $0.running == 1 }
            world.settings.maxConcurrent = 2
            await world.engine.use(world.settings, world.catalogue)
            await world.sender.until { $0.running == 2 }
        }
    }

    @Test("with overlap: queue the next occurrence begins when the one before it has ended, its retries included")
    func overlap() async throws {
        try await World.run { world in
            world.sender.write { _ in .hold }
            try await world.activate("hourly", World.definition(every: "hour"))
            try await world.pass(to: "2026-06-01T09:00:00Z")
            await world.sender.until { $0.running == 1 }
            try await world.pass(to: "2026-06-01T10:00:00Z")
            #expect(try world.states("hourly") == [.running, .queued])
            world.sender.finish(world.sender.state.value.started[0], .temporary(reason: "later", retryAfterSeconds: 60))
            try await world.until { try world.states("hourly") == [.waiting, .queued] }
            try await world.pass(to: "2026-06-01T10:02:00Z")
            await world.sender.until { $0.started.count == 2 }
            #expect(world.sender.state.value.started[1].number == 2)
            world.sender.finish(world.sender.state.value.started[1], .sent)
            await world.sender.until { $0.started.count == 3 }
            try await world.until { try world.states("hourly") == [.sent, .running] }
        }
    }

    @Test("a surface that always fails for now: six attempts with five retries, then failed")
    func retries() async throws {
        try await World.run { world in
            world.sender.write { _ in .end(.temporary(reason: "mailbox full", retryAfterSeconds: nil)) }
            try await world.activate("spring", World.definition(start: "now") { $0.retries = "5" })
            for attempt in 1...5 {
                try await world.until {
                    let send = try world.send("spring")
                    return send.state == .waiting && send.attempts == attempt
                }
                let next = try #require(try world.send("spring").nextAttemptAt)
                #expect(world.clock.alarm == next)
                try await world.pass(to: next)
            }
            try await world.until { try world.states("spring") == [.failed] }
            #expect(world.sender.state.value.started.map(\.number) == [1, 2, 3, 4, 5, 6])
            try await world.pass(2 * 3_600)
            #expect(world.sender.state.value.started.count == 6)
        }
    }

    @Test("with nothing due a turn reads one batch and writes nothing")
    func idle() async throws {
        try await World.run { world in
            try world.plant((1...20).map { (Slug("campaign\($0)")!, World.definition()) })
            try await world.pass(1)
            let events = try world.events().count
            let writes = world.session.writes
            for _ in 0..<5 { try await world.pass(30) }
            #expect(try world.events().count == events)
            #expect(world.session.writes == writes)
        }
    }
}

@Suite("A sender that does not answer", .timeLimit(.minutes(10)))
struct SenderDownTests {
    @Test("is tried again after 1, 2, 4, 8, 16, 30 and 30 s, with one alert, and sends go on when it is back")
    func pauses() async throws {
        try await World.run { world in
            world.sender.goDown()
            try await world.activate("spring", World.definition(start: "now"))
            var pauses: [Int64] = []
            for count in 1...7 {
                await world.sender.until { $0.queries.count == count }
                try await world.untilItPauses()
                let pause = try #require(world.clock.alarm) - world.clock.now
                pauses.append(pause)
                try await world.pass(pause)
            }
            #expect(pauses == [1, 2, 4, 8, 16, 30, 30])
            #expect(world.sender.state.value.handOvers.count == 1)
            await world.sender.until { $0.queries.count == 8 }
            try await world.untilItPauses()
            world.sender.comeBack()
            try await world.pass(30)
            try await world.until { try world.states("spring") == [.sent] }
            #expect(try world.events(.alertRaised).filter { $0.campaign == nil }.map(\.alert) == [.launcherDown])
            #expect(try world.events(.alertCleared).filter { $0.campaign == nil }.map(\.alert) == [.launcherDown])
        }
    }

    @Test("keeps the claimed ones waiting within their lateness; then they are missed, and nothing begins late")
    func lateness() async throws {
        try await World.run(cap: 2) { world in
            world.sender.goDown()
            try await world.activate("first", World.definition(start: "now"))
            try await world.until { try world.daemonAlerts() == [.launcherDown] }
            let names: [Slug] = ["a", "b", "c", "d"]
            for name in names { try await world.activate(name, World.definition(start: "now")) }
            #expect(try names.allSatisfy { try world.states($0) == [.claimed] })
            for _ in 0..<130 { try await world.pass(30) }
            world.sender.comeBack()
            try await world.pass(60)
            try await world.until { try (names + ["first"]).allSatisfy { try world.states($0) == [.missed] } }
            #expect(world.sender.state.value.started.isEmpty)
        }
    }

    @Test("and lies is not asked in a tight loop")
    func lying() async throws {
        try await World.run { world in
            world.sender.write { _ in .lie }
            try await world.activate("spring", World.definition(start: "now"))
            for _ in 0..<40 {
                try await world.untilItPauses()
                try await world.pass(30)
            }
            try await world.untilItPauses()
            #expect(world.sender.state.value.handOvers.count <= 42)
            world.sender.write { _ in .end(.sent) }
            try await world.pass(30)
            try await world.until { try world.states("spring") == [.sent] }
        }
    }

    @Test("but answers questions: a send that it never begins is tried with growing pauses, told once, in nobody's way")
    func refusing() async throws {
        try await World.run { world in
            world.sender.write { $0.campaign == "poison" ? .refuse("end of file") : .end(.sent) }
            try await world.activate("poison", World.definition(start: "now"))
            for _ in 0..<40 {
                try await world.untilItPauses()
                try await world.pass(30)
            }
            try await world.untilItPauses()
            try await world.activate("other", World.definition(start: "now"))
            try await world.until { try world.states("other") == [.sent] }
            #expect(world.sender.state.value.handOvers.filter { $0.campaign == "poison" }.count <= 42)
            #expect(try world.events(.alertRaised).filter { $0.alert == .launcherDown }.count == 1)
            #expect(try world.daemonAlerts() == [.launcherDown])
            world.sender.write { _ in .end(.sent) }
            try await world.pass(30)
            try await world.until { try world.states("poison") == [.sent] }
            try await world.until { try world.daemonAlerts().isEmpty }
        }
    }
}
