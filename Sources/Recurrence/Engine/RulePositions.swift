/// The instances that BYSETPOS takes of each interval of a calendar rule, times of day included
/// (RFC 5545, section 3.3.10).
///
/// A period is a year, month, week or day. Its instances are its days times the times of day, in order; they
/// are counted, never listed, so that a position costs a few steps. Days that SKIP moves out of a period still
/// are its own: they lie one day before or after it, within a neighbouring period.
struct RulePositions: Sendable {
    private let days: RuleDays
    private let times: RuleTimes
    private let positions: [Int]
    private let weekStart: Int
    private let firstPeriod: Int

    init(days: RuleDays, times: RuleTimes, positions: [Int], weekStart: Weekday) {
        self.days = days
        self.times = times
        self.weekStart = weekStart.rawValue
        // Positions beyond what any period can hold take nothing, and asking each period for them would.
        let most: Int = switch days.frequency {
        case .yearly: 368
        case .monthly: 33
        case .weekly: 7
        default: 1
        }
        self.positions = positions.filter { abs($0) <= most * times.count }
        firstPeriod = Self.period(ofDay: days.anchorDay, days.frequency, weekStart.rawValue)
    }

    // MARK: Search

    /// The first selected local second at `second` or later, which is not before the anchor. Each turn takes
    /// a later period that has days. What a period holds repeats after as many periods as 400 years have
    /// (`RuleDays.searchLimit` says why), so that after those, and one that is cut by `second`, the search ends.
    func next(atOrAfter second: Int64) -> Int64? {
        guard !positions.isEmpty else { return nil }
        var period = aligned(atOrAfter: max(firstPeriod, period(ofDay: CivilCalendar.split(second).day) - reach))
        for _ in 0...periodsInCycle {
            guard start(ofPeriod: period) <= CivilCalendar.lastDay else { return nil }
            let instances = instances(of: period)
            if let found = first(in: instances, atOrAfter: second) {
                guard days.mayMove else { return found }
                // The next period may begin before this one's moved day.
                let other = first(in: self.instances(of: period + days.interval), atOrAfter: second)
                return min(found, other ?? found)
            }
            // A day that SKIP moves backward out of the next period is the last one of this.
            guard let day = days.next(atOrAfter: start(ofPeriod: period + 1) - reach) else { return nil }
            period = aligned(atOrAfter: max(period + 1, self.period(ofDay: day) - reach))
        }
        return nil
    }

    /// The last selected local second at `second` or earlier. Each step takes an earlier period, down to the
    /// anchor's, and as many as `next` takes.
    func last(atOrBefore second: Int64) -> Int64? {
        guard !positions.isEmpty else { return nil }
        var period = aligned(atOrBefore: period(ofDay: CivilCalendar.split(second).day) + reach)
        for _ in 0...periodsInCycle {
            guard period >= firstPeriod else { return nil }
            if let found = last(in: instances(of: period), atOrBefore: second) {
                guard days.mayMove, period - days.interval >= firstPeriod else { return found }
                let other = last(in: instances(of: period - days.interval), atOrBefore: second)
                return max(found, other ?? found)
            }
            guard let day = days.last(atOrBefore: start(ofPeriod: period) - 1 + reach) else { return nil }
            period = aligned(atOrBefore: min(period - 1, self.period(ofDay: day) + reach))
        }
        return nil
    }

    private func first(in instances: Instances, atOrAfter second: Int64) -> Int64? {
        var best: Int64?
        for position in positions {
            guard let found = self.second(at: position, in: instances), found >= second else { continue }
            best = min(best ?? found, found)
        }
        return best
    }

    private func last(in instances: Instances, atOrBefore second: Int64) -> Int64? {
        var best: Int64?
        for position in positions {
            guard let found = self.second(at: position, in: instances), found <= second else { continue }
            best = max(best ?? found, found)
        }
        return best
    }

    private func second(at position: Int, in instances: Instances) -> Int64? {
        let total = instances.count * times.count
        let index = position > 0 ? position - 1 : total + position
        guard index >= 0, index < total else { return nil }
        return CivilCalendar.second(ofDay: instances.day(at: index / times.count))
            + Int64(times.time(at: index % times.count))
    }

    // MARK: Periods

    /// The periods of the calendar's cycle of 400 years, and two for moved days and the cut at the start.
    private var periodsInCycle: Int {
        switch days.frequency {
        case .yearly: 400 + 2
        case .monthly: 4_800 + 2
        case .weekly: 20_871 + 2
        default: 146_097 + 2
        }
    }

    /// How many periods away a moved day may lie, and how many days outside of its own.
    private var reach: Int { days.mayMove ? 1 : 0 }

    private func aligned(atOrAfter period: Int) -> Int {
        period + floorRemainder(firstPeriod - period, days.interval)
    }

    private func aligned(atOrBefore period: Int) -> Int {
        period - floorRemainder(period - firstPeriod, days.interval)
    }

    private func period(ofDay day: Int) -> Int { Self.period(ofDay: day, days.frequency, weekStart) }

    private static func period(
        ofDay day: Int, _ frequency: RecurrenceRule.Frequency, _ weekStart: Int
    ) -> Int {
        switch frequency {
        case .yearly: CivilCalendar.date(ofDay: day).year
        case .monthly: Month.index(ofDay: day)
        case .weekly: floorDivide(RuleDays.week(ofDay: day, weekStart: weekStart) - weekStart + 3, 7)
        default: day
        }
    }

    private func start(ofPeriod period: Int) -> Int {
        switch days.frequency {
        case .yearly: CivilCalendar.day(year: period, month: 1, day: 1)
        case .monthly: Month(index: period).firstDay
        // Day −3 was a Monday.
        case .weekly: period * 7 - 3 + weekStart
        default: period
        }
    }

    /// The days of a period, as months' masks.
    private struct Instances {
        /// A year's twelve months and a moved day at either end.
        private var firstDays = InlineArray<14, Int>(repeating: 0)
        private var masks = InlineArray<14, UInt32>(repeating: 0)
        private var used = 0
        private(set) var count = 0

        mutating func add(_ mask: UInt32, from firstDay: Int) {
            guard mask != 0 else { return }
            firstDays[used] = firstDay
            masks[used] = mask
            used += 1
            count += mask.nonzeroBitCount
        }

        /// The day of an index, 0 to `count` − 1.
        func day(at index: Int) -> Int {
            var left = index
            for i in 0..<used {
                let here = masks[i].nonzeroBitCount
                if left < here { return firstDays[i] + RuleTimes.bit(UInt64(masks[i]), number: left) }
                left -= here
            }
            preconditionFailure("an instance's index lies below the number of instances")
        }
    }

    private func instances(of period: Int) -> Instances {
        var instances = Instances()
        switch days.frequency {
        case .yearly:
            addMonths(Month(year: period, month: 1), 12, to: &instances)
        case .monthly:
            addMonths(Month(index: period), 1, to: &instances)
        default:
            let first = start(ofPeriod: period)
            let length = days.frequency == .weekly ? 7 : 1
            let month = Month(ofDay: first)
            let bits = (UInt32(1) << UInt32(length) - 1) << UInt32(first - month.firstDay)
            instances.add(days.ownDays(of: month) & bits, from: month.firstDay)
            let over = first - month.firstDay + length - month.length
            if over > 0 {
                instances.add(days.ownDays(of: month.next) & (1 << UInt32(over) - 1), from: month.next.firstDay)
            }
        }
        return instances
    }

    private func addMonths(_ first: Month, _ count: Int, to instances: inout Instances) {
        if days.mayMove, days.movesBackward(from: first) {
            instances.add(first.previous.lastBit, from: first.previous.firstDay)
        }
        for index in first.index..<first.index + count {
            let month = Month(index: index)
            var mask = days.ownDays(of: month)
            if days.mayMove {
                if index > first.index, days.movesForward(from: month.previous) { mask |= 1 }
                if index < first.index + count - 1, days.movesBackward(from: month.next) { mask |= month.lastBit }
            }
            instances.add(mask, from: month.firstDay)
        }
        let last = Month(index: first.index + count - 1)
        if days.mayMove, days.movesForward(from: last) { instances.add(1, from: last.next.firstDay) }
    }
}
