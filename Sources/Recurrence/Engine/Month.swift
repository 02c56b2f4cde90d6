/// A month of the calendar with what the search for days needs of it. Months of year 0 and of year 10000
/// may be formed: they neighbour the calendar's first and last.
struct Month {
    let year: Int
    /// 1 to 12.
    let month: Int
    /// Months since January of year 0.
    let index: Int
    /// The number of its first day.
    let firstDay: Int
    /// 28 to 31.
    let length: Int

    @inline(__always)
    init(year: Int, month: Int) {
        self.year = year
        self.month = month
        index = year * 12 + month - 1
        firstDay = CivilCalendar.day(year: year, month: month, day: 1)
        length = CivilCalendar.length(ofMonth: month, year: year)
    }

    @inline(__always)
    init(index: Int) {
        let year = floorDivide(index, 12)
        self.init(year: year, month: index - year * 12 + 1)
    }

    @inline(__always)
    init(ofDay day: Int) {
        let date = CivilCalendar.date(ofDay: day)
        year = date.year
        month = date.month
        index = year * 12 + month - 1
        firstDay = day - date.day + 1
        length = CivilCalendar.length(ofMonth: month, year: year)
    }

    static func index(ofDay day: Int) -> Int {
        let date = CivilCalendar.date(ofDay: day)
        return date.year * 12 + date.month - 1
    }

    var previous: Month { Month(index: index - 1) }
    var next: Month { Month(index: index + 1) }

    /// One bit for each of its days.
    var allBits: UInt32 { .max >> UInt32(32 - length) }
    /// The bit of its last day.
    var lastBit: UInt32 { 1 << UInt32(length - 1) }
    /// The weekday of its first day, 0 for Monday.
    var firstWeekday: Int { CivilCalendar.weekday(ofDay: firstDay) }
    /// The number of days of its year before it.
    var daysBefore: Int { firstDay - CivilCalendar.day(year: year, month: 1, day: 1) }
}
