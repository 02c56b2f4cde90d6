import CSystemd
import Glibc

/// The machine's clocks (clock_gettime(2)).
public enum MachineClock: Sendable {
    /// CLOCK_REALTIME: the wall clock, since 1970-01-01T00:00:00Z.
    case wall
    /// CLOCK_BOOTTIME: no setting of the wall clock moves it, and it counts while the machine is suspended.
    case steady
    /// CLOCK_MONOTONIC: as `steady`, without the time of a suspend.
    case monotonic

    /// What it reads now.
    public func read() -> Duration {
        var time = timespec()
        let result = clock_gettime(id, &time)
        precondition(result == 0, "clock_gettime(2) fails only for clocks that don't exist")
        return .seconds(Int64(time.tv_sec)) + .nanoseconds(Int64(time.tv_nsec))
    }

    private var id: clockid_t {
        switch self {
        case .wall: CLOCK_REALTIME
        case .steady: CLOCK_BOOTTIME
        case .monotonic: CLOCK_MONOTONIC
        }
    }
}
