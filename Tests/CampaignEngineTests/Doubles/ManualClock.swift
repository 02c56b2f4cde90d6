import CampaignEngine
import Recurrence
import Synchronization

/// A clock that moves only when the test says so, and records the alarm that the engine asked for.
final class ManualClock: WallClock {
    private let state: Mutex<State>

    private struct State {
        var now: Instant
        var steady = Duration.zero
        var alarm: Instant?
    }

    init(at now: Instant) {
        state = Mutex(State(now: now))
    }

    func read() -> ClockReading { state.withLock { ClockReading(now: $0.now, steady: $0.steady) } }
    func alarm(at instant: Instant?) { state.withLock { $0.alarm = instant } }

    /// What the engine asked for last.
    var alarm: Instant? { state.withLock { $0.alarm } }
    var now: Instant { read().now }

    /// Time goes on, on both clocks.
    func pass(_ seconds: Int64) {
        state.withLock {
            $0.now = $0.now + seconds
            $0.steady += .seconds(seconds)
        }
    }

    /// A slewed clock: the wall clock goes on by another span than the steady one.
    func pass(_ seconds: Int64, steady: Int64) {
        state.withLock {
            $0.now = $0.now + seconds
            $0.steady += .seconds(steady)
        }
    }

    /// Less than the wall clock's second.
    func pass(milliseconds: Int64) { state.withLock { $0.steady += .milliseconds(milliseconds) } }

    /// Somebody sets the wall clock.
    func set(to now: Instant) { state.withLock { $0.now = now } }
}
