/// The days of the calendar that a rule selects, before BYSETPOS, a month at a time: bit d − 1 of a month's
/// mask stands for its day d. A month is an index, counted from January of year 0.
///
/// A search walks from month to month, over those that INTERVAL leaves out, and is bounded twice: it ends with
/// the calendar, and it ends where everything has been seen (`searchLimit`). Rules that occur do so much
/// sooner: 29 February on a given weekday takes 40 years at the longest, over 2100.
struct RuleDays: Sendable {
    let frequency: RecurrenceRule.Frequency
    let interval: Int
    /// The day number of the anchor.
    let anchorDay: Int
    private let anchorMonthIndex: Int
    /// The search backwards ends here: at the anchor, and for steps in elapsed time a little before it, since
    /// clocks that go back over midnight show the day before once more.
    private let earliestDay: Int
    /// The first day of the anchor's week.
    private let anchorWeek: Int
    private let weekStart: Int
    /// Bit m for month m.
    private let months: UInt32
    private let monthDays: MonthDays?
    /// By 12 × leap year + month − 1.
    private let yearDays: YearDays?
    private let weekNumbers: WeekNumbers?
    private let weekdays: WeekdayMasks?
    /// Whether days that do not exist may be moved into the month before or after.
    let mayMove: Bool

    /// The days of a rule, with a SKIP and an INTERVAL that may be others than its own.
    ///
    /// What the rule leaves open is taken from the anchor (RFC 5545, section 3.3.10): the day of the month for
    /// YEARLY and MONTHLY, the month for YEARLY, the weekday for WEEKLY and for BYWEEKNO without a day.
    init(rule: RecurrenceRule, anchor: LocalDate, skip: RecurrenceRule.Skip, interval: Int? = nil) {
        frequency = rule.frequency
        self.interval = rule.frequency.isElapsed ? 1 : interval ?? rule.interval
        anchorDay = anchor.dayNumber
        anchorMonthIndex = anchor.year * 12 + anchor.month - 1
        earliestDay = rule.frequency.isElapsed ? anchorDay - 3 : anchorDay
        weekStart = rule.weekStart.rawValue
        anchorWeek = Self.week(ofDay: anchorDay, weekStart: weekStart)

        let hasDays = !rule.byMonthDay.isEmpty || !rule.byDay.isEmpty || !rule.byYearDay.isEmpty
        var byMonth = rule.byMonth
        var byMonthDay = rule.byMonthDay
        var byDay = rule.byDay
        switch rule.frequency {
        case .yearly where !hasDays && rule.byWeekNumber.isEmpty:
            if byMonth.isEmpty { byMonth = [anchor.month] }
            byMonthDay = [anchor.day]
        case .monthly where !hasDays:
            byMonthDay = [anchor.day]
        case .yearly where !hasDays, .weekly where !hasDays:
            byDay = [RecurrenceRule.Day(anchor.weekday)]
        default:
            break
        }
        // Elsewhere days are left out by BYMONTHDAY, not made, and none can be one that does not exist.
        let skip = rule.frequency >= .monthly ? skip : .omit
        let named: UInt32 = byMonth.isEmpty ? 0b1_1111_1111_1110 : byMonth.reduce(0) { $0 | 1 << UInt32($1) }
        months = named & WeekNumbers.months(rule.byWeekNumber)
        monthDays = byMonthDay.isEmpty ? nil : MonthDays(byMonthDay, skip: skip)
        yearDays = rule.byYearDay.isEmpty ? nil : YearDays(rule.byYearDay, skip: skip)
        weekNumbers = rule.byWeekNumber.isEmpty ? nil : WeekNumbers(rule.byWeekNumber, weekStart: weekStart)
        // A numbered weekday counts within the month wherever months are named (RFC 5545, section 3.3.10).
        weekdays = byDay.isEmpty ? nil
            : WeekdayMasks(byDay, inYear: rule.frequency == .yearly && rule.byMonth.isEmpty)
        mayMove = (monthDays?.mayMove ?? false) || (yearDays?.mayMove ?? false)
    }

    static func week(ofDay day: Int, weekStart: Int) -> Int {
        day - floorRemainder(CivilCalendar.weekday(ofDay: day) - weekStart, 7)
    }

    // MARK: The days of a month

    func contains(day: Int) -> Bool {
        let date = CivilCalendar.date(ofDay: day)
        return days(of: Month(year: date.year, month: date.month)) & 1 << UInt32(date.day - 1) != 0
    }

    /// The days that the rule selects in a month, those moved here from its neighbours included.
    func days(of month: Month) -> UInt32 {
        var days = ownDays(of: month)
        guard mayMove else { return days }
        if movesForward(from: month.previous) { days |= 1 }
        if movesBackward(from: month.next) { days |= month.lastBit }
        return days
    }

    /// The days that a month has of itself: what the period that holds the month selects in it.
    func ownDays(of month: Month) -> UInt32 {
        guard months & 1 << UInt32(month.month) != 0, isSelected(month) else { return 0 }
        var days = month.allBits
        if let monthDays { days &= monthDays.days(length: month.length) }
        if let yearDays { days &= yearDays.days(of: month) }
        days &= otherDays(of: month)
        if interval > 1, days != 0 {
            if frequency == .daily { days &= steppedDays(of: month) }
            if frequency == .weekly { days &= steppedWeeks(of: month) }
        }
        return days
    }

    /// Whether a day at the end of this month does not exist and is moved to the first day of the next one. The
    /// parts that RFC 7529, section 4.1, applies after SKIP must allow that day.
    func movesForward(from month: Month) -> Bool {
        guard months & 1 << UInt32(month.month) != 0, isSelected(month) else { return false }
        let target = month.next
        let byMonthDay = monthDays?.movesForward(length: month.length) ?? false
            && (yearDays?.days(of: target) ?? 1) & 1 != 0
        let byYearDay = yearDays?.movesForward(from: month) ?? false
            && (monthDays?.days(length: target.length) ?? 1) & 1 != 0
        return (byMonthDay || byYearDay) && otherDays(of: target) & 1 != 0
    }

    /// Whether a day counted back past the start of this month is moved to the last day of the one before.
    func movesBackward(from month: Month) -> Bool {
        guard months & 1 << UInt32(month.month) != 0, isSelected(month) else { return false }
        let target = month.previous
        let byMonthDay = monthDays?.movesBackward(length: month.length) ?? false
            && (yearDays?.days(of: target) ?? .max) & target.lastBit != 0
        let byYearDay = yearDays?.movesBackward(from: month) ?? false
            && (monthDays?.days(length: target.length) ?? .max) & target.lastBit != 0
        return (byMonthDay || byYearDay) && otherDays(of: target) & target.lastBit != 0
    }

    private func otherDays(of month: Month) -> UInt32 {
        var days = month.allBits
        if let weekNumbers { days &= weekNumbers.days(of: month) }
        if let weekdays { days &= weekdays.days(of: month) }
        return days
    }

    /// Whether INTERVAL takes this month or its year, counted from the anchor's. What lies before is not the
    /// rule's, so that no day is moved from there past the anchor.
    private func isSelected(_ month: Month) -> Bool {
        let distance: Int
        switch frequency {
        case .yearly: distance = month.year - anchorMonthIndex / 12
        case .monthly: distance = month.index - anchorMonthIndex
        default: return true
        }
        return distance >= 0 && (interval == 1 || distance % interval == 0)
    }

    private func steppedDays(of month: Month) -> UInt32 {
        var day = floorRemainder(anchorDay - month.firstDay, interval)
        var days: UInt32 = 0
        while day < month.length {
            days |= 1 << UInt32(day)
            day += interval
        }
        return days
    }

    private func steppedWeeks(of month: Month) -> UInt32 {
        var week = Self.week(ofDay: month.firstDay, weekStart: weekStart)
        var days: UInt32 = 0
        while week < month.firstDay + month.length {
            if floorRemainder((week - anchorWeek) / 7, interval) == 0 {
                let offset = week - month.firstDay
                days |= offset < 0 ? 0b111_1111 >> UInt32(-offset) : 0b111_1111 << UInt32(offset)
            }
            week += 7
        }
        return days
    }

    /// Whether two days that follow each other are ever both selected. It looks at every kind of month there
    /// is: those of 400 years from the anchor's, 4,800 months, after which the calendar repeats.
    var hasNeighbours: Bool {
        var previousEnds = false
        for index in anchorMonthIndex..<anchorMonthIndex + 4_801 {
            let month = Month(index: index)
            let days = days(of: month)
            if days & days << 1 != 0 || previousEnds && days & 1 != 0 { return true }
            previousEnds = days & month.lastBit != 0
        }
        return false
    }

    // MARK: Search

    /// The months that a search looks at until it has seen all that there is.
    ///
    /// The calendar repeats after 400 years, which are 4,800 months, 20,871 weeks or 146,097 days: a number
    /// divisible by the length of the year's cycle, the month's and the week's. Of every n-th period, n being
    /// the interval, so many later one is again the same one of the cycle, since n times the cycle is a
    /// multiple of both. The months looked at are those of the selected periods: 12 for a year, one for a
    /// month, two at most for a week, one for a day, and never more than n cycles have. Days that SKIP moves
    /// add a month on either side of each.
    private var searchLimit: Int {
        let cycleMonths = 4_800
        let cycles = cycleMonths * min(interval, 100)
        let limit: Int = switch frequency {
        case .yearly, .monthly: cycleMonths
        case .weekly: min(cycles, 2 * 20_871)
        default: min(cycles, 146_097)
        }
        return (mayMove ? 3 : 1) * limit + 1
    }

    /// The first day at `day` or later; `day` is at or after the anchor's.
    func next(atOrAfter day: Int) -> Int? {
        guard day <= CivilCalendar.lastDay else { return nil }
        var month = Month(ofDay: day)
        var days = self.days(of: month) & .max << UInt32(day - month.firstDay)
        var left = searchLimit
        while days == 0 {
            guard left > 0, let following = monthWithStep(atOrAfter: month.index + 1) else { return nil }
            left -= 1
            month = following
            days = self.days(of: month)
        }
        return month.firstDay + days.trailingZeroBitCount
    }

    /// The last day at `day` or earlier, and not earlier than the anchor's.
    func last(atOrBefore day: Int) -> Int? {
        guard day >= earliestDay else { return nil }
        var month = Month(ofDay: day)
        var days = self.days(of: month) & (2 << UInt32(day - month.firstDay) &- 1)
        var left = searchLimit
        while days == 0 {
            guard left > 0, let preceding = monthWithStep(atOrBefore: month.index - 1) else { return nil }
            left -= 1
            month = preceding
            days = self.days(of: month)
        }
        let found = month.firstDay + 31 - days.leadingZeroBitCount
        return found >= earliestDay ? found : nil
    }

    /// The first month from `index` on in which INTERVAL selects anything, or into which a day may be moved.
    private func monthWithStep(atOrAfter index: Int) -> Month? {
        var found = index
        if interval == 1 {
            if !mayMove { found = named(atOrAfter: index) }
        } else {
            switch frequency {
            case .yearly, .monthly:
                found = selected(atOrAfter: index)
                // A day may be moved into the month after a selected one, or into the one before.
                if mayMove {
                    found = min(found, selected(atOrAfter: index - 1) + 1, selected(atOrAfter: index + 1) - 1)
                }
            case .weekly:
                let first = Month(index: index).firstDay
                let week = first + floorRemainder(anchorWeek - first, 7 * interval)
                // A selected week may have begun in the month before.
                found = week - 7 * interval + 6 >= first ? index : Month.index(ofDay: week)
            case .daily:
                let first = Month(index: index).firstDay
                found = Month.index(ofDay: first + floorRemainder(anchorDay - first, interval))
            default:
                break
            }
        }
        return found <= CivilCalendar.lastMonthIndex ? Month(index: found) : nil
    }

    /// The last month up to `index` in which INTERVAL may select anything, not before the anchor's.
    private func monthWithStep(atOrBefore index: Int) -> Month? {
        var found = index
        if interval == 1 {
            if !mayMove { found = named(atOrBefore: index) }
        } else {
            switch frequency {
            case .yearly, .monthly:
                found = selected(atOrBefore: index)
                if mayMove {
                    found = max(found, selected(atOrBefore: index - 1) + 1, selected(atOrBefore: index + 1) - 1)
                }
            case .weekly:
                let last = Month(index: index + 1).firstDay - 1
                let week = last - floorRemainder(last - anchorWeek, 7 * interval)
                found = min(index, Month.index(ofDay: week + 6))
            case .daily:
                let last = Month(index: index + 1).firstDay - 1
                found = Month.index(ofDay: last - floorRemainder(last - anchorDay, interval))
            default:
                break
            }
        }
        return found >= Month.index(ofDay: earliestDay) ? Month(index: found) : nil
    }

    /// The first month from `index` on that the rule names; where it names none, a month a year on.
    private func named(atOrAfter index: Int) -> Int {
        let month = floorRemainder(index, 12)
        // Two years of months, so that the next one is found past December; bit 0 is January.
        let twice = (months >> 1 | months << 11) >> UInt32(month)
        return index + min(twice.trailingZeroBitCount, 12)
    }

    /// The last month up to `index` that the rule names; where it names none, a month a year back.
    private func named(atOrBefore index: Int) -> Int {
        let month = floorRemainder(index, 12)
        let twice = (months >> 1 | months << 11) << UInt32(19 - month)
        return index - min(twice.leadingZeroBitCount, 12)
    }

    private func selected(atOrAfter index: Int) -> Int {
        guard frequency == .yearly else { return index + floorRemainder(anchorMonthIndex - index, interval) }
        let year = floorDivide(index, 12)
        let ahead = floorRemainder(anchorMonthIndex / 12 - year, interval)
        return ahead == 0 ? index : (year + ahead) * 12
    }

    private func selected(atOrBefore index: Int) -> Int {
        guard frequency == .yearly else { return index - floorRemainder(index - anchorMonthIndex, interval) }
        let year = floorDivide(index, 12)
        let behind = floorRemainder(year - anchorMonthIndex / 12, interval)
        return behind == 0 ? index : (year - behind) * 12 + 11
    }
}
