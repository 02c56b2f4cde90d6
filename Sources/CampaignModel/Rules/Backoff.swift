/// How long to wait before the next attempt: from 1 minute, doubled each time, to 1 hour. Each wait is lengthened by up
/// to a quarter, so that those who failed together do not come back together.
public enum Backoff {
    static let firstSeconds: Int64 = 60
    /// With its quarter added it is the hour.
    static let lastSeconds: Int64 = 2_880
    /// A surface may ask for more than an hour; more than a week is taken for a mistake.
    static let longestAskedSeconds: Int64 = 7 * 86_400

    /// - Parameters:
    ///   - attempt: the number of the attempt to come, from 2.
    ///   - asked: what the surface asked for at least, in seconds.
    ///   - jitter: from 0 up to 1; drawn once for each wait and kept with it.
    public static func seconds(beforeAttempt attempt: Int, asked: Int?, jitter: Double) -> Int64 {
        let doublings = min(max(attempt - 2, 0), 6)
        let base = min(firstSeconds << Int64(doublings), lastSeconds)
        let own = base + Int64(Double(base) / 4 * min(max(jitter, 0), 1))
        return max(own, min(Int64(asked ?? 0), longestAskedSeconds))
    }
}
