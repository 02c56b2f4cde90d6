/// The occurrences of a rule from an anchor in a zone, as a value that answers "the next one after" and "the
/// last one before" any instant.
///
///     let rule = try RecurrenceRule(parsing: "FREQ=DAILY")
///     let series = try Series(
///         anchor: LocalDateTime("2026-10-03T02:30")!, zone: sydney, rule: rule)
///     series.first.instant                            // 2026-10-02T16:30:00Z
///     series.next(after: series.first.instant)?.mark  // .gapShifted: 02:30 is left out that night
///
/// Occurrences are strictly increasing instants; two local times that fall on one instant are one occurrence.
/// Each is computed from the anchor and the question alone, never from another one, so that every answer
/// costs about the same however far away it is. A rule is read as RFC 5545, section 3.3.10, says, with these
/// choices where it leaves one:
///
/// - A local time that does not exist is read with the offset before the gap, or left out; one that exists
///   twice is its first one, once.
/// - FREQ=HOURLY, MINUTELY and SECONDLY step in elapsed time from the anchor's instant, so that an hourly
///   series has both hours of a fold.
/// - COUNT counts the times that the rule names from the anchor on, before exclusions and gaps.
/// - UNTIL and `end` are inclusive; a bare date means to the end of that local day.
public struct Series: Sendable {
    /// The start of the series. It is an occurrence only where the rule says so.
    public let anchor: LocalDateTime
    /// The zone whose clocks the local times are read on.
    public let zone: Zone
    /// nil for the single occurrence at the anchor.
    public let rule: RecurrenceRule?
    /// An inclusive end, besides what the rule itself says.
    public let end: SeriesEnd?
    /// What is left out.
    public let exclusions: Exclusions
    /// What becomes of local times that do not exist.
    public let gap: GapPolicy
    /// The first occurrence.
    public let first: Occurrence

    let search: Search

    /// A series may leave out this many dates and times: nine in a year for a millennium, more than any person
    /// writes down.
    public static let exclusionsLimit = 10_000

    /// A series, which has an occurrence at least.
    ///
    /// - Parameters:
    ///   - start: the instant of the anchor where that is known and the local time only follows from it: a rule that
    ///     steps in elapsed time counts from there, whatever the zone's data say of the local time. Nil: the anchor is
    ///     read in the zone.
    ///   - rule: nil for the single occurrence at the anchor.
    ///   - end: where it ends, inclusive; not together with an UNTIL.
    ///   - exclusions: matched with nominal times, after COUNT has counted them.
    ///   - gap: what becomes of local times that do not exist.
    ///
    /// Throws a `SeriesError` where nothing ever occurs, for UNTIL with `end`, and for what is above a limit.
    public init(
        anchor: LocalDateTime, start: Instant? = nil, zone: Zone, rule: RecurrenceRule?, end: SeriesEnd? = nil,
        exclusions: Exclusions = .none, gap: GapPolicy = .shift
    ) throws(SeriesError) {
        guard exclusions.count <= Self.exclusionsLimit else {
            throw .tooManyExclusions(count: exclusions.count, limit: Self.exclusionsLimit)
        }
        guard end == nil || rule?.until == nil else { throw .untilAndEnd }
        let source: Search.Source
        if let rule, rule.frequency.isElapsed {
            source = .elapsed(try ElapsedTimes(rule: rule, anchor: anchor, start: start, zone: zone))
        } else {
            source = .calendar(try CalendarTimes(rule: rule, anchor: anchor))
        }
        let search = Search(
            zone: zone, source: source, gap: gap,
            lastSecond: (end ?? rule?.until ?? .instant(.latest)).lastInstant(in: zone).secondsSinceEpoch,
            excludedDays: Set(exclusions.dates.map(\.dayNumber)),
            excludedSeconds: Set(exclusions.times.map(\.secondOnWallClock)))
        guard let first = search.first else { throw .neverOccurs(search.reasonForNothing) }
        self.anchor = anchor
        self.zone = zone
        self.rule = rule
        self.end = end
        self.exclusions = exclusions
        self.gap = gap
        self.search = search
        self.first = search.occurrence(first)
    }

    /// Whether the series steps in elapsed time (FREQ=HOURLY, MINUTELY, SECONDLY). The stable name of such an
    /// occurrence is its instant, that of every other one its nominal time and zone.
    public var stepsInElapsedTime: Bool { rule?.frequency.isElapsed ?? false }

    /// The first occurrence later than `instant`; nil where there is none.
    public func next(after instant: Instant) -> Occurrence? {
        occurrence(search.next(after: instant.secondsSinceEpoch))
    }

    /// The last occurrence earlier than `instant`; nil where there is none.
    public func last(before instant: Instant) -> Occurrence? {
        occurrence(search.last(before: instant.secondsSinceEpoch))
    }

    /// The last occurrence at `instant` or earlier; nil where there is none.
    public func last(atOrBefore instant: Instant) -> Occurrence? {
        occurrence(search.last(before: instant.secondsSinceEpoch + 1))
    }

    /// Not by `map`: a method taken as a function holds a copy of the whole search, which costs more than it.
    private func occurrence(_ candidate: Candidate?) -> Occurrence? {
        guard let candidate else { return nil }
        return search.occurrence(candidate)
    }

    /// How many occurrences are later than `start` and not later than `end`; nil for more than `limit`. It
    /// counts them one by one, `limit` + 1 at most, but for a plain step in elapsed time.
    public func count(after start: Instant, through end: Instant, limit: Int) -> Int? {
        search.count(after: start.secondsSinceEpoch, through: end.secondsSinceEpoch, limit: limit)
    }
}
