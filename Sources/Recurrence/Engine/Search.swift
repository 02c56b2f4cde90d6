/// The search for the occurrences of a series, in seconds since the epoch: it joins the times that a rule names
/// with the zone, the end and the exclusions.
struct Search: Sendable {
    enum Source: Sendable {
        case calendar(CalendarTimes)
        case elapsed(ElapsedTimes)
    }

    let zone: Zone
    let source: Source
    let gap: GapPolicy
    /// The last instant that may occur.
    let lastSecond: Int64
    let excludedDays: Set<Int>
    let excludedSeconds: Set<Int64>

    // MARK: Answers

    func next(after second: Int64) -> Candidate? {
        guard second < lastSecond else { return nil }
        return unbounded(after: second).flatMap { $0.instant <= lastSecond ? $0 : nil }
    }

    func last(before second: Int64) -> Candidate? {
        let second = min(second, lastSecond + 1)
        let found = switch source {
        case .calendar(let times): last(of: times, before: second)
        case .elapsed(let times): last(of: times, before: second)
        }
        return found.flatMap { $0.instant >= CivilCalendar.firstSecond ? $0 : nil }
    }

    private func unbounded(after second: Int64) -> Candidate? {
        switch source {
        case .calendar(let times): next(of: times, after: second)
        case .elapsed(let times): next(of: times, after: second)
        }
    }

    var first: Candidate? { next(after: beforeAll) }

    /// An instant before every occurrence, and not before the calendar begins.
    private var beforeAll: Int64 {
        switch source {
        case .calendar(let times): max(times.anchor - Candidate.reachSeconds, CivilCalendar.firstSecond - 1)
        case .elapsed(let times): max(times.steps.anchor, CivilCalendar.firstSecond) - 1
        }
    }

    /// Why there is no first occurrence.
    var reasonForNothing: SeriesError.Reason {
        if let first = unbounded(after: beforeAll), first.instant <= CivilCalendar.lastSecond {
            return .endsBeforeFirst(Instant(secondsSinceEpoch: first.instant))
        }
        let names = switch source {
        case .calendar(let times): times.next(atOrAfter: times.anchor) != nil
        case .elapsed(let times): times.next(after: beforeAll) != nil
        }
        return names ? .allLeftOut : .noMatch
    }

    func occurrence(_ candidate: Candidate) -> Occurrence {
        let nominal = LocalDateTime(secondOnWallClock: candidate.nominal)
        let instant = Instant(secondsSinceEpoch: candidate.instant)
        var mark: Occurrence.Mark? = switch candidate.reading {
        case .plain: nil
        case .foldFirst: .foldFirst
        case .gap: .gapShifted
        }
        if mark == nil, case .calendar(let times) = source, times.isMoved(candidate.nominal) { mark = .monthEnd }
        return Occurrence(
            nominal: nominal, local: candidate.reading == .gap ? zone.local(at: instant) : nominal,
            instant: instant, mark: mark)
    }

    func count(after start: Int64, through end: Int64, limit: Int) -> Int? {
        let end = min(end, lastSecond)
        if case .elapsed(let times) = source, times.isPlain, excludedDays.isEmpty, excludedSeconds.isEmpty,
           let first = next(after: start), let last = last(before: end + 1) {
            let count = first.instant > last.instant ? 0 : (last.instant - first.instant) / times.steps.stride + 1
            return count <= Int64(limit) ? Int(count) : nil
        }
        var count = 0
        var from = start
        while let found = next(after: from), found.instant <= end {
            count += 1
            guard count <= limit else { return nil }
            from = found.instant
        }
        return count
    }
}
