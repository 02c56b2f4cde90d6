/// How long until something, as people say it.
enum TimeSpan {
    /// `in 3 days`: whole units of the largest kind of which there are two or more, rounded down; `now` from 0 down.
    static func words(ahead seconds: Int64) -> String {
        guard seconds > 0 else { return "now" }
        let (size, unit) = units.first { seconds >= 2 * $0.seconds } ?? (1, "second")
        let count = seconds / size
        return "in \(count) \(unit)\(count == 1 ? "" : "s")"
    }

    private static let units: [(seconds: Int64, name: String)] = [
        (86_400, "day"), (3_600, "hour"), (60, "minute"), (1, "second"),
    ]
}
