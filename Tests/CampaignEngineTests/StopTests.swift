import CampaignEngine
import CampaignModel
import Recurrence
import Testing

@Suite("Stop is a fence", .timeLimit(.minutes(10)))
struct StopTests {
    /// A campaign whose send is handed over and not answered yet.
    static func handedOver(
        _ script: ScriptedSender.Script, every: String? = nil, _ body: (World, OccurrenceKey) async throws -> Void
    ) async throws {
        try await World.run { world in
            world.sender.write { _ in script }
            try await world.activate("spring", World.definition(start: "now", every: every))
            await world.sender.until { $0.handOvers.count == 1 }
            try await body(world, try world.send("spring").key)
        }
    }

    static func isHeld(_ error: any Error) -> Bool {
        if case EngineError.refused(.held(name: "launcher-down", why: _)) = error { true } else { false }
    }

    static func isInvalidState(_ error: any Error) -> Bool {
        guard case EngineError.refused(let refusal) = error else { return false }
        if case .invalidState(_, command: .stop, allowed: _, why: _) = refusal { return true }
        return false
    }

    @Test("a planned one is stopped at once, and no one is asked")
    func planned() async throws {
        try await World.run { world in
            try await world.activate("spring")
            #expect(try await world.perform(.stop, on: "spring").status == .stopped)
            try await world.pass(to: "2026-06-02T09:00:00Z")
            #expect(world.sender.state.value.revocations.isEmpty)
            #expect(world.sender.state.value.handOvers.isEmpty)
        }
    }

    @Test(
        "what was handed over and not answered is revoked first; then nothing can begin any more",
        arguments: [nil, "day"])
    func beforeAccepted(every: String?) async throws {
        try await Self.handedOver(.wait, every: every) { world, key in
            #expect(try await world.perform(.stop, on: "spring").status == .stopped)
            #expect(try world.states("spring") == [.cancelled])
            world.sender.letBegin(key)
            try await world.pass(30)
            #expect(world.sender.state.value.started.isEmpty)
            #expect(try world.events(.ended).count == 1)
        }
    }

    @Test("a one-shot that was accepted is not stopped, and cancel is pointed to")
    func afterAccepted() async throws {
        try await Self.handedOver(.hold) { world, _ in
            try await world.until { try world.states("spring") == [.running] }
            await #expect { try await world.perform(.stop, on: "spring") } throws: { Self.isInvalidState($0) }
            #expect(try world.campaign("spring").stopFence == nil)
        }
    }

    @Test("a one-shot that was accepted unheard lifts the fence, goes on and is recorded")
    func acceptedUnheard() async throws {
        try await Self.handedOver(.mute) { world, key in
            await world.sender.until { $0.running == 1 }
            #expect(try world.states("spring") == [.claimed])
            await #expect { try await world.perform(.stop, on: "spring") } throws: { Self.isInvalidState($0) }
            #expect(try world.campaign("spring").stopFence == nil)
            #expect(try world.states("spring") == [.running])
            #expect(try world.events(.fenceLifted).count == 1)
            world.sender.finish(Attempt(key: key, number: 1), .sent)
            try await world.until { try world.states("spring") == [.sent] }
            #expect(try world.status("spring") == .active)
            #expect(world.sender.state.value.started.count == 1)
        }
    }

    @Test("a recurring one is stopped while its send runs; the send goes on and is recorded")
    func recurringRunning() async throws {
        try await Self.handedOver(.hold, every: "day") { world, key in
            try await world.until { try world.states("spring") == [.running] }
            #expect(try await world.perform(.stop, on: "spring").status == .stopped)
            world.sender.finish(Attempt(key: key, number: 1), .sent)
            try await world.until { try world.states("spring") == [.sent] }
            try await world.pass(3 * 86_400)
            #expect(try world.sends("spring").count == 1)
        }
    }

    @Test("a sender that does not answer: Held, nothing is handed over meanwhile, and completed when it answers")
    func silent() async throws {
        try await Self.handedOver(.wait, every: "hour") { world, key in
            world.sender.goDown()
            await #expect { try await world.perform(.stop, on: "spring") } throws: { Self.isHeld($0) }
            await #expect { try await world.perform(.stop, on: "spring") } throws: { Self.isHeld($0) }
            #expect(try world.campaign("spring").stopFence?.actor == World.anna.actor)
            try await world.pass(2 * 3_600)
            #expect(try world.sends("spring").count == 1)
            #expect(try world.status("spring") == .active)

            try await world.untilItPauses()
            world.sender.comeBack()
            try await world.pass(to: try #require(world.clock.alarm))
            try await world.until { try world.status("spring") == .stopped }
            #expect(try world.states("spring") == [.cancelled])
            world.sender.letBegin(key)
            try await world.pass(30)
            #expect(world.sender.state.value.started.isEmpty)
        }
    }

    @Test("a fence that was open at a crash is finished at the start")
    func afterCrash() async throws {
        try await Self.handedOver(.wait, every: "day") { world, key in
            world.sender.goDown()
            await #expect { try await world.perform(.stop, on: "spring") } throws: { Self.isHeld($0) }
            world.crash()
            world.sender.comeBack()
            try await world.restart()
            try await world.until { try world.status("spring") == .stopped }
            world.sender.letBegin(key)
            try await world.pass(30)
            #expect(world.sender.state.value.started.isEmpty)
        }
    }

    @Test("a one-shot that waits for its retry is stopped without asking anybody")
    func waiting() async throws {
        try await World.run { world in
            world.sender.write { _ in .end(.temporary(reason: "later", retryAfterSeconds: nil)) }
            try await world.activate("spring", World.definition(start: "now"))
            try await world.until { try world.states("spring") == [.waiting] }
            #expect(try await world.perform(.stop, on: "spring").status == .stopped)
            try await world.pass(3_600)
            #expect(try world.states("spring") == [.cancelled])
            #expect(world.sender.state.value.started.count == 1)
        }
    }
}

@Suite("Cancel", .timeLimit(.minutes(10)))
struct CancelTests {
    @Test("ends a running send")
    func running() async throws {
        try await StopTests.handedOver(.hold) { world, _ in
            try await world.until { try world.states("spring") == [.running] }
            try await world.perform(.cancel(nil), on: "spring")
            try await world.until { try world.states("spring") == [.cancelled] }
            #expect(world.sender.state.value.cancels.count == 1)
        }
    }

    @Test("is asked for again until the sender answers")
    func senderAway() async throws {
        try await StopTests.handedOver(.hold) { world, _ in
            try await world.until { try world.states("spring") == [.running] }
            world.sender.goDown()
            try await world.perform(.cancel(nil), on: "spring")
            await world.sender.until { $0.cancels.count == 1 }
            try await world.untilItPauses()
            #expect(try world.daemonAlerts() == [.launcherDown])
            try await world.pass(to: try #require(world.clock.alarm))
            await world.sender.until { $0.cancels.count == 2 }
            world.sender.comeBack()
            try await world.untilItPauses()
            try await world.pass(2)
            try await world.until { try world.states("spring") == [.cancelled] }
            #expect(world.sender.state.value.cancels.count == 3)
        }
    }

    @Test("of one that was accepted unheard ends it all the same")
    func acceptedUnheard() async throws {
        try await StopTests.handedOver(.mute) { world, _ in
            await world.sender.until { $0.running == 1 }
            try await world.perform(.cancel(nil), on: "spring")
            try await world.until { try world.states("spring") == [.cancelled] }
            #expect(world.sender.state.value.cancels.count == 1)
        }
    }

    @Test("revokes what was handed over and not answered")
    func handedOver() async throws {
        try await StopTests.handedOver(.wait) { world, key in
            try await world.perform(.cancel(key), on: "spring")
            try await world.until { try world.states("spring") == [.cancelled] }
            world.sender.letBegin(key)
            try await world.pass(30)
            #expect(world.sender.state.value.started.isEmpty)
        }
    }

    @Test("of a queued one asks nobody, and the line moves on")
    func queued() async throws {
        try await World.run(cap: 1) { world in
            world.sender.write { _ in .hold }
            for name: Slug in ["one", "two", "three"] { try await world.activate(name, World.definition(start: "now")) }
            try await world.until { try world.states("one") == [.running] }
            #expect(await world.engine.queuePositions.count == 2)
            try await world.perform(.cancel(nil), on: "two")
            #expect(try world.states("two") == [.cancelled])
            #expect(world.sender.state.value.revocations.isEmpty)
            world.sender.finish(world.sender.state.value.started[0], .sent)
            try await world.until { try world.states("three") == [.running] }
        }
    }
}
