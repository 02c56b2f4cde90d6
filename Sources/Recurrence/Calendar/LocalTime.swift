/// A time of day on a wall clock, in whole seconds, 00:00:00 to 23:59:59. Leap seconds have no place
/// here, as they have none on POSIX clocks.
public struct LocalTime: Hashable, Comparable, Sendable, CustomStringConvertible, LosslessStringConvertible {
    /// 0 to 23.
    public let hour: Int
    /// 0 to 59.
    public let minute: Int
    /// 0 to 59.
    public let second: Int

    /// 00:00:00.
    public static let midnight = LocalTime(secondOfDay: 0)
    /// 23:59:59.
    static let endOfDay = LocalTime(secondOfDay: 86_399)

    /// The time, or nil where there is none such.
    public init?(hour: Int, minute: Int, second: Int = 0) {
        guard (0...23).contains(hour), (0...59).contains(minute), (0...59).contains(second) else { return nil }
        self.hour = hour
        self.minute = minute
        self.second = second
    }

    /// The time so many seconds after midnight, 0 to 86,399.
    init(secondOfDay: Int) {
        hour = secondOfDay / 3_600
        minute = secondOfDay / 60 % 60
        second = secondOfDay % 60
    }

    /// Reads `09:00` or `09:00:30`; nil for anything else.
    public init?(_ text: String) {
        var reader = DigitReader(text)
        guard let time = LocalTime(reading: &reader), reader.isAtEnd else { return nil }
        self = time
    }

    init?(reading reader: inout DigitReader) {
        guard let hour = reader.number(digits: 2), reader.take(":"),
              let minute = reader.number(digits: 2) else { return nil }
        var second = 0
        if reader.take(":") {
            guard let seconds = reader.number(digits: 2) else { return nil }
            second = seconds
        }
        self.init(hour: hour, minute: minute, second: second)
    }

    /// Seconds since midnight, 0 to 86,399.
    public var secondOfDay: Int { hour * 3_600 + minute * 60 + second }

    /// `09:00:00`, always with seconds.
    public var description: String { DigitWriter.text(8, write(to:)) }

    func write(to writer: inout DigitWriter) {
        writer.number(hour, 2)
        writer.put(":")
        writer.number(minute, 2)
        writer.put(":")
        writer.number(second, 2)
    }

    /// The earlier time is the lesser.
    public static func < (left: LocalTime, right: LocalTime) -> Bool { left.secondOfDay < right.secondOfDay }
}

extension LocalTime: Codable {
    /// Decodes the text form alone, with or without seconds.
    public init(from decoder: any Decoder) throws {
        let container = try decoder.singleValueContainer()
        guard let value = LocalTime(try container.decode(String.self)) else {
            throw DecodingError.dataCorruptedError(
                in: container, debugDescription: "not a time such as 09:00 or 09:00:30")
        }
        self = value
    }

    /// Encodes the text form, with seconds.
    public func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(description)
    }
}
