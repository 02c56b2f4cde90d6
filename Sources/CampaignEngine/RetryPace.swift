/// How often something that fails is tried again: after one second, then each time twice as long, up to half a minute.
///
/// Counts steady time, so that a wall clock that is set makes no wait longer.
struct RetryPace {
    /// When it is tried again, by the steady clock; nil while it works.
    private(set) var retryAt: Duration?
    private var wait = Duration.zero

    static let first = Duration.seconds(1)
    /// A person who has mended the cause waits no longer than this to see it.
    static let longest = Duration.seconds(30)

    func mayTry(at steady: Duration) -> Bool { retryAt.map { $0 <= steady } ?? true }

    /// A failure before the wait is over is the same one and makes it no longer.
    mutating func failed(at steady: Duration) {
        guard mayTry(at: steady) else { return }
        wait = min(max(wait * 2, Self.first), Self.longest)
        retryAt = steady + wait
    }

    mutating func worked() {
        wait = .zero
        retryAt = nil
    }

    /// The wait after so many failures in a row: none after the first, since most of them are alone.
    static func wait(afterFailures count: Int) -> Duration {
        guard count > 1 else { return .zero }
        // Beyond five doublings the longest wait is reached.
        return min(first * (1 << min(count - 2, 5)), longest)
    }
}
