/// The rule of a POSIX TZ string, such as `CET-1CEST,M3.5.0,M10.5.0/3`: an offset, or two that alternate
/// at the same two moments of every year (IEEE Std 1003.1, section 8.3; RFC 8536, section 3.3.1, allows
/// moments of −167 to 167 hours).
struct PosixZoneRule: Hashable {
    /// Seconds east of UTC.
    let standardOffset: Int64
    let daylight: Daylight?

    struct Daylight: Hashable {
        let offset: Int64
        /// In standard time.
        let start: YearlyMoment
        /// In daylight time.
        let end: YearlyMoment

        /// Whether both changes lie between February and November, give or take the week and the day that a
        /// moment and an offset can add, and so in the year that names them.
        var staysInYear: Bool { start.isInMiddleOfYear && end.isInMiddleOfYear }
    }

    /// A moment that each year has, in seconds of the wall clock.
    struct YearlyMoment: Hashable {
        enum Day: Hashable {
            /// `J1` to `J365`, 29 February never counted.
            case withoutLeapDay(Int)
            /// `0` to `365`, 29 February counted.
            case zeroBased(Int)
            /// `Mm.w.d`: the w-th weekday d (0 is Sunday) of the month, the last one where w is 5.
            case weekday(month: Int, week: Int, weekday: Int)
        }

        let day: Day
        let second: Int64

        var isInMiddleOfYear: Bool {
            guard case .weekday(let month, _, _) = day else { return false }
            return (2...11).contains(month)
        }

        /// The local second in a year, which may lie up to a week outside of it.
        func localSecond(year: Int) -> Int64 {
            let number: Int
            switch day {
            case .withoutLeapDay(let ordinal):
                let leapDay = ordinal >= 60 && CivilCalendar.isLeap(year: year) ? 1 : 0
                number = CivilCalendar.day(year: year, month: 1, day: ordinal) + leapDay
            case .zeroBased(let ordinal):
                number = CivilCalendar.day(year: year, month: 1, day: ordinal + 1)
            case .weekday(let month, let week, let weekday):
                let first = CivilCalendar.day(year: year, month: month, day: 1)
                // Sunday is 0 here and 6 in the calendar's own count.
                let wanted = (weekday + 6) % 7
                let candidate = first + floorRemainder(wanted - CivilCalendar.weekday(ofDay: first), 7) + (week - 1) * 7
                let pastEnd = candidate - first >= CivilCalendar.length(ofMonth: month, year: year)
                number = pastEnd ? candidate - 7 : candidate
            }
            return CivilCalendar.second(ofDay: number) + second
        }
    }

    /// The smallest and the largest offset.
    var offsets: ClosedRange<Int64> {
        guard let daylight else { return standardOffset...standardOffset }
        return min(standardOffset, daylight.offset)...max(standardOffset, daylight.offset)
    }

    /// The stretch of constant offset around an instant, by the changes of a few years, whichever year it is.
    func segment(at second: Int64) -> ZoneSegment {
        guard let daylight else {
            return ZoneSegment(start: ZoneSegment.distantPast, end: ZoneSegment.distantFuture, offset: standardOffset)
        }
        let year = CivilCalendar.date(ofDay: CivilCalendar.split(second + standardOffset).day).year
        return daylight.staysInYear
            ? segment(at: second, in: year, daylight) : segment(at: second, around: year, daylight)
    }

    private typealias Change = (second: Int64, offset: Int64)

    /// The changes of a year in their order, the end after the start where both are one moment.
    private func changes(in year: Int, _ daylight: Daylight) -> (Change, Change) {
        let start: Change = (daylight.start.localSecond(year: year) - standardOffset, daylight.offset)
        let end: Change = (daylight.end.localSecond(year: year) - daylight.offset, standardOffset)
        return start.second <= end.second ? (start, end) : (end, start)
    }

    /// Where both changes of each year lie well within it: the changes of this year, and one of a neighbour's.
    private func segment(at second: Int64, in year: Int, _ daylight: Daylight) -> ZoneSegment {
        let (first, last) = changes(in: year, daylight)
        if second < first.second {
            let before = changes(in: year - 1, daylight).1
            return ZoneSegment(start: before.second, end: first.second, offset: before.offset)
        }
        if second < last.second { return ZoneSegment(start: first.second, end: last.second, offset: first.offset) }
        return ZoneSegment(start: last.second, end: changes(in: year + 1, daylight).0.second, offset: last.offset)
    }

    /// For all other rules: the ten changes of five years. A moment lies at most 9 days outside of its year, so
    /// that the years next to this one hold the neighbouring changes, and the ones beyond serve rules that
    /// bunch both changes of a year at its end.
    private func segment(at second: Int64, around year: Int, _ daylight: Daylight) -> ZoneSegment {
        var segment = ZoneSegment(
            start: ZoneSegment.distantPast, end: ZoneSegment.distantFuture, offset: standardOffset)
        for year in year - 2...year + 2 {
            // In order: where the end of a year meets the start of the next, daylight time goes on (RFC 8536,
            // section 3.3.1).
            let (first, last) = changes(in: year, daylight)
            for change in [first, last] {
                if change.second > second {
                    segment.end = min(segment.end, change.second)
                } else if change.second >= segment.start {
                    segment.start = change.second
                    segment.offset = change.offset
                }
            }
        }
        return segment
    }
}

extension PosixZoneRule {
    init(_ text: String) throws(TZifError) {
        var reader = TextReader(text)
        guard let rule = Self(&reader), reader.isAtEnd else { throw .badFooter(shown(text, limit: 60)) }
        self = rule
    }

    private init?(_ reader: inout TextReader) {
        guard reader.takeName(), let west = reader.time(maximumHours: 24) else { return nil }
        standardOffset = -west
        guard !reader.isAtEnd else {
            daylight = nil
            return
        }
        guard reader.takeName() else { return nil }
        var offset = standardOffset + 3_600
        if !reader.isNext(",") {
            guard let west = reader.time(maximumHours: 24) else { return nil }
            offset = -west
        }
        // POSIX leaves the moments to the system where they are missing; a footer must say them.
        guard reader.take(","), let start = reader.moment(), reader.take(","), let end = reader.moment() else {
            return nil
        }
        daylight = Daylight(offset: offset, start: start, end: end)
    }

    /// Reads the grammar of the TZ variable; nil where the text does not follow it.
    private struct TextReader {
        private let bytes: [UInt8]
        private var position = 0

        init(_ text: String) { bytes = Array(text.utf8) }

        var isAtEnd: Bool { position == bytes.count }

        func isNext(_ character: Unicode.Scalar) -> Bool {
            position < bytes.count && UInt32(bytes[position]) == character.value
        }

        mutating func take(_ character: Unicode.Scalar) -> Bool {
            guard isNext(character) else { return false }
            position += 1
            return true
        }

        /// Three letters or more, or anything of letters, digits and signs in angle brackets.
        mutating func takeName() -> Bool {
            let isQuoted = take("<")
            let start = position
            while position < bytes.count, Self.isName(bytes[position], quoted: isQuoted) { position += 1 }
            return position - start >= 3 && (!isQuoted || take(">"))
        }

        private static func isName(_ byte: UInt8, quoted: Bool) -> Bool {
            switch byte {
            case UInt8(ascii: "A")...UInt8(ascii: "Z"), UInt8(ascii: "a")...UInt8(ascii: "z"): true
            case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "+"), UInt8(ascii: "-"): quoted
            default: false
            }
        }

        /// A number of one to three digits.
        mutating func number(_ range: ClosedRange<Int>) -> Int? {
            let start = position
            var value = 0
            while position < bytes.count, position - start < 3,
                  (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(bytes[position]) {
                value = value * 10 + Int(bytes[position] - 0x30)
                position += 1
            }
            return position > start && range.contains(value) ? value : nil
        }

        /// `[+-]h[:m[:s]]`, in seconds.
        mutating func time(maximumHours: Int) -> Int64? {
            let isNegative = take("-")
            if !isNegative { _ = take("+") }
            guard let hours = number(0...maximumHours) else { return nil }
            var seconds = hours * 3_600
            if take(":") {
                guard let minutes = number(0...59) else { return nil }
                seconds += minutes * 60
                if take(":") {
                    guard let rest = number(0...59) else { return nil }
                    seconds += rest
                }
            }
            return Int64(isNegative ? -seconds : seconds)
        }

        mutating func moment() -> YearlyMoment? {
            guard let day = day() else { return nil }
            guard take("/") else { return YearlyMoment(day: day, second: 2 * 3_600) }
            guard let second = time(maximumHours: 167) else { return nil }
            return YearlyMoment(day: day, second: second)
        }

        private mutating func day() -> YearlyMoment.Day? {
            if take("J") { return number(1...365).map { .withoutLeapDay($0) } }
            guard take("M") else { return number(0...365).map { .zeroBased($0) } }
            guard let month = number(1...12), take("."), let week = number(1...5), take("."),
                  let weekday = number(0...6) else { return nil }
            return .weekday(month: month, week: week, weekday: weekday)
        }
    }
}
