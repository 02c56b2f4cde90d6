import CampaignModel
import CampaignStore
import Recurrence
import Testing

@testable import CampaignEngine

/// What a monitor is told of the engine's work.
@Suite("Figures", .timeLimit(.minutes(10)))
struct FiguresTests {
    @Test("a duration falls into the first range whose bound it does not pass, and what is below zero is zero")
    func histogram() {
        var histogram = DurationHistogram(bounds: [.milliseconds(10), .seconds(1)])
        let durations: [Duration] = [
            .zero, .seconds(-5), .milliseconds(10), .milliseconds(11), .seconds(1), .seconds(9),
        ]
        for duration in durations { histogram.observe(duration) }
        #expect(histogram.cumulative.map(\.bound) == [.milliseconds(10), .seconds(1)])
        #expect(histogram.cumulative.map(\.count) == [3, 5])
        #expect(histogram.count == 6)
        #expect(histogram.sum == .milliseconds(10_021))
    }

    private func counts(_ histogram: DurationHistogram) -> [Duration: Int] {
        var before = 0
        var found: [Duration: Int] = [:]
        for (bound, count) in histogram.cumulative {
            if count > before { found[bound] = count - before }
            before = count
        }
        return found
    }

    @Test("a claim is as late as its tick, and a hand-over as late as its place in line")
    func lateness() async throws {
        try await World.run(cap: 1) { world in
            world.sender.write { _ in .hold }
            for name: Slug in ["a", "b"] { try await world.activate(name) }
            try await world.pass(3_610)
            await world.sender.until { $0.running == 1 }
            var figures = await world.engine.overview().figures
            #expect(counts(figures.claimLateness) == [.seconds(15): 2])
            #expect(counts(figures.handOverLateness) == [.seconds(15): 1])
            #expect(figures.claimLateness.sum == .seconds(20))
            world.clock.pass(200)
            world.sender.finish(world.sender.state.value.started[0], .sent)
            await world.sender.until { $0.started.count == 2 }
            world.sender.finish(world.sender.state.value.started[1], .failed(reason: "full"))
            try await world.until { try world.store.openSends().isEmpty }
            figures = await world.engine.overview().figures
            #expect(counts(figures.handOverLateness) == [.seconds(15): 1, .seconds(300): 1])
            #expect(figures.ended == [.sent: 1, .failed: 1])
        }
    }

    @Test("another attempt is no other hand-over, and an occurrence ends once however often it was tried")
    func retries() async throws {
        try await World.run { world in
            world.sender.write { _ in .hold }
            try await world.activate("a", World.definition(start: "now"))
            await world.sender.until { $0.running == 1 }
            world.sender.finish(world.sender.state.value.started[0], .temporary(reason: "later", retryAfterSeconds: 60))
            try await world.until { try world.states("a") == [.waiting] }
            try await world.pass(to: "2026-06-01T08:05:00Z")
            await world.sender.until { $0.started.count == 2 }
            world.sender.finish(world.sender.state.value.started[1], .sent)
            try await world.until { try world.store.openSends().isEmpty }
            let figures = await world.engine.overview().figures
            #expect(figures.claimLateness.count == 1)
            #expect(figures.handOverLateness.count == 1)
            #expect(figures.ended == [.sent: 1])
        }
    }

    @Test("a tick that fails is counted as one, and the history that went out is counted too")
    func ticks() async throws {
        try await World.run { world in
            let before = await world.engine.overview().figures
            try await world.engine.tick()
            world.session.failReads(true)
            await #expect(throws: LedgerError.self) { try await world.engine.tick() }
            world.session.failReads(false)
            try await world.activate("a", World.definition(start: "now"))
            try await world.until { try world.store.openSends().isEmpty }
            let after = await world.engine.overview().figures
            #expect(after.tickDuration.count >= before.tickDuration.count + 2)
            #expect(after.failedTicks == before.failedTicks + 1)
            #expect(after.deliveredEvents > before.deliveredEvents)
        }
    }
}
