/// How long until something, or since, as people say it: whole units of the largest kind of which there are two or
/// more, rounded down.
enum TimeSpan {
    /// `in 3 days`; `now` from 0 down.
    static func words(ahead seconds: Int64) -> String { seconds > 0 ? "in \(words(seconds))" : "now" }

    /// `3 days ago`; `just now` from 0 down.
    static func words(ago seconds: Int64) -> String { seconds > 0 ? "\(words(seconds)) ago" : "just now" }

    private static func words(_ seconds: Int64) -> String {
        let (size, unit) = units.first { seconds >= 2 * $0.seconds } ?? (1, "second")
        let count = seconds / size
        return "\(count) \(unit)\(count == 1 ? "" : "s")"
    }

    private static let units: [(seconds: Int64, name: String)] = [
        (86_400, "day"), (3_600, "hour"), (60, "minute"), (1, "second"),
    ]
}
