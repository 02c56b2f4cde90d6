import CampaignEngine
import CampaignModel
import Dispatch
import Recurrence
import Synchronization
import SystemdKit

/// The machine's clocks, and the timer that ticks by them.
///
/// The timer is armed for a point of the wall clock, at most one tick interval after the last tick, and each tick reads
/// the clock anew. A clock that is set, and a machine that wakes up, tick at once (timerfd_create(2),
/// TFD_TIMER_CANCEL_ON_SET). Where nobody is told of that, as with a clock that a preloaded library shifts for a test,
/// a span of steady time sees to it that the tick is late by one interval at most.
///
/// All of them ring on Dispatch's main queue, which the main thread has to run.
final class SystemClock: WallClock {
    private let interval: Mutex<Duration>
    private let schedule: TickSchedule
    /// Touched under its lock, since commands arm it from other threads.
    private let timer: Mutex<any DispatchSourceTimer>
    private let watch: ClockSetWatch
    private let fallback: SteadyTimer
    private let ticks: AsyncStream<Void>.Continuation
    /// A tick for each element; those that nobody has taken yet are one.
    let stream: AsyncStream<Void>

    /// The fallback ends so much later than the timer: long enough that a tick arms it anew before, so that it causes
    /// no wake-ups of its own.
    private static let fallbackDelay = Duration.milliseconds(100)
    /// No tick is closer to the one before than this, so that a clock that stands still is no busy loop.
    static let shortestWait = Duration.milliseconds(5)

    /// - Parameter tickInterval: the longest time between two ticks.
    init(tickInterval: Duration) throws(SystemError) {
        let (stream, ticks) = AsyncStream.makeStream(of: Void.self, bufferingPolicy: .bufferingNewest(1))
        self.stream = stream
        self.ticks = ticks
        interval = Mutex(tickInterval)
        let schedule = TickSchedule()
        self.schedule = schedule
        let tick: @Sendable () -> Void = {
            schedule.noteTick()
            ticks.yield()
        }
        watch = try ClockSetWatch(queue: .main, onSet: tick)
        fallback = try SteadyTimer(queue: .main, onEnd: tick)
        let source = DispatchSource.makeTimerSource(flags: .strict, queue: .main)
        source.setEventHandler(handler: tick)
        // At once: a source that goes before it was activated stops the program.
        source.activate()
        timer = Mutex(source)
        alarm(at: nil)
    }

    func read() -> ClockReading {
        let wall = MachineClock.wall.read()
        let seconds = wall.components.seconds
        return ClockReading(
            now: Instant(secondsSinceEpoch: seconds), fraction: wall - .seconds(seconds),
            steady: MachineClock.steady.read())
    }

    func alarm(at instant: Instant?) {
        let longest = interval.withLock { $0 } - schedule.sinceLastTick
        var wait = longest
        if let instant { wait = min(.seconds(instant.secondsSinceEpoch) - MachineClock.wall.read(), longest) }
        // One that is due already waits no longer because somebody asks for it again.
        if wait <= Self.shortestWait, schedule.isTickComing(within: Self.shortestWait) { return }
        wait = max(wait, Self.shortestWait)
        schedule.noteAlarm(in: wait)
        // Rounded up, so that the second has begun when it fires.
        let nanoseconds = Int((wait / .nanoseconds(1)).rounded(.up))
        timer.withLock { $0.schedule(wallDeadline: .now() + .nanoseconds(nanoseconds), leeway: .nanoseconds(0)) }
        fallback.arm(after: wait + Self.fallbackDelay)
    }

    /// Takes over another tick interval from the next alarm on.
    func setInterval(_ duration: Duration) { interval.withLock { $0 = duration } }

    /// Ends the stream of ticks.
    func stop() { ticks.finish() }
}

/// When the last tick came, and when the next one is to come: each piece of work arms the timer anew, and a daemon that
/// is always at work still ticks in time, and tells its watchdog so.
private final class TickSchedule: Sendable {
    private struct State {
        var last = MachineClock.steady.read()
        /// Nil between a tick and the next alarm.
        var next: Duration?
    }

    private let state = Mutex(State())

    func noteTick() {
        let now = MachineClock.steady.read()
        state.withLock { $0 = State(last: now) }
    }

    func noteAlarm(in wait: Duration) {
        let next = MachineClock.steady.read() + wait
        state.withLock { $0.next = next }
    }

    var sinceLastTick: Duration {
        let last = state.withLock { $0.last }
        return MachineClock.steady.read() - last
    }

    func isTickComing(within wait: Duration) -> Bool {
        let limit = MachineClock.steady.read() + wait
        return state.withLock { $0.next.map { $0 <= limit } ?? false }
    }
}
