/// One time at which a series occurs.
public struct Occurrence: Hashable, Sendable {
    /// The rule that made this occurrence differ from the plain reading of its series.
    public enum Mark: String, Hashable, Sendable, Codable {
        /// The nominal time does not exist; it was read with the offset before the gap.
        case gapShifted = "gap: shifted"
        /// The nominal time exists twice; this is its first one.
        case foldFirst = "fold: first"
        /// The day does not exist in this month or year; `SKIP` put the occurrence here.
        case monthEnd = "month end"
    }

    /// The wall time that the rule names. It is the stable name of an occurrence of a calendar rule:
    /// it does not change when the zone's data do. For rules that step in elapsed time it equals `local`,
    /// except where a shift was applied.
    public let nominal: LocalDateTime
    /// What the wall clock shows at `instant`.
    public let local: LocalDateTime
    /// When that is.
    public let instant: Instant
    /// The rule that was applied, if any. Of several the first in the order of `Mark` is told.
    public let mark: Mark?

    /// An occurrence made by hand, where no series computes it.
    public init(nominal: LocalDateTime, local: LocalDateTime, instant: Instant, mark: Mark?) {
        self.nominal = nominal
        self.local = local
        self.instant = instant
        self.mark = mark
    }
}
