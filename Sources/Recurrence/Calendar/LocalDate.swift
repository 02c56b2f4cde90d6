/// A date of the Gregorian calendar, in the years 1 to 9999, in no particular zone.
public struct LocalDate: Hashable, Comparable, Sendable, CustomStringConvertible, LosslessStringConvertible {
    /// 1 to 9999.
    public let year: Int
    /// 1 to 12.
    public let month: Int
    /// 1 to the length of the month.
    public let day: Int

    /// The date, or nil where there is none such: 30 February, month 13, year 10000.
    public init?(year: Int, month: Int, day: Int) {
        guard (1...9_999).contains(year), (1...12).contains(month),
              day >= 1, day <= CivilCalendar.length(ofMonth: month, year: year) else { return nil }
        self.year = year
        self.month = month
        self.day = day
    }

    /// The date of a day number, brought into the years 1 to 9999.
    init(dayNumber: Int) {
        let inside = min(max(dayNumber, CivilCalendar.firstDay), CivilCalendar.lastDay)
        (year, month, day) = CivilCalendar.date(ofDay: inside)
    }

    /// Reads exactly the form `2026-12-28`; nil for anything else and for a date that does not exist.
    public init?(_ text: String) {
        var reader = DigitReader(text)
        guard let date = LocalDate(reading: &reader), reader.isAtEnd else { return nil }
        self = date
    }

    init?(reading reader: inout DigitReader) {
        guard let year = reader.number(digits: 4), reader.take("-"),
              let month = reader.number(digits: 2), reader.take("-"),
              let day = reader.number(digits: 2) else { return nil }
        self.init(year: year, month: month, day: day)
    }

    /// Days since 1970-01-01.
    var dayNumber: Int { CivilCalendar.day(year: year, month: month, day: day) }

    /// The day of the week.
    public var weekday: Weekday {
        // The remainder of a division by seven is a weekday's raw value.
        Weekday(rawValue: CivilCalendar.weekday(ofDay: dayNumber)) ?? .monday
    }

    /// Whether this is the last day of its month.
    public var isLastOfMonth: Bool { day == CivilCalendar.length(ofMonth: month, year: year) }

    /// The date so many days later (or earlier), at most at the ends of the calendar.
    public func adding(days: Int) -> LocalDate {
        let (sum, overflow) = dayNumber.addingReportingOverflow(days)
        return LocalDate(dayNumber: overflow ? (days < 0 ? .min : .max) : sum)
    }

    /// `2026-12-28`.
    public var description: String { DigitWriter.text(10, write(to:)) }

    func write(to writer: inout DigitWriter) {
        writer.number(year, 4)
        writer.put("-")
        writer.number(month, 2)
        writer.put("-")
        writer.number(day, 2)
    }

    /// The earlier date is the lesser.
    public static func < (left: LocalDate, right: LocalDate) -> Bool {
        (left.year, left.month, left.day) < (right.year, right.month, right.day)
    }
}

extension LocalDate: Codable {
    /// Decodes the text form alone.
    public init(from decoder: any Decoder) throws {
        let container = try decoder.singleValueContainer()
        guard let value = LocalDate(try container.decode(String.self)) else {
            throw DecodingError.dataCorruptedError(
                in: container, debugDescription: "not a date such as 2026-12-28")
        }
        self = value
    }

    /// Encodes the text form.
    public func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(description)
    }
}
