extension RuleDays {
    /// BYMONTHDAY, with the SKIP of days that a month does not have (RFC 7529, section 4.1): 31 in April is
    /// 30 April backward and 1 May forward; −31, the day before the first, is 31 March and 1 April.
    struct MonthDays: Sendable {
        /// Bit d − 1 for day d.
        private let fromStart: UInt32
        /// Bit 31 − d for day −d, so that a shift by 31 − length gives bits of days.
        private let fromEnd: UInt32
        private let skip: RecurrenceRule.Skip

        init(_ days: [Int], skip: RecurrenceRule.Skip) {
            fromStart = days.reduce(0) { $1 > 0 ? $0 | 1 << UInt32($1 - 1) : $0 }
            fromEnd = days.reduce(0) { $1 < 0 ? $0 | 1 << UInt32(31 + $1) : $0 }
            self.skip = skip
        }

        /// The days in a month of that length, moved ones that stay in it included.
        func days(length: Int) -> UInt32 {
            var days = fromStart & .max >> UInt32(32 - length) | fromEnd >> UInt32(31 - length)
            if skip == .backward, passesEnd(length) { days |= 1 << UInt32(length - 1) }
            if skip == .forward, passesStart(length) { days |= 1 }
            return days
        }

        func movesForward(length: Int) -> Bool { skip == .forward && passesEnd(length) }
        func movesBackward(length: Int) -> Bool { skip == .backward && passesStart(length) }

        /// Whether some month would lack one of the days and have it moved out: February is the shortest.
        var mayMove: Bool { movesForward(length: 28) || movesBackward(length: 28) }

        private func passesEnd(_ length: Int) -> Bool { fromStart >> UInt32(length) != 0 }
        private func passesStart(_ length: Int) -> Bool { fromEnd & (1 << UInt32(31 - length) - 1) != 0 }
    }

    /// BYYEARDAY, with the SKIP of day 366 (and −366) of a shorter year.
    struct YearDays: Sendable {
        /// By 12 × (1 in a leap year) + month − 1.
        private let masks: [UInt32]
        private let has366: Bool
        private let hasMinus366: Bool
        private let skip: RecurrenceRule.Skip

        init(_ days: [Int], skip: RecurrenceRule.Skip) {
            var masks = [UInt32](repeating: 0, count: 24)
            // A common year and a leap year: 2001 and 2000.
            for (leap, year) in [2_001, 2_000].enumerated() {
                let first = CivilCalendar.day(year: year, month: 1, day: 1)
                let length = CivilCalendar.length(ofYear: year)
                for day in days {
                    var ordinal = day > 0 ? day : length + 1 + day
                    if skip == .backward { ordinal = min(ordinal, length) }
                    if skip == .forward { ordinal = max(ordinal, 1) }
                    guard (1...length).contains(ordinal) else { continue }
                    let date = CivilCalendar.date(ofDay: first + ordinal - 1)
                    masks[leap * 12 + date.month - 1] |= 1 << UInt32(date.day - 1)
                }
            }
            self.masks = masks
            self.skip = skip
            has366 = days.contains(366)
            hasMinus366 = days.contains(-366)
        }

        func days(of month: Month) -> UInt32 {
            masks[(CivilCalendar.isLeap(year: month.year) ? 12 : 0) + month.month - 1]
        }

        func movesForward(from month: Month) -> Bool {
            skip == .forward && has366 && month.month == 12 && !CivilCalendar.isLeap(year: month.year)
        }

        func movesBackward(from month: Month) -> Bool {
            skip == .backward && hasMinus366 && month.month == 1 && !CivilCalendar.isLeap(year: month.year)
        }

        var mayMove: Bool { skip == .forward && has366 || skip == .backward && hasMinus366 }
    }

    /// BYWEEKNO: the weeks of RFC 5545, section 3.3.10, the first of which has four days of the year at least.
    /// The days of a calendar year are meant, so that a week over New Year gives each year its own days.
    struct WeekNumbers: Sendable {
        /// Bit n for week n.
        private let fromStart: UInt64
        /// Bit 54 − n for week −n, so that a shift by 53 − weeks gives bits of weeks.
        private let fromEnd: UInt64
        private let weekStart: Int

        init(_ numbers: [Int], weekStart: Int) {
            fromStart = numbers.reduce(0) { $1 > 0 ? $0 | 1 << UInt64($1) : $0 }
            fromEnd = numbers.reduce(0) { $1 < 0 ? $0 | 1 << UInt64(54 + $1) : $0 }
            self.weekStart = weekStart
        }

        func days(of month: Month) -> UInt32 {
            let start = firstWeek(of: month.year)
            let end = firstWeek(of: month.year + 1)
            let own = numbers(ofWeeks: (end - start) / 7)
            var week = RuleDays.week(ofDay: month.firstDay, weekStart: weekStart)
            var days: UInt32 = 0
            while week < month.firstDay + month.length {
                // The year that has the week's fourth day has the week.
                let isSelected: Bool
                if week < start {
                    let total = (start - firstWeek(of: month.year - 1)) / 7
                    isSelected = numbers(ofWeeks: total) & 1 << UInt64(total) != 0
                } else if week < end {
                    isSelected = own & 1 << UInt64((week - start) / 7 + 1) != 0
                } else {
                    let total = (firstWeek(of: month.year + 2) - end) / 7
                    isSelected = numbers(ofWeeks: total) & 0b10 != 0
                }
                if isSelected {
                    let offset = week - month.firstDay
                    days |= offset < 0 ? 0b111_1111 >> UInt32(-offset) : 0b111_1111 << UInt32(offset)
                }
                week += 7
            }
            return days & month.allBits
        }

        /// Bit m for each month that may have days of the weeks, in whatever year; of no weeks, for every month.
        static func months(_ numbers: [Int]) -> UInt32 {
            let all: UInt32 = 0b1_1111_1111_1110
            guard !numbers.isEmpty else { return all }
            return numbers.reduce(0) { mask, number in
                // Week 1 begins from three days before the year's first day to three days after it; the last week, 52
                // or 53, ends as near to the year's last day. Months are 28 to 31 days long.
                let week = number > 0 ? number...number : (53 + number)...(54 + number)
                let days = (week.lowerBound - 1) * 7 - 3...week.upperBound * 7 + 3
                let months = max(days.lowerBound, 0) / 31 + 1...min(max(days.upperBound, 0) / 28 + 1, 12)
                let range = months.reduce(UInt32(0)) { $0 | 1 << UInt32($1) }
                // A week over New Year has days of both years.
                return mask | range | (days.lowerBound < 0 ? 1 << 12 : 0) | (days.upperBound > 364 ? 1 << 1 : 0)
            } & all
        }

        /// Bit n for the n-th week of a year that has so many.
        private func numbers(ofWeeks total: Int) -> UInt64 { fromStart | fromEnd >> UInt64(53 - total) }

        private func firstWeek(of year: Int) -> Int {
            RuleDays.week(ofDay: CivilCalendar.day(year: year, month: 1, day: 4), weekStart: weekStart)
        }
    }

    /// BYDAY: plain and numbered weekdays, a union. Masks are made once for every kind of month there is.
    struct WeekdayMasks: Sendable {
        private let masks: [UInt32]
        private let inYear: Bool

        init(_ days: [RecurrenceRule.Day], inYear: Bool) {
            let plain = days.filter { $0.ordinal == nil }
                .reduce(into: UInt64(0)) { $0 |= 1 << UInt64($1.weekday.rawValue) }
            let numbered = days.filter { $0.ordinal != nil }
            self.inYear = inYear && !numbered.isEmpty
            masks = self.inYear ? Self.yearMasks(plain, numbered) : Self.monthMasks(plain, numbered)
        }

        func days(of month: Month) -> UInt32 {
            guard inYear else { return masks[month.firstWeekday * 4 + month.length - 28] }
            let firstOfYear = month.firstDay - month.daysBefore
            let leap = CivilCalendar.isLeap(year: month.year) ? 1 : 0
            return masks[(CivilCalendar.weekday(ofDay: firstOfYear) * 2 + leap) * 12 + month.month - 1]
        }

        /// By 4 × weekday of the first + length − 28.
        private static func monthMasks(_ plain: UInt64, _ numbered: [RecurrenceRule.Day]) -> [UInt32] {
            (0..<28).map { kind in
                let firstWeekday = kind / 4
                let length = 28 + kind % 4
                return numbered.reduce(spread(plain, firstWeekday, length)) { mask, day in
                    mask | bit(ofOrdinal: day, firstWeekday, length).reduce(0) { $0 | 1 << UInt32($1) }
                }
            }
        }

        /// By 12 × (2 × weekday of 1 January + 1 in a leap year) + month − 1.
        private static func yearMasks(_ plain: UInt64, _ numbered: [RecurrenceRule.Day]) -> [UInt32] {
            var masks: [UInt32] = []
            for kind in 0..<14 {
                let year = kind % 2 == 1 ? 2_000 : 2_001
                let length = CivilCalendar.length(ofYear: year)
                let days = Set(numbered.flatMap { Self.bit(ofOrdinal: $0, kind / 2, length) })
                var before = 0
                for month in 1...12 {
                    let monthLength = CivilCalendar.length(ofMonth: month, year: year)
                    var mask = spread(plain, (kind / 2 + before) % 7, monthLength)
                    for day in 0..<monthLength where days.contains(before + day) { mask |= 1 << UInt32(day) }
                    masks.append(mask)
                    before += monthLength
                }
            }
            return masks
        }

        /// The days of a month on which the weekdays of a set fall.
        private static func spread(_ weekdays: UInt64, _ firstWeekday: Int, _ length: Int) -> UInt32 {
            let turned = (weekdays | weekdays << 7) >> UInt64(firstWeekday) & 0b111_1111
            let repeated = (0..<5).reduce(UInt64(0)) { $0 | turned << UInt64($1 * 7) }
            return UInt32(truncatingIfNeeded: repeated) & .max >> UInt32(32 - length)
        }

        /// The day, counted from 0, of the n-th weekday of a month or year; none where it has no n-th.
        private static func bit(ofOrdinal day: RecurrenceRule.Day, _ firstWeekday: Int, _ length: Int) -> [Int] {
            guard let ordinal = day.ordinal else { return [] }
            let first = floorRemainder(day.weekday.rawValue - firstWeekday, 7)
            let total = (length - first + 6) / 7
            let number = ordinal > 0 ? ordinal - 1 : total + ordinal
            return (0..<total).contains(number) ? [first + number * 7] : []
        }
    }
}
