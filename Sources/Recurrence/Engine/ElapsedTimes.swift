/// The instants of a rule that steps in elapsed time: its steps, or for BYMINUTE and BYSECOND parts smaller
/// than the step the times that they name in the local hour or minute of each step (the table's "Expand").
/// Ascending and without repeats.
struct ElapsedTimes: Sendable {
    let steps: ElapsedSteps
    private let anchorLocal: Int64
    private let anchorIsInGap: Bool
    /// The local hour or minute that is expanded, in seconds; nil without expansion.
    let unit: Int64?
    /// What is expanded; nil where the step's own minute or second is kept.
    private let minutes: UInt64?
    let seconds: UInt64?
    /// By BYSETPOS, which of the times in each expanded hour or minute are meant, ascending; nil for all. A
    /// step without expansion is its interval's one instance.
    private let selected: [Int]?
    /// The last instant: by COUNT, or the end of the calendar.
    private(set) var end = CivilCalendar.lastSecond

    private var zone: Zone { steps.zone }

    /// - Parameter start: the instant of the anchor where it is known; nil: it is read in the zone.
    init(rule: RecurrenceRule, anchor: LocalDateTime, start: Instant?, zone: Zone) throws(SeriesError) {
        anchorLocal = anchor.secondOnWallClock
        let instant: Int64
        switch (start, zone.read(local: anchorLocal)) {
        case (let start?, _):
            instant = start.secondsSinceEpoch
            anchorIsInGap = false
        case (nil, .unique(let second)), (nil, .fold(let second, _)):
            instant = second
            anchorIsInGap = false
        case (nil, .gap(let shifted, _, _)):
            instant = shifted
            anchorIsInGap = true
        }
        steps = ElapsedSteps(zone: zone, anchor: instant, rule: rule, anchorDate: anchor.date)
        minutes = rule.frequency == .hourly && !rule.byMinute.isEmpty ? RuleTimes.bits(rule.byMinute) : nil
        seconds = rule.frequency != .secondly && !rule.bySecond.isEmpty
            ? RuleTimes.bits(rule.bySecond.map { min($0, 59) }) : nil
        unit = minutes == nil && seconds == nil ? nil : rule.frequency == .hourly ? 3_600 : 60
        let total = (minutes?.nonzeroBitCount ?? 1) * (seconds?.nonzeroBitCount ?? 1)
        selected = rule.bySetPosition.isEmpty ? nil
            : Set(rule.bySetPosition.map { $0 > 0 ? $0 - 1 : total + $0 }.filter { (0..<total).contains($0) }).sorted()
        if let count = rule.count { end = try second(ofCount: count) ?? end }
    }

    /// Whether the instants are the even steps and nothing else.
    var isPlain: Bool { steps.isPlain && unit == nil }

    // MARK: Search

    /// The first instant after `second`.
    func next(after second: Int64) -> Candidate? {
        var turns = Int.max
        return next(after: second, turns: &turns)
    }

    /// The first instant after `second`, unless the steps take more turns than are left.
    private func next(after second: Int64, turns: inout Int) -> Candidate? {
        guard selected?.isEmpty != true else { return nil }
        let second = max(second, steps.anchor - 1)
        guard let unit else {
            let step = steps.next(atOrAfter: second + 1, turns: &turns)
            return step.flatMap { $0 <= end ? candidate(ofStep: $0) : nil }
        }
        // The times of a step lie less than a unit, and what clocks jump around it, from the step: steps farther
        // away than that are not asked. Where no change of the clocks is near that leaves two or three steps.
        var best: Candidate?
        var from = second + 1 - unit - jump(around: second)
        while let step = steps.next(atOrAfter: from, turns: &turns) {
            if let best, step - unit - jump(around: step) >= best.instant { break }
            if let found = expanded(step, unit).next(after: second), found.isBetterNext(than: best) { best = found }
            from = step + 1
        }
        return best.flatMap { $0.instant <= end ? $0 : nil }
    }

    /// The last instant before `second`.
    func last(before second: Int64) -> Candidate? {
        guard selected?.isEmpty != true else { return nil }
        let second = min(second, end + 1)
        guard let unit else { return steps.last(atOrBefore: second - 1).map(candidate(ofStep:)) }
        var best: Candidate?
        var from = second - 1 + unit + jump(around: second)
        while let step = steps.last(atOrBefore: from) {
            if let best, step + unit + jump(around: step) <= best.instant { break }
            if let found = expanded(step, unit).last(before: second), found.isBetterLast(than: best) { best = found }
            from = step - 1
        }
        return best.flatMap { $0.instant >= steps.anchor ? $0 : nil }
    }

    private func candidate(ofStep step: Int64) -> Candidate {
        if step == steps.anchor, anchorIsInGap {
            return Candidate(instant: step, nominal: anchorLocal, reading: .gap)
        }
        return Candidate(instant: step, nominal: zone.localSecond(at: step), reading: .plain)
    }

    /// How far clocks jump near a second: 0 but for some days around a change.
    private func jump(around second: Int64) -> Int64 {
        let offsets = zone.offsets(
            from: second - 2 * Candidate.reachSeconds, through: second + 2 * Candidate.reachSeconds)
        return offsets.upperBound - offsets.lowerBound
    }

    /// Whether a change of the clocks cuts an hour or minute that is expanded: only there are times moved by a gap.
    func isCut(by change: (second: Int64, before: Int64, after: Int64)) -> Bool {
        guard let unit else { return false }
        return (change.second + change.before) % unit != 0 || (change.after - change.before) % unit != 0
    }

    /// The end of where times may lie that gaps before a second have moved.
    func shiftedEnd(before second: Int64) -> Int64 {
        guard unit != nil else { return .min }
        let changes = zone.changes(from: second - Candidate.reachSeconds, through: second)
        return changes.filter(isCut).map { $0.second + $0.after - $0.before }.max() ?? .min
    }

    /// The time that a gap moves to an instant; nil where none is. Another time may lie there by itself, and is told
    /// before this one.
    func moved(to instant: Int64) -> Candidate? {
        guard let unit else { return nil }
        for change in zone.changes(from: instant - Candidate.reachSeconds, through: instant) where isCut(by: change) {
            guard let step = steps.last(atOrBefore: change.second - 1) else { continue }
            if let moved = expanded(step, unit).moved(to: instant) { return moved }
        }
        return nil
    }

    private func expanded(_ step: Int64, _ unit: Int64) -> Expansion {
        let segment = zone.segment(at: step)
        let local = step + segment.offset
        let base = local - floorRemainder(local, unit)
        let inHour = Int(floorRemainder(local, 3_600))
        // Within a minute there is one minute, the first of the sets of bits.
        let minutes = unit == 60 ? 1 : self.minutes ?? 1 << UInt64(inHour / 60)
        let seconds = self.seconds ?? 1 << UInt64(inHour % 60)
        return Expansion(
            zone: zone, segment: segment, base: base, unit: unit,
            times: RuleTimes(hours: 1, minutes: minutes, seconds: seconds), selected: selected)
    }

    /// What lies between two times of one expanded hour or minute, and between the last of one and the first of
    /// the next, in seconds; the least of them, while no clock changes.
    var closestInUnit: Int64? {
        guard let unit else { return nil }
        let times = RuleTimes(hours: 1, minutes: unit == 60 ? 1 : minutes ?? 1, seconds: seconds ?? 1)
        return min(times.closest, steps.stride - Int64(times.last - times.first))
    }

    // MARK: COUNT

    /// What counting may take, in turns of the search for steps: some 0.2 s. It is reached where BY parts leave
    /// few of many steps: one in ten, for a count at its limit.
    private static let countTurnsLimit = 1_000_000

    /// The n-th instant, nil where the calendar ends before it: by one multiplication for plain steps, else by
    /// counting, up to `CalendarTimes.countLimit`.
    private func second(ofCount count: Int) throws(SeriesError) -> Int64? {
        guard !isPlain else {
            let (distance, overflow) = steps.stride.multipliedReportingOverflow(by: Int64(count - 1))
            return overflow || distance > CivilCalendar.lastSecond - steps.anchor ? nil : steps.anchor + distance
        }
        let limit = CalendarTimes.countLimit
        guard count <= limit else { throw .countTooLarge(count: count, limit: limit) }
        var turns = Self.countTurnsLimit
        var found = next(after: steps.anchor - 1, turns: &turns)
        for _ in 1..<max(count, 1) {
            guard let candidate = found else { break }
            found = next(after: candidate.instant, turns: &turns)
        }
        guard turns > 0 else { throw .countTooSparse(count: count) }
        return found?.instant
    }
}

/// The times that are expanded in one local hour or minute.
private struct Expansion {
    let zone: Zone
    /// The stretch of constant offset that the step lies in.
    let segment: ZoneSegment
    /// The local second at which the hour or minute begins.
    let base: Int64
    let unit: Int64
    /// Times in the hour, the hour being 0.
    let times: RuleTimes
    /// The indexes of those that are meant; nil for all.
    let selected: [Int]?

    func next(after second: Int64) -> Candidate? {
        guard isEven else {
            return all.filter { $0.instant > second }.reduce(nil as Candidate?) { $1.isBetterNext(than: $0) ? $1 : $0 }
        }
        guard second < start + unit else { return nil }
        let earliest = Int(max(0, second + 1 - start))
        guard let selected else { return times.next(atOrAfter: earliest).map(plain) }
        return selected.lazy.map(times.time).first { $0 >= earliest }.map(plain)
    }

    func last(before second: Int64) -> Candidate? {
        guard isEven else {
            return all.filter { $0.instant < second }.reduce(nil as Candidate?) { $1.isBetterLast(than: $0) ? $1 : $0 }
        }
        guard second > start else { return nil }
        let latest = Int(min(unit, second - start) - 1)
        guard let selected else { return times.last(atOrBefore: latest).map(plain) }
        return selected.reversed().lazy.map(times.time).first { $0 <= latest }.map(plain)
    }

    /// The time that a gap moves to an instant.
    func moved(to instant: Int64) -> Candidate? {
        isEven ? nil : all.first { $0.reading == .gap && $0.instant == instant }
    }

    private func plain(_ time: Int) -> Candidate {
        Candidate(instant: start + Int64(time), nominal: base + Int64(time), reading: .plain)
    }

    private var start: Int64 { base - segment.offset }

    /// Whether clocks run through the hour or minute without a change.
    private var isEven: Bool { start >= segment.start && start + unit <= segment.end }

    /// Every time, at most 3,600. Where clocks change in the hour, each is read on its own; of a time that
    /// exists twice the one in the step's own offset is meant, so that both hours of a fold have theirs.
    private var all: [Candidate] {
        (selected ?? Array(0..<times.count)).map { index in
            let local = base + Int64(times.time(at: index))
            let own = local - segment.offset
            if segment.contains(own) { return Candidate(instant: own, nominal: local, reading: .plain) }
            return Candidate(nominal: local, zone: zone)
        }
    }
}
