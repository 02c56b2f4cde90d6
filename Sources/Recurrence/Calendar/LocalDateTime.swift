/// What a wall clock shows: a date and a time of day, in no particular zone. Which instant that is, if
/// any, is for a `Zone` to say.
public struct LocalDateTime: Hashable, Comparable, Sendable, CustomStringConvertible, LosslessStringConvertible {
    /// The date.
    public let date: LocalDate
    /// The time of day.
    public let time: LocalTime

    /// A date with a time of day.
    public init(date: LocalDate, time: LocalTime) {
        self.date = date
        self.time = time
    }

    /// Reads `2026-12-07T09:00` or `2026-12-07T09:00:00`; nil for anything else.
    public init?(_ text: String) {
        var reader = DigitReader(text)
        guard let local = LocalDateTime(reading: &reader), reader.isAtEnd else { return nil }
        self = local
    }

    init?(reading reader: inout DigitReader) {
        guard let date = LocalDate(reading: &reader), reader.take("T"),
              let time = LocalTime(reading: &reader) else { return nil }
        self.init(date: date, time: time)
    }

    /// The date and time that so many seconds of an even wall clock after 1970-01-01T00:00:00 show,
    /// brought into the years 1 to 9999.
    init(secondOnWallClock second: Int64) {
        let inside = min(max(second, CivilCalendar.firstSecond), CivilCalendar.lastSecond)
        let (day, secondOfDay) = CivilCalendar.split(inside)
        self.init(date: LocalDate(dayNumber: day), time: LocalTime(secondOfDay: secondOfDay))
    }

    /// Seconds since 1970-01-01T00:00:00 on an even wall clock: a measure for order and distance,
    /// which is the instant's only in UTC.
    var secondOnWallClock: Int64 {
        CivilCalendar.second(ofDay: date.dayNumber) + Int64(time.secondOfDay)
    }

    /// `2026-12-07T09:00:00`, always with seconds.
    public var description: String { DigitWriter.text(19, write(to:)) }

    func write(to writer: inout DigitWriter) {
        date.write(to: &writer)
        writer.put("T")
        time.write(to: &writer)
    }

    /// What an even wall clock shows earlier is the lesser.
    public static func < (left: LocalDateTime, right: LocalDateTime) -> Bool {
        (left.date, left.time) < (right.date, right.time)
    }
}

extension LocalDateTime: Codable {
    /// Decodes the text form alone, with or without seconds.
    public init(from decoder: any Decoder) throws {
        let container = try decoder.singleValueContainer()
        guard let value = LocalDateTime(try container.decode(String.self)) else {
            throw DecodingError.dataCorruptedError(
                in: container, debugDescription: "not a date and time such as 2026-12-07T09:00")
        }
        self = value
    }

    /// Encodes the text form, with seconds.
    public func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(description)
    }
}
