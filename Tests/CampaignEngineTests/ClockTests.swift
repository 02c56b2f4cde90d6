import CampaignEngine
import CampaignModel
import Recurrence
import Testing

@Suite("A clock that is set", .timeLimit(.minutes(10)))
struct ClockTests {
    @Test("back by 30 s just after a send: not sent again, and the jump is told once with its size")
    func backABit() async throws {
        try await World.run { world in
            try await world.activate("hourly", World.definition(every: "hour"))
            try await world.pass(to: "2026-06-01T09:00:00Z")
            try await world.until { try world.states("hourly") == [.sent] }
            world.clock.set(to: "2026-06-01T08:59:30Z")
            for _ in 0..<10 { try await world.pass(5) }
            #expect(try world.sends("hourly").count == 1)
            #expect(try world.events(.clockJumped).map(\.text) == ["the clock was set back by 30 s"])
            try await world.pass(to: "2026-06-01T10:00:00Z")
            try await world.until { try world.states("hourly") == [.sent, .sent] }
        }
    }

    @Test("slewed for hours, ahead or back: each hour's send is sent once, and no jump is told", arguments: [29, 31])
    func slewed(wall: Int64) async throws {
        try await World.run { world in
            try await world.activate("hourly", World.definition(every: "hour"))
            let hours = 6
            // A second in each half minute is sixty times what a kernel slews by (500 ppm, adjtimex(2)).
            while world.clock.now < Instant("2026-06-01T14:30:00Z") {
                world.clock.pass(wall, steady: 30)
                try await world.engine.tick()
                try await world.until { try world.sends("hourly").allSatisfy(\.state.isFinal) }
            }
            #expect(try world.states("hourly") == Array(repeating: .sent, count: hours))
            #expect(world.sender.state.value.started.count == hours)
            #expect(try world.events(.clockJumped).isEmpty)
        }
    }

    @Test("a suspend over a due time is no jump: what is late within its limit is sent, and what is not is missed")
    func suspended() async throws {
        try await World.run { world in
            try await world.activate("soon", World.definition(start: "2026-06-01T09:00"))
            try await world.activate("late", World.definition(start: "2026-06-01T08:10"))
            try await world.pass(60)
            // Both clocks go on while the machine sleeps; the first turn is that of its waking.
            try await world.pass(90 * 60)
            try await world.until { try world.states("soon") == [.sent] }
            #expect(try world.states("late") == [.missed])
            #expect(try world.events(.clockJumped).isEmpty)
            #expect(try world.daemonAlerts().isEmpty)
        }
    }

    @Test("1970 at boot, then right: held, nothing missed or sent, then as due")
    func atTheEpoch() async throws {
        try await World.run { world in
            try await world.activate("spring")
            world.crash()
            world.clock.set(to: "1970-01-01T00:00:10Z")
            try await world.restart()
            for _ in 0..<5 { try await world.pass(60) }
            #expect(try world.daemonAlerts() == [.clockSuspect])
            #expect(try world.status("spring") == .scheduled)
            #expect(world.clock.alarm == nil)

            world.clock.set(to: "2026-06-01T09:10:00Z")
            try await world.pass(0)
            try await world.until { try world.states("spring") == [.sent] }
            #expect(try world.daemonAlerts().isEmpty)
            #expect(try world.events(.alertRaised).map(\.alert) == [.clockSuspect])
            // What ended it comes first. Before it began the daemon was not there to see the clock being set.
            let ofTheClock = try world.events().map(\.kind).filter {
                [.clockJumped, .alertRaised, .alertCleared].contains($0)
            }
            #expect(ofTheClock == [.alertRaised, .clockJumped, .alertCleared])
        }
    }

    @Test("2045 fires one; back in 2026 it is held, commands work and stop is one of them")
    func fromTheFuture() async throws {
        try await World.run { world in
            try await world.activate("spring")
            try await world.activate("daily", World.definition(start: "2026-06-02T09:00", every: "day"))
            world.clock.set(to: "2045-01-01T00:00:00Z")
            try await world.pass(0)
            #expect(try world.status("spring") == .active)
            world.clock.set(to: "2026-06-01T08:10:00Z")
            try await world.pass(0)
            #expect(try world.daemonAlerts() == [.clockSuspect])

            let before = try world.sends("daily").count
            try await world.pass(2 * 86_400)
            #expect(try world.sends("daily").count == before)
            try await world.activate("new", World.definition(start: "now"))
            #expect(world.sender.state.value.started.allSatisfy { attempt in
                (try? world.sends("new").contains { $0.key == attempt.key }) == false
            })
            #expect(try await world.perform(.stop, on: "daily").status == .stopped)
            #expect(try world.events(.clockJumped).count == 2)
        }
    }

    @Test("a command is judged by the clock as it is then, not as the last turn saw it")
    func commandAfterAJump() async throws {
        try await World.run { world in
            try await world.create("spring", World.definition(start: "now"))
            world.clock.set(to: "1970-01-01T00:00:10Z")
            try await world.perform(.activate, on: "spring")
            #expect(try world.daemonAlerts() == [.clockSuspect])
            #expect(world.sender.state.value.handOvers.isEmpty)
            #expect(try world.sends("spring").isEmpty)
        }
    }

    @Test("a ledger of another machine fires nothing, misses nothing, and takes commands")
    func foreignLedger() async throws {
        try await World.run(foreign: "the ledger was made on another machine") { world in
            try await world.activate("spring")
            try await world.pass(to: "2026-06-03T09:00:00Z")
            #expect(try world.daemonAlerts() == [.ledgerForeign])
            #expect(try world.sends("spring").isEmpty)
            #expect(try world.status("spring") == .scheduled)
            #expect(try await world.perform(.stop, on: "spring").status == .stopped)
        }
    }

    @Test("what never began while nothing may fire is handed over again once it may")
    func heldHandOver() async throws {
        try await World.run { world in
            world.sender.write { _ in .refuse("end of file") }
            try await world.activate("spring", World.definition(start: "now"))
            await world.sender.until { $0.handOvers.count == 2 }
            world.clock.set(to: "1970-01-01T00:00:10Z")
            world.sender.write { _ in .end(.sent) }
            let count = world.sender.state.value.queries.count
            for _ in 0..<4 { try await world.pass(60) }
            await world.sender.until { $0.queries.count > count }
            #expect(world.sender.state.value.handOvers.count == 2)
            #expect(try world.states("spring") == [.claimed])

            world.clock.set(to: "2026-06-01T08:10:00Z")
            try await world.pass(60)
            try await world.until { try world.states("spring") == [.sent] }
        }
    }

    @Test("a retry whose time had come is queued, and sent in its turn, also where the clock is set back then")
    func retryInLine() async throws {
        try await World.run(cap: 1) { world in
            world.sender.write { handOver in
                if handOver.campaign == "long" { return .hold }
                let isFirst = handOver.attempt.number == 1
                return .end(isFirst ? .temporary(reason: "later", retryAfterSeconds: 60) : .sent)
            }
            try await world.activate("spring", World.definition(start: "now"))
            try await world.until { try world.states("spring") == [.waiting] }
            let next = try #require(try world.send("spring").nextAttemptAt)
            try await world.activate("long", World.definition(start: "now"))
            try await world.until { try world.states("long") == [.running] }
            try await world.pass(to: next)
            #expect(try world.states("spring") == [.queued])
            world.clock.set(to: next - 40)
            world.sender.finish(world.sender.state.value.started[1], .sent)
            try await world.until { try world.states("spring") == [.sent] }
            #expect(world.sender.state.value.started.map(\.number) == [1, 1, 2])
        }
    }
}
