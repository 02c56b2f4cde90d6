import CampaignEngine
import CampaignModel
import Recurrence
import Testing

/// What a daemon does at its start about the sends that it was handed over before, case by case.
@Suite("What was open at the sender when the daemon ended", .timeLimit(.minutes(10)))
struct ReconciliationTests {
    /// A world in which `spring` is handed over as the script says, and the daemon killed after that.
    static func killed(
        _ script: ScriptedSender.Script, _ definition: CampaignDefinition = World.definition(start: "now"),
        when condition: @escaping @Sendable (ScriptedSender.State) -> Bool,
        _ body: (World, Attempt) async throws -> Void
    ) async throws {
        try await World.run { world in
            world.sender.write { _ in script }
            try await world.activate("spring", definition)
            await world.sender.until(condition)
            world.crash()
            let key = try world.send("spring").key
            try await body(world, Attempt(key: key, number: 1))
        }
    }

    @Test("one that runs is followed to its end, and recorded once")
    func running() async throws {
        try await Self.killed(.hold, when: { $0.running == 1 }) { world, attempt in
            try await world.restart()
            await world.sender.until { $0.follows == [attempt] }
            #expect(try world.states("spring") == [.running])
            world.sender.finish(attempt, .sent, SendProgress(done: 3, total: 3))
            try await world.until { try world.states("spring") == [.sent] }
            #expect(try world.send("spring").progress.done == 3)
            #expect(world.sender.state.value.started == [attempt])
            #expect(try world.events(.started).count == 1)
            #expect(try world.events(.ended).count == 1)
        }
    }

    @Test("one that ended meanwhile is recorded as it ended", arguments: [
        (AttemptOutcome.sent, SendState.sent), (.failed(reason: "no"), .failed),
        (.interrupted(reason: "the power went"), .interrupted), (.cancelled(reason: "by hand"), .cancelled),
    ])
    func ended(outcome: AttemptOutcome, state: SendState) async throws {
        try await Self.killed(.hold, when: { $0.running == 1 }) { world, attempt in
            world.sender.finish(attempt, outcome)
            try await world.restart()
            try await world.until { try world.states("spring") == [state] }
            #expect(world.sender.state.value.started == [attempt])
            #expect(try world.events(.ended).count == 1)
        }
    }

    @Test("one that never began is handed over again, with the same key and attempt")
    func neverBegan() async throws {
        try await Self.killed(.refuse("end of file"), when: { $0.handOvers.count == 1 }) { world, attempt in
            world.sender.write { _ in .end(.sent) }
            try await world.restart()
            try await world.until { try world.states("spring") == [.sent] }
            #expect(world.sender.state.value.handOvers.map(\.attempt) == [attempt, attempt])
            #expect(world.sender.state.value.started == [attempt])
        }
    }

    @Test("one that never began and is late by now is revoked and missed")
    func neverBeganAndLate() async throws {
        try await Self.killed(.refuse("end of file"), when: { $0.handOvers.count == 1 }) { world, attempt in
            world.clock.pass(3_700)
            try await world.restart()
            try await world.until { try world.states("spring") == [.missed] }
            #expect(world.sender.state.value.revocations == [attempt])
            #expect(world.sender.state.value.started.isEmpty)
        }
    }

    @Test("one that was begun unheard is followed, not begun again")
    func begunUnheard() async throws {
        try await Self.killed(.loseUnheard, when: { $0.running == 1 }) { world, attempt in
            try await world.restart()
            await world.sender.until { $0.follows == [attempt] }
            world.sender.finish(attempt, .sent)
            try await world.until { try world.states("spring") == [.sent] }
            #expect(world.sender.state.value.started == [attempt])
        }
    }

    @Test("one that ran and of which the sender has no record is interrupted, never called sent")
    func noRecord() async throws {
        try await Self.killed(.hold, when: { $0.running == 1 }) { world, attempt in
            // Accepted is in the ledger only once the report was taken.
            try await world.restart()
            try await world.until { try world.states("spring") == [.running] }
            world.crash()
            world.sender.state.change { $0.forgetAll() }
            try await world.restart()
            try await world.until { try world.states("spring") == [.interrupted] }
            #expect(try world.campaign("spring").alerts.map(\.code) == [.sendInterrupted])
        }
    }

    @Test("one that waits for its retry keeps its time, and is not told again")
    func waiting() async throws {
        let outcome = AttemptOutcome.temporary(reason: "later", retryAfterSeconds: nil)
        try await World.run { world in
            world.sender.write { $0.attempt.number == 1 ? .end(outcome) : .end(.sent) }
            try await world.activate("spring", World.definition(start: "now"))
            try await world.until { try world.states("spring") == [.waiting] }
            let next = try #require(try world.send("spring").nextAttemptAt)
            for _ in 0..<3 {
                try await world.restart()
                try await world.pass(1)
            }
            #expect(try world.send("spring").nextAttemptAt == next)
            #expect(world.clock.alarm == next)
            try await world.pass(to: next)
            try await world.until { try world.states("spring") == [.sent] }
            #expect(try world.send("spring").attempts == 2)
            #expect(try world.events(.waiting).count == 1)
        }
    }

    @Test("the start does not wait for a sender that is away; campaigns move, places are kept, and it is asked later")
    func senderAway() async throws {
        try await Self.killed(.hold, when: { $0.running == 1 }) { world, attempt in
            world.sender.goDown()
            world.settings.maxConcurrent = 1
            try await world.restart()
            try await world.until { try world.daemonAlerts() == [.launcherDown] }
            try await world.activate("other", World.definition(start: "now"))
            #expect(try world.status("other") == .active)
            #expect(try world.states("other") == [.claimed])
            #expect(world.sender.state.value.handOvers.count == 1)

            world.sender.comeBack()
            world.sender.write { _ in .end(.sent) }
            try await world.pass(to: try #require(world.clock.alarm))
            await world.sender.until { $0.follows == [attempt] }
            world.sender.finish(attempt, .sent)
            try await world.until { try world.states("other") == [.sent] }
            #expect(try world.states("spring") == [.sent])
            #expect(try world.daemonAlerts().isEmpty)
        }
    }

    @Test("a ledger put back from before the send does not send again: the sender knows the key")
    func restored() async throws {
        try await World.run { world in
            try await world.activate("spring")
            let backup = try world.backup()
            try await world.pass(to: "2026-06-01T09:00:00Z")
            try await world.until { try world.states("spring") == [.sent] }

            try world.restore(backup)
            world.clock.pass(20 * 60)
            try await world.restart()
            try await world.until { try world.states("spring") == [.sent] }
            #expect(world.sender.state.value.started.count == 1)
            #expect(world.sender.state.value.handOvers.count == 2)
        }
    }

    @Test("a ledger put back and late: the sender's record wins over missed")
    func restoredAndLate() async throws {
        try await World.run { world in
            try await world.activate("spring")
            let backup = try world.backup()
            try await world.pass(to: "2026-06-01T09:00:00Z")
            try await world.until { try world.states("spring") == [.sent] }

            try world.restore(backup)
            world.clock.pass(5 * 3_600)
            try await world.restart()
            try await world.until { try world.send("spring").state.isFinal }
            #expect(try world.states("spring") == [.sent])
            #expect(world.sender.state.value.started.count == 1)
        }
    }

    @Test("a ledger put back knows of attempt 1, the sender of attempt 2: that one is the truth")
    func restoredBetweenAttempts() async throws {
        try await World.run { world in
            world.sender.write { $0.attempt.number == 1 ? .wait : .end(.sent) }
            try await world.activate("spring", World.definition(start: "now"))
            await world.sender.until { $0.handOvers.count == 1 }
            let backup = try world.backup()
            let key = try world.send("spring").key
            world.crash()
            world.sender.finish(Attempt(key: key, number: 1), .temporary(reason: "later", retryAfterSeconds: nil))
            world.sender.finish(Attempt(key: key, number: 2), .sent)
            try world.restore(backup)
            try await world.restart()
            try await world.until { try world.states("spring") == [.sent] }
            #expect(try world.send("spring").attempts == 2)
            #expect(world.sender.state.value.started.isEmpty)
        }
    }

    @Test("an earlier attempt that turns out to be sent ends the occurrence, whatever attempt is at hand")
    func earlierAttemptSent() async throws {
        try await World.run { world in
            let outcome = AttemptOutcome.temporary(reason: "later", retryAfterSeconds: nil)
            world.sender.write { $0.attempt.number == 1 ? .end(outcome) : .hold }
            try await world.activate("spring", World.definition(start: "now"))
            try await world.until { try world.states("spring") == [.waiting] }
            let key = try world.send("spring").key
            world.sender.finish(Attempt(key: key, number: 1), .sent)
            try await world.pass(120)
            try await world.until { try world.states("spring") == [.sent] }
            #expect(world.sender.state.value.started.count == 1)
        }
    }

    @Test("a connection lost in the middle of a send is made anew, and the outcome recorded once")
    func lost() async throws {
        try await World.run { world in
            world.sender.write { _ in .lose }
            try await world.activate("spring", World.definition(start: "now"))
            await world.sender.until { $0.follows.count == 1 }
            world.sender.finish(world.sender.state.value.started[0], .sent)
            try await world.until { try world.states("spring") == [.sent] }
            #expect(world.sender.state.value.started.count == 1)
            #expect(try world.events(.ended).count == 1)
        }
    }

    @Test("an unknown outcome is repeated where the campaign says so, as the next attempt")
    func retriedAfterInterruption() async throws {
        let definition = World.definition(start: "now") { $0.onInterrupt = "retry" }
        try await Self.killed(.hold, definition, when: { $0.running == 1 }) { world, attempt in
            world.sender.finish(attempt, .interrupted(reason: "the power went"))
            world.sender.write { _ in .end(.sent) }
            try await world.restart()
            try await world.until { try world.states("spring") == [.waiting] }
            try await world.pass(120)
            try await world.until { try world.states("spring") == [.sent] }
            #expect(world.sender.state.value.started.map(\.number) == [1, 2])
        }
    }
}
