import CampaignEngine
import Dispatch
import Glibc
import Recurrence
import Synchronization
import SystemdKit

/// The machine's clocks, and the timer that ticks by them.
///
/// The timer counts steady time, at most one tick interval ahead, and each tick reads the clock anew: a wall clock that
/// runs otherwise than the kernel's timers can make a tick late by one interval at most. A clock that is set, and a
/// machine that wakes up, tick at once (timerfd_create(2), TFD_TIMER_CANCEL_ON_SET).
final class SystemClock: WallClock {
    private let queue = DispatchQueue(label: "org.campaignd.tick")
    private let interval: Mutex<Duration>
    /// What the timer is armed for; touched under its lock, since commands arm it from other threads.
    private let timer: Mutex<Timer>
    private let ticks: AsyncStream<Void>.Continuation
    /// A tick for each element; those that nobody has taken yet are one.
    let stream: AsyncStream<Void>

    private struct Timer {
        let source: any DispatchSourceTimer
        var watch: ClockSetWatch?
    }

    /// No tick is closer to the one before than this, so that a clock that stands still is no busy loop.
    static let shortestWait = Duration.milliseconds(5)

    /// - Parameter tickInterval: the longest time between two ticks.
    init(tickInterval: Duration) throws(SystemError) {
        (stream, ticks) = AsyncStream.makeStream(of: Void.self, bufferingPolicy: .bufferingNewest(1))
        interval = Mutex(tickInterval)
        let ticks = ticks
        let source = DispatchSource.makeTimerSource(flags: .strict, queue: queue)
        source.setEventHandler { ticks.yield() }
        timer = Mutex(Timer(source: source, watch: nil))
        let watch = try ClockSetWatch(queue: queue) { ticks.yield() }
        timer.withLock { timer in
            timer.watch = watch
            timer.source.activate()
        }
        alarm(at: nil)
    }

    func read() -> ClockReading {
        ClockReading(
            now: Instant(secondsSinceEpoch: Int64(Self.time(CLOCK_REALTIME).tv_sec)),
            steady: Self.duration(Self.time(CLOCK_BOOTTIME)))
    }

    func alarm(at instant: Instant?) {
        let longest = interval.withLock { $0 }
        var wait = longest
        if let instant {
            let now = Self.duration(Self.time(CLOCK_REALTIME))
            wait = min(max(.seconds(instant.secondsSinceEpoch) - now, Self.shortestWait), longest)
        }
        let nanoseconds = Int(wait.wholeNanoseconds)
        timer.withLock { $0.source.schedule(deadline: .now() + .nanoseconds(nanoseconds), leeway: .milliseconds(1)) }
    }

    /// Takes over another tick interval from the next alarm on.
    func setInterval(_ duration: Duration) { interval.withLock { $0 = duration } }

    /// Ends the stream of ticks.
    func stop() { ticks.finish() }

    private static func time(_ clock: clockid_t) -> timespec {
        var time = timespec()
        let result = clock_gettime(clock, &time)
        precondition(result == 0, "clock_gettime(2) fails only for clocks that don't exist")
        return time
    }

    private static func duration(_ time: timespec) -> Duration {
        .seconds(Int64(time.tv_sec)) + .nanoseconds(Int64(time.tv_nsec))
    }
}

extension Duration {
    fileprivate var wholeNanoseconds: Int64 {
        components.seconds * 1_000_000_000 + components.attoseconds / 1_000_000_000
    }
}
