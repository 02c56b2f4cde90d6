/// Rules that step in elapsed time: their instants need no reading, only exclusions and gaps are left to see to.
extension Search {
    /// Each turn passes an excluded time, an excluded day or a time in a gap; exclusions have a limit, and so
    /// have the times in one gap.
    func next(of times: ElapsedTimes, after second: Int64) -> Candidate? {
        var from = second
        while let found = times.next(after: from) {
            guard let passed = passedOver(found, of: times) else { return found }
            if let other = keptBesides(found, of: times) { return other }
            from = max(found.instant, passed.upperBound)
        }
        return nil
    }

    func last(of times: ElapsedTimes, before second: Int64) -> Candidate? {
        var from = second
        while let found = times.last(before: from) {
            guard let passed = passedOver(found, of: times) else { return found }
            if let other = keptBesides(found, of: times) { return other }
            from = min(found.instant, passed.lowerBound)
        }
        return nil
    }

    /// The time that a gap moves to where another one is left out: an instant occurs while one of its times is kept.
    private func keptBesides(_ candidate: Candidate, of times: ElapsedTimes) -> Candidate? {
        guard let other = times.moved(to: candidate.instant), passedOver(other, of: times) == nil else { return nil }
        return other
    }

    /// The instants around a candidate that are left out together with it: of an excluded day those up to
    /// where the day or the stretch of constant offset ends, but not where a gap may have moved times of another day.
    /// nil where it is kept.
    private func passedOver(_ candidate: Candidate, of times: ElapsedTimes) -> ClosedRange<Int64>? {
        let instant = candidate.instant
        let day = CivilCalendar.split(candidate.nominal).day
        if excludedDays.contains(day) {
            let segment = zone.segment(at: instant)
            let settled = max(segment.start, times.shiftedEnd(before: instant))
            guard candidate.reading == .plain, instant >= settled else { return instant...instant }
            let start = max(CivilCalendar.second(ofDay: day) - segment.offset, settled)
            let end = min(CivilCalendar.second(ofDay: day + 1) - segment.offset, segment.end) - 1
            return min(start, instant)...max(end, instant)
        }
        let isLeftOut = excludedSeconds.contains(candidate.nominal) || gap == .skip && candidate.reading == .gap
        return isLeftOut ? instant...instant : nil
    }
}
