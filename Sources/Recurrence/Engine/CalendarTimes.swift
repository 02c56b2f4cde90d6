/// The local times that a rule of FREQ=DAILY or larger names from its anchor on, ascending and without
/// repeats, as local seconds. It knows no zone: gaps, folds, exclusions and ends are the series' work.
///
/// Each answer is computed from the anchor and the question alone, in the time that `RuleDays` and
/// `RulePositions` state for their searches.
struct CalendarTimes: Sendable {
    /// nil where the anchor is the one occurrence.
    private let days: RuleDays?
    /// The rule's days as they would be without SKIP, where there is one.
    private let unmovedDays: RuleDays?
    let times: RuleTimes
    private let positions: RulePositions?
    /// The first local second that may occur: the anchor.
    let anchor: Int64
    /// The last one: by COUNT, or the end of the calendar.
    private(set) var end = CivilCalendar.lastSecond

    /// The occurrences of a rule that need counting one by one are counted up to here: some 50 ms of work.
    static let countLimit = 100_000

    /// nil stands for the anchor alone.
    init(rule: RecurrenceRule?, anchor: LocalDateTime) throws(SeriesError) {
        self.anchor = anchor.secondOnWallClock
        let time = anchor.time
        guard let rule else {
            days = nil
            unmovedDays = nil
            positions = nil
            times = RuleTimes(hours: [time.hour], minutes: [time.minute], seconds: [time.second])
            end = self.anchor
            return
        }
        let days = RuleDays(rule: rule, anchor: anchor.date, skip: rule.skip)
        self.days = days
        unmovedDays = rule.skip == .omit ? nil : RuleDays(rule: rule, anchor: anchor.date, skip: .omit)
        times = RuleTimes(
            hours: rule.byHour.isEmpty ? [time.hour] : rule.byHour,
            minutes: rule.byMinute.isEmpty ? [time.minute] : rule.byMinute,
            seconds: rule.bySecond.isEmpty ? [time.second] : rule.bySecond)
        positions = rule.bySetPosition.isEmpty ? nil
            : RulePositions(days: days, times: times, positions: rule.bySetPosition, weekStart: rule.weekStart)
        if let count = rule.count { end = try second(ofCount: count, days) ?? end }
    }

    /// The first local second at `second` or later.
    func next(atOrAfter second: Int64) -> Int64? {
        guard second <= end else { return nil }
        let second = max(second, anchor)
        let found: Int64?
        if let positions {
            found = positions.next(atOrAfter: second)
        } else if let days {
            found = next(atOrAfter: second, days)
        } else {
            found = anchor
        }
        return found.flatMap { $0 <= end ? $0 : nil }
    }

    private func next(atOrAfter second: Int64, _ days: RuleDays) -> Int64? {
        let (day, secondOfDay) = CivilCalendar.split(second)
        guard let found = days.next(atOrAfter: day) else { return nil }
        if found > day { return CivilCalendar.second(ofDay: found) + Int64(times.first) }
        if let time = times.next(atOrAfter: secondOfDay) { return CivilCalendar.second(ofDay: day) + Int64(time) }
        return days.next(atOrAfter: day + 1).map { CivilCalendar.second(ofDay: $0) + Int64(times.first) }
    }

    /// The last local second at `second` or earlier.
    func last(atOrBefore second: Int64) -> Int64? {
        guard second >= anchor else { return nil }
        let second = min(second, end)
        let found: Int64?
        if let positions {
            found = positions.last(atOrBefore: second)
        } else if let days {
            found = last(atOrBefore: second, days)
        } else {
            found = anchor
        }
        return found.flatMap { $0 >= anchor ? $0 : nil }
    }

    private func last(atOrBefore second: Int64, _ days: RuleDays) -> Int64? {
        let (day, secondOfDay) = CivilCalendar.split(second)
        guard let found = days.last(atOrBefore: day) else { return nil }
        if found < day { return CivilCalendar.second(ofDay: found) + Int64(times.last) }
        if let time = times.last(atOrBefore: secondOfDay) { return CivilCalendar.second(ofDay: day) + Int64(time) }
        return days.last(atOrBefore: day - 1).map { CivilCalendar.second(ofDay: $0) + Int64(times.last) }
    }

    /// Whether SKIP put an occurrence on this day, which the rule would not have without it.
    func isMoved(_ second: Int64) -> Bool {
        guard let unmovedDays else { return false }
        return !unmovedDays.contains(day: CivilCalendar.split(second).day)
    }

    // MARK: COUNT

    /// The local second of the n-th occurrence, nil where the calendar ends before it.
    ///
    /// Without BYSETPOS whole months are counted at a time, at most 119,988 of them; with it every occurrence
    /// is, up to `countLimit`.
    private func second(ofCount count: Int, _ days: RuleDays) throws(SeriesError) -> Int64? {
        guard positions == nil else {
            guard count <= Self.countLimit else { throw .countTooLarge(count: count, limit: Self.countLimit) }
            var found = next(atOrAfter: anchor)
            for _ in 1..<max(count, 1) {
                guard let second = found else { break }
                found = next(atOrAfter: second + 1)
            }
            return found
        }
        let (anchorDay, anchorSecond) = CivilCalendar.split(anchor)
        // The times of the anchor's own day that come before it do not count.
        let before = days.contains(day: anchorDay) ? times.count(before: anchorSecond) : 0
        var left = count + before
        var day = anchorDay
        while let first = days.next(atOrAfter: day) {
            let month = Month(ofDay: first)
            let mask = days.days(of: month) >> UInt32(first - month.firstDay)
            let here = mask.nonzeroBitCount * times.count
            if left <= here {
                let found = RuleTimes.bit(UInt64(mask), number: (left - 1) / times.count)
                return CivilCalendar.second(ofDay: first + found) + Int64(times.time(at: (left - 1) % times.count))
            }
            left -= here
            day = month.firstDay + month.length
        }
        return nil
    }
}
