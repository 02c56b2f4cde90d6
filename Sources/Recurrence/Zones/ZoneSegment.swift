/// A stretch of time with one offset: from `start`, to just before `end`, in seconds since the epoch.
struct ZoneSegment: Hashable {
    var start: Int64
    var end: Int64
    /// Seconds east of UTC.
    var offset: Int64

    /// The ends of the time line here: far outside of the years 1 to 9999, near enough that sums with
    /// them do not overflow.
    static let distantPast = Int64.min / 4
    static let distantFuture = Int64.max / 4

    @inline(__always)
    func contains(_ second: Int64) -> Bool { second >= start && second < end }
}

/// What a local second means in a zone: `Zone.Resolution` in plain seconds, and with the ends of a gap.
enum LocalReading {
    case unique(Int64)
    /// The local seconds from `start` to just before `end` do not exist.
    case gap(shifted: Int64, start: Int64, end: Int64)
    case fold(first: Int64, second: Int64)
}
