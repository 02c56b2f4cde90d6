import CampaignEngine
import Recurrence
import Synchronization

/// A clock that stands until it is set, and remembers when it was to call.
final class SimulationClock: WallClock {
    private struct State {
        var now: Instant
        var alarm: Instant?
    }

    private let start: Instant
    private let state: Mutex<State>

    init(at now: Instant) {
        start = now
        state = Mutex(State(now: now))
    }

    /// When the engine wants its next turn; nil where nothing is to come.
    var alarm: Instant? { state.withLock(\.alarm) }

    /// It goes on, and never back.
    func set(_ instant: Instant) { state.withLock { $0.now = max($0.now, instant) } }

    func read() -> ClockReading {
        let now = state.withLock(\.now)
        return ClockReading(now: now, steady: .seconds(now - start))
    }

    func alarm(at instant: Instant?) { state.withLock { $0.alarm = instant } }
}
