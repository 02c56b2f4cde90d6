/// Arithmetic of the proleptic Gregorian calendar on plain integers. Days are counted from
/// 1970-01-01 (day 0), local seconds from 1970-01-01T00:00:00 on the same wall clock.
///
/// The dates of this library end with the years 1 and 9999, as those of RFC 3339 and ISO 8601
/// without an agreement do; no function here checks that, the types built on it do.
enum CivilCalendar {
    static let secondsPerDay: Int64 = 86_400
    /// 0001-01-01 and 9999-12-31 as days.
    static let firstDay = -719_162
    static let lastDay = 2_932_896
    /// The first and the last local second of the calendar.
    static let firstSecond = Int64(firstDay) * secondsPerDay
    static let lastSecond = (Int64(lastDay) + 1) * secondsPerDay - 1
    /// Months counted from January of year 0: the last one is December 9999.
    static let lastMonthIndex = 9_999 * 12 + 11
    static let firstMonthIndex = 12

    @inline(__always)
    static func isLeap(year: Int) -> Bool {
        year & 3 == 0 && (year % 100 != 0 || year % 400 == 0)
    }

    @inline(__always)
    static func length(ofMonth month: Int, year: Int) -> Int {
        if month == 2 { return isLeap(year: year) ? 29 : 28 }
        // 31 for months 1, 3, 5, 7, 8, 10, 12: the pattern turns over in August.
        return 30 + ((month + (month >> 3)) & 1)
    }

    @inline(__always)
    static func length(ofYear year: Int) -> Int { isLeap(year: year) ? 366 : 365 }

    /// The day number of a date. The year starts in March here, so that the leap day is the last.
    @inline(__always)
    static func day(year: Int, month: Int, day: Int) -> Int {
        let shifted = month <= 2 ? year - 1 : year
        let era = floorDivide(shifted, 400)
        let yearOfEra = shifted - era * 400
        let dayOfYear = (153 * (month > 2 ? month - 3 : month + 9) + 2) / 5 + day - 1
        return era * 146_097 + yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear - 719_468
    }

    /// The date of a day number.
    @inline(__always)
    static func date(ofDay day: Int) -> (year: Int, month: Int, day: Int) {
        let shifted = day + 719_468
        let era = floorDivide(shifted, 146_097)
        let dayOfEra = shifted - era * 146_097
        let yearOfEra = (dayOfEra - dayOfEra / 1_460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
        let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
        let shiftedMonth = (5 * dayOfYear + 2) / 153
        let month = shiftedMonth < 10 ? shiftedMonth + 3 : shiftedMonth - 9
        let year = yearOfEra + era * 400 + (month <= 2 ? 1 : 0)
        return (year, month, dayOfYear - (153 * shiftedMonth + 2) / 5 + 1)
    }

    /// 0 for Monday to 6 for Sunday; day 0 was a Thursday.
    @inline(__always)
    static func weekday(ofDay day: Int) -> Int { floorRemainder(day + 3, 7) }

    /// The local second at which a day begins.
    @inline(__always)
    static func second(ofDay day: Int) -> Int64 { Int64(day) * secondsPerDay }

    /// The day of a local second, and the second of that day, 0 to 86,399.
    @inline(__always)
    static func split(_ localSecond: Int64) -> (day: Int, secondOfDay: Int) {
        let day = floorDivide(localSecond, secondsPerDay)
        return (Int(day), Int(localSecond - day * secondsPerDay))
    }
}

/// Division that rounds towards minus infinity; the divisor is positive.
@inline(__always)
func floorDivide<T: BinaryInteger>(_ value: T, _ divisor: T) -> T {
    let quotient = value / divisor
    return value % divisor < 0 ? quotient - 1 : quotient
}

/// What `floorDivide` leaves: 0 to divisor − 1.
@inline(__always)
func floorRemainder<T: BinaryInteger>(_ value: T, _ divisor: T) -> T {
    let remainder = value % divisor
    return remainder < 0 ? remainder + divisor : remainder
}
