import CampaignEngine
import ControlAPI
import Recurrence
import Testing

@testable import campaignd

/// The timer behind the tick. Nothing here waits for a time: each test waits for a tick that has to come.
@Suite(.timeLimit(.minutes(10))) struct SystemClockTests {
    /// Longer than any test may take: a tick that comes was asked for.
    private static let never = Duration.seconds(3_600)

    private func tick(_ clock: SystemClock) async {
        for await _ in clock.stream { return }
        Issue.record("the stream ended without a tick")
    }

    @Test("an alarm in the past, or now, ticks at once", arguments: [-3_600, -1, 0])
    func past(seconds: Int64) async throws {
        let clock = try SystemClock(tickInterval: Self.never)
        defer { clock.stop() }
        clock.alarm(at: Instant(secondsSinceEpoch: clock.read().now.secondsSinceEpoch + seconds))
        await tick(clock)
    }

    @Test("an instant before all time ticks at once, and one after all time at the interval")
    func extremes() async throws {
        let clock = try SystemClock(tickInterval: .milliseconds(20))
        defer { clock.stop() }
        clock.alarm(at: .earliest)
        await tick(clock)
        clock.alarm(at: .latest)
        await tick(clock)
    }

    @Test("without an alarm it ticks after the interval, from its beginning on and each time it is asked")
    func interval() async throws {
        let clock = try SystemClock(tickInterval: .milliseconds(20))
        defer { clock.stop() }
        let start = clock.read().steady
        await tick(clock)
        #expect(clock.read().steady - start >= .milliseconds(20))
        clock.alarm(at: nil)
        await tick(clock)
    }

    @Test("a daemon that is at work without a pause, and arms it again and again, still ticks after the interval")
    func busy() async throws {
        let clock = try SystemClock(tickInterval: .milliseconds(100))
        defer { clock.stop() }
        // Far more often than the interval; ends with the tick that has to come.
        let work = Task {
            while !Task.isCancelled {
                clock.alarm(at: nil)
                await Task.yield()
            }
        }
        await tick(clock)
        work.cancel()
        await work.value
    }

    @Test("an alarm in the next second is not rung before that second begins")
    func notBefore() async throws {
        let clock = try SystemClock(tickInterval: Self.never)
        defer { clock.stop() }
        let due = Instant(secondsSinceEpoch: clock.read().now.secondsSinceEpoch + 1)
        clock.alarm(at: due)
        await tick(clock)
        #expect(clock.read().now >= due)
    }

    @Test("a later alarm replaces an earlier one")
    func replaced() async throws {
        let clock = try SystemClock(tickInterval: Self.never)
        let other = try SystemClock(tickInterval: .milliseconds(100))
        defer { other.stop() }
        // The first would ring in 5 ms, long before the other clock does.
        clock.alarm(at: Instant(secondsSinceEpoch: 0))
        clock.alarm(at: nil)
        await tick(other)
        clock.stop()
        var ticks = 0
        for await _ in clock.stream { ticks += 1 }
        #expect(ticks == 0)
    }

    @Test("a changed interval counts from the next alarm on")
    func changedInterval() async throws {
        let clock = try SystemClock(tickInterval: Self.never)
        defer { clock.stop() }
        clock.setInterval(.milliseconds(10))
        clock.alarm(at: nil)
        await tick(clock)
    }

    @Test("it is stopped by ending its stream")
    func stopped() async throws {
        let clock = try SystemClock(tickInterval: Self.never)
        clock.stop()
        for await _ in clock.stream { Issue.record("a tick after the end") }
    }

    @Test("it reads whole seconds of the wall and a steady time that never goes back")
    func readings() throws {
        let clock = try SystemClock(tickInterval: Self.never)
        defer { clock.stop() }
        let first = clock.read()
        let second = clock.read()
        #expect(second.now >= first.now)
        #expect(second.steady >= first.steady)
        #expect(first.now >= Release.earliestClock)
    }
}
