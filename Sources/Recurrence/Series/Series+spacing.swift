extension Series {
    /// How close two occurrences come, in seconds; `limit` where they never come closer than that.
    ///
    /// The answer is never more than the truth, so that a caller who refuses what is below `limit` misses
    /// nothing. It is less than the truth for BYSETPOS, of which it takes every instance, and may be for rules
    /// of FREQ=MINUTELY and SECONDLY with BY parts, of which it takes every step.
    ///
    /// `limit` is from 1 to 86,400; what is larger is taken as a day, of which more cannot be said here.
    ///
    /// It looks at one day's times and, where clocks go forward over times that are closer than a gap, at each
    /// change of the clocks in 400 years, after which calendar and zone repeat.
    public func closestSpacing(limit: Int) -> Int {
        let limit = min(limit, Int(CivilCalendar.secondsPerDay))
        guard let rule, limit > 1 else { return limit }
        let grid = gridSeconds
        guard grid < limit else { return limit }
        let even: Int64
        switch search.source {
        case .calendar(let times): even = closestOnEvenDays(times, rule)
        case .elapsed(let times): even = times.closestInUnit ?? max(times.steps.stride, Int64(grid))
        }
        return Int(max(Int64(grid), min(Int64(limit), closestAtChanges(below: min(even, Int64(limit))))))
    }

    /// A number of seconds of which the distance of any two occurrences is a multiple: what the times have in
    /// common (one second of the minute, one minute of the hour), as far as the zone's offsets keep to it.
    private var gridSeconds: Int {
        let common: Int64 = switch search.source {
        case .calendar(let times): times.times.gridSeconds
        case .elapsed(let times): times.gridSeconds
        }
        let from = search.anchorInstant
        let offsets = zone.offsetsInForce(from: from - Candidate.reachSeconds)
        let base = offsets.first ?? 0
        return Int(offsets.reduce(common) { greatestCommonDivisor($0, abs($1 - base)) })
    }

    private func closestOnEvenDays(_ times: CalendarTimes, _ rule: RecurrenceRule) -> Int64 {
        let inDay = times.times.closest
        let overMidnight = CivilCalendar.secondsPerDay - Int64(times.times.last - times.times.first)
        guard overMidnight < inDay, !(rule.frequency == .daily && rule.interval > 1) else { return inDay }
        // With every period taken, whatever the interval: never fewer neighbours than there are.
        let days = RuleDays(rule: rule, anchor: anchor.date, skip: rule.skip, interval: 1)
        return days.hasNeighbours ? overMidnight : inDay
    }

    /// The least distance around changes of the clocks, where it is below `bound`, else `bound`.
    ///
    /// Going back, clocks only add to the distance of calendar times; going forward by g they take up to g off
    /// that of times on either side. Steps keep their distance; only what is expanded in an hour or minute
    /// that a change cuts does not. Each change is looked at within `bound`, the jump and what a step
    /// expands on either side, which holds at most so many occurrences as fit at the distances found so far,
    /// and the walk ends at the least distance that the grid allows.
    private func closestAtChanges(below bound: Int64) -> Int64 {
        let from = search.anchorInstant
        // The written-out changes, then one cycle of those that follow by rule.
        let cycleYears = 400
        let lastYear = max(anchor.date.year, Zone.writtenOutThroughYear) + cycleYears
        let end = CivilCalendar.second(ofDay: CivilCalendar.day(year: lastYear, month: 1, day: 1))
        let grid = Int64(gridSeconds)
        var closest = bound
        for change in zone.changes(from: from - Candidate.reachSeconds, through: min(end, search.lastSecond)) {
            guard closest > grid else { break }
            let jump = abs(change.after - change.before)
            guard mayComeCloser(at: change) else { continue }
            let reach = closest + jump + expandedSeconds + 1
            let start = change.second - reach
            let stop = change.second + reach
            guard var earlier = search.next(after: start) else { break }
            while let later = search.next(after: earlier.instant), earlier.instant <= stop {
                closest = min(closest, later.instant - earlier.instant)
                earlier = later
            }
        }
        return closest
    }

    /// How far from a step its times lie: those of a step after a change may be read as before it.
    private var expandedSeconds: Int64 {
        guard case .elapsed(let times) = search.source else { return 0 }
        return times.unit ?? 0
    }

    private func mayComeCloser(at change: (second: Int64, before: Int64, after: Int64)) -> Bool {
        switch search.source {
        case .calendar:
            return change.after > change.before
        case .elapsed(let times):
            return times.isCut(by: change)
        }
    }
}

extension RuleTimes {
    /// A number of seconds of which the distance of any two times, of one day or of two, is a multiple.
    fileprivate var gridSeconds: Int64 {
        if seconds.nonzeroBitCount > 1 { return 1 }
        if minutes.nonzeroBitCount > 1 { return 60 }
        return hours.nonzeroBitCount > 1 ? 3_600 : CivilCalendar.secondsPerDay
    }
}

extension ElapsedTimes {
    /// A number of seconds of which the distance of any two instants is a multiple, while no clock changes.
    fileprivate var gridSeconds: Int64 {
        if let unit {
            // Of a step's own second, or of the one that is named; minutes may be several.
            let hasOneSecond = (seconds?.nonzeroBitCount ?? 1) == 1
            return hasOneSecond ? (unit == 60 ? greatestCommonDivisor(steps.stride, 3_600) : 60) : 1
        }
        return steps.gridSeconds
    }
}

extension Search {
    /// The instant of the anchor, in seconds since the epoch.
    fileprivate var anchorInstant: Int64 {
        switch source {
        case .calendar(let times): Candidate(nominal: times.anchor, zone: zone).instant
        case .elapsed(let times): times.steps.anchor
        }
    }
}
