/// Rules that name local times, which the zone turns into instants.
///
/// Let F(n) be the instant of a local time n: n − o for an offset o that is in force at F(n), or was in force
/// less than a gap's length before it. While clocks do not change F keeps the order, and the next occurrence
/// is that of the next local time. A gap breaks the order: the times in it are moved among those after it. So
/// near a change the candidates are read one by one. A time n with F(n) later than t lies after t plus the
/// smallest offset around t, and one with F(n) before the best so far lies at most the largest offset around
/// the best after it: between these bounds, some hours of local time, each candidate is read once. Times in
/// gaps that are skipped give no candidate; each gap costs a turn, and the calendar has two a year at most.
extension Search {
    private static let reach = Candidate.reachSeconds

    func next(of times: CalendarTimes, after second: Int64) -> Candidate? {
        let segment = zone.segment(at: second)
        // No gap that began within reach before `second` moves a time past it.
        let isQuiet = second - segment.start >= Self.reach
        var from = second + 1 + (isQuiet ? segment.offset
            : zone.offsets(from: second - Self.reach, through: second + Self.reach).lowerBound)
        if isQuiet {
            guard let nominal = kept(times, atOrAfter: from) else { return nil }
            if nominal - segment.offset < segment.end - Self.reach {
                return Candidate(instant: nominal - segment.offset, nominal: nominal, reading: .plain)
            }
            from = nominal
        }
        var best: Candidate?
        var bound = Int64.max
        while let nominal = kept(times, atOrAfter: from), nominal <= bound {
            from = nominal + 1
            if gap == .skip, case .gap(_, _, let end) = zone.read(local: nominal) {
                from = end
                continue
            }
            let candidate = Candidate(nominal: nominal, zone: zone)
            guard candidate.instant > second, candidate.isBetterNext(than: best) else { continue }
            best = candidate
            bound = candidate.instant
                + zone.offsets(from: candidate.instant - 2 * Self.reach, through: candidate.instant).upperBound
        }
        return best
    }

    func last(of times: CalendarTimes, before second: Int64) -> Candidate? {
        let segment = zone.segment(at: second - 1)
        let isQuiet = second - segment.start > Self.reach
        var from = second - 1 + (isQuiet ? segment.offset
            : zone.offsets(from: second - 2 * Self.reach, through: second).upperBound)
        if isQuiet {
            guard let nominal = kept(times, atOrBefore: from) else { return nil }
            if nominal - segment.offset >= segment.start + Self.reach {
                return Candidate(nominal: nominal, zone: zone)
            }
            from = nominal
        }
        var best: Candidate?
        var bound = Int64.min
        while let nominal = kept(times, atOrBefore: from), nominal >= bound {
            from = nominal - 1
            if gap == .skip, case .gap(_, let start, _) = zone.read(local: nominal) {
                from = start - 1
                continue
            }
            let candidate = Candidate(nominal: nominal, zone: zone)
            guard candidate.instant < second, candidate.isBetterLast(than: best) else { continue }
            best = candidate
            bound = candidate.instant + zone.offsets(
                from: candidate.instant - Self.reach, through: candidate.instant + Self.reach).lowerBound
        }
        return best
    }

    /// The next local time that is not excluded. Whole days are stepped over, so that each exclusion costs a step
    /// at most.
    private func kept(_ times: CalendarTimes, atOrAfter second: Int64) -> Int64? {
        var found = times.next(atOrAfter: second)
        while let nominal = found {
            if excludedDays.contains(CivilCalendar.split(nominal).day) {
                found = times.next(atOrAfter: CivilCalendar.second(ofDay: CivilCalendar.split(nominal).day + 1))
            } else if excludedSeconds.contains(nominal) {
                found = times.next(atOrAfter: nominal + 1)
            } else {
                return nominal
            }
        }
        return nil
    }

    private func kept(_ times: CalendarTimes, atOrBefore second: Int64) -> Int64? {
        var found = times.last(atOrBefore: second)
        while let nominal = found {
            if excludedDays.contains(CivilCalendar.split(nominal).day) {
                found = times.last(atOrBefore: CivilCalendar.second(ofDay: CivilCalendar.split(nominal).day) - 1)
            } else if excludedSeconds.contains(nominal) {
                found = times.last(atOrBefore: nominal - 1)
            } else {
                return nominal
            }
        }
        return nil
    }
}
