import CampaignEngine
import CampaignModel
import Recurrence
import Testing

@Suite("A ledger that fails", .timeLimit(.minutes(10)))
struct LedgerFaultTests {
    @Test("a full disk at the claim: nothing is handed over, it is tried again with growing pauses, and sent once")
    func atTheClaim() async throws {
        try await World.run { world in
            try await world.activate("spring")
            world.session.failWrites(true)
            world.clock.pass(3_600)
            var pauses: [Int64] = []
            for _ in 0..<7 {
                await #expect(throws: LedgerError.self) { try await world.engine.tick() }
                let alarm = try #require(world.clock.alarm)
                pauses.append(alarm - world.clock.now)
                world.clock.pass(alarm - world.clock.now)
            }
            #expect(pauses == [1, 2, 4, 8, 16, 30, 30])
            #expect(world.sender.state.value.handOvers.isEmpty)
            // The ledger can't take the alert either.
            #expect(await world.engine.overview().alerts.map(\.code) == [.diskLow])
            world.session.failWrites(false)
            try await world.engine.tick()
            #expect(await world.engine.overview().alerts.isEmpty)
            try await world.until { try world.states("spring") == [.sent] }
            #expect(world.sender.state.value.started.count == 1)
        }
    }

    @Test("a full disk when the sender accepts or tells the outcome: the sender is asked again, and nothing is lost")
    func atTheOutcome() async throws {
        try await World.run { world in
            world.sender.write { _ in .mute }
            try await world.activate("spring", World.definition(start: "now"))
            await world.sender.until { $0.running == 1 }
            world.session.failWrites(true)
            world.sender.finish(world.sender.state.value.started[0], .sent)
            await world.sender.until { !$0.queries.isEmpty }
            for _ in 0..<3 {
                world.clock.pass(30)
                _ = try? await world.engine.tick()
            }
            #expect(try world.states("spring") == [.claimed])
            world.session.failWrites(false)
            try await world.pass(30)
            try await world.until { try world.states("spring") == [.sent] }
            #expect(world.sender.state.value.started.count == 1)
            #expect(try world.events(.ended).count == 1)
        }
    }

    @Test("a full disk when it is accepted, and then there is room: running is told with the next progress, or turn")
    func atAccepted() async throws {
        for isTicking in [false, true] {
            try await World.run { world in
                world.sender.write { _ in .wait }
                try await world.activate("spring", World.definition(start: "now"))
                await world.sender.until { $0.handOvers.count == 1 }
                let key = try world.send("spring").key
                world.session.failWrites(true)
                world.sender.letBegin(key)
                await world.sender.until { $0.running == 1 }
                // Told twice, so that the first was taken in while the disk was full.
                world.sender.tell(SendProgress(done: 1), of: key)
                world.session.failWrites(false)
                if isTicking {
                    try await world.engine.tick()
                } else {
                    world.sender.tell(SendProgress(done: 2), of: key)
                }
                try await world.until { try world.states("spring") == [.running] }
            }
        }
    }

    @Test("one campaign's damage touches no other, is told, and is tried again without a spinning clock")
    func oneCampaign() async throws {
        try await World.run { world in
            for name: Slug in ["one", "two", "three"] { try await world.activate(name) }
            world.session.damage("two")
            world.clock.pass(3_600)
            await #expect(throws: LedgerError.unsound(row: "campaign two", reason: "is damaged by the test")) {
                try await world.engine.tick()
            }
            try await world.until { try world.states("one") == [.sent] && world.states("three") == [.sent] }
            #expect(try world.status("two") == .scheduled)
            #expect(world.clock.alarm.map { $0 - world.clock.now } == 30)
            world.session.damage(nil)
            try await world.pass(30)
            try await world.until { try world.states("two") == [.sent] }
        }
    }

    @Test("a key that the ledger has already is not claimed again; the others of its batch are")
    func takenKey() async throws {
        try await World.run { world in
            for name: Slug in ["one", "two", "three"] { try await world.activate(name, World.definition(every: "day")) }
            world.session.takeKeys(of: "two")
            world.clock.pass(3_600)
            try await world.engine.tick()
            try await world.until { try world.states("one") == [.sent] && world.states("three") == [.sent] }
            #expect(try world.status("two") == .active)
            #expect(try world.sends("two").isEmpty)
            #expect(try world.campaign("two").decidedUntil == "2026-06-01T09:00:00Z")

            world.clock.pass(86_400)
            #expect(try await world.perform(.tag(adding: ["late"], removing: []), on: "two").tags == ["late"])
            #expect(try world.sends("two").isEmpty)
            world.session.takeKeys(of: nil)
            try await world.pass(86_400)
            try await world.until { try world.states("two") == [.sent] }
        }
    }

    @Test("a row that can't be read keeps no other campaign from its time")
    func oneRow() async throws {
        try await World.run { world in
            for name: Slug in ["one", "two", "three"] { try await world.activate(name) }
            world.session.spoil("one")
            world.clock.pass(3_600)
            await #expect(throws: LedgerError.unsound(row: "campaign one", reason: "is spoilt by the test")) {
                try await world.engine.tick()
            }
            try await world.until { try world.states("two") == [.sent] && world.states("three") == [.sent] }
            #expect(world.clock.alarm.map { $0 - world.clock.now } == 30)
            world.session.spoil(nil)
            try await world.pass(30)
            try await world.until { try world.states("one") == [.sent] }
        }
    }

    @Test("a damaged campaign in line is in nobody's way")
    func oneInLine() async throws {
        try await World.run(cap: 1) { world in
            world.sender.write { $0.campaign == "first" ? .hold : .end(.sent) }
            for name: Slug in ["first", "two", "three"] {
                try await world.activate(name, World.definition(start: "now"))
            }
            await world.sender.until { $0.running == 1 }
            world.session.damage("two")
            world.sender.finish(world.sender.state.value.started[0], .sent)
            try await world.until { try world.states("three") == [.sent] }
            #expect(try world.states("two") == [.queued])
            world.session.damage(nil)
            try await world.pass(30)
            try await world.until { try world.states("two") == [.sent] }
        }
    }

    @Test("a start with a full disk begins all the same, and one that can't read throws")
    func atTheStart() async throws {
        try await World.run { world in
            try await world.activate("spring")
            world.crash()
            world.clock.pass(3_600)
            try await world.restart { $0.failWrites(true) }
            #expect(try world.status("spring") == .scheduled)
            world.session.failWrites(false)
            try await world.pass(1)
            try await world.until { try world.states("spring") == [.sent] }
            world.session.failReads(true)
            await #expect(throws: LedgerError.self) { try await world.engine.start() }
        }
    }

    @Test("a command on a full disk changes nothing and says so")
    func command() async throws {
        try await World.run { world in
            try await world.create("spring", World.definition(start: "now"))
            world.session.failWrites(true)
            await #expect(throws: EngineError.ledger(.failed("database or disk is full"))) {
                try await world.perform(.activate, on: "spring")
            }
            #expect(try world.status("spring") == .draft)
            #expect(world.sender.state.value.handOvers.isEmpty)
            world.session.failWrites(false)
            try await world.perform(.activate, on: "spring")
            try await world.until { try world.states("spring") == [.sent] }
        }
    }

    @Test("a ledger that can't be read at the hand-over fails no send")
    func requestUnreadable() async throws {
        try await World.run { world in
            try await world.activate("spring")
            // Marked in the ledger, and then nothing can be read.
            world.session.failReadsAt(.connect)
            world.clock.pass(3_600)
            _ = try? await world.engine.tick()
            #expect(try world.states("spring") == [.claimed])
            #expect(world.sender.state.value.handOvers.isEmpty)
            world.session.failReads(false)
            try await world.pass(30)
            try await world.pass(30)
            try await world.until { try world.states("spring") == [.sent] }
        }
    }

    @Test("a send that can't be handed over at all is revoked first, then failed with its reason")
    func requestImpossible() async throws {
        try await World.run(cap: 1) { world in
            world.sender.write { _ in .hold }
            try await world.activate("first", World.definition(start: "now"))
            await world.sender.until { $0.running == 1 }
            try await world.activate("spring", World.definition(start: "now"))
            // No channel of its own, and the surface that would tell it is gone.
            await world.engine.use(world.settings, Catalogue(surfaces: [], audiences: ["people"]))
            world.sender.finish(world.sender.state.value.started[0], .sent)
            try await world.until { try world.states("spring") == [.failed] }
            #expect(try world.send("spring").reason == "surface mail0 is not set up")
            #expect(world.sender.state.value.revocations.count == 1)
            #expect(try world.campaign("spring").alerts.map(\.code).contains(.sendFailed))
        }
    }
}
