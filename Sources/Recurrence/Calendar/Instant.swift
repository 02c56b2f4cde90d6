/// A point on the time line: whole seconds since 1970-01-01T00:00:00Z, leap seconds not counted
/// (POSIX time).
///
/// Instants lie in the years 1 to 9999 of UTC; what would lie outside is brought to the nearer end,
/// so that arithmetic on an instant never overflows and every instant can be printed.
///
///     Instant("2026-12-07T08:00:00Z")! + 3_600 // 2026-12-07T09:00:00Z
public struct Instant: Hashable, Comparable, Sendable, CustomStringConvertible, LosslessStringConvertible {
    /// Seconds since 1970-01-01T00:00:00Z, from −62,135,596,800 to 253,402,300,799.
    public let secondsSinceEpoch: Int64

    /// 0001-01-01T00:00:00Z.
    public static let earliest = Instant(secondsSinceEpoch: CivilCalendar.firstSecond)
    /// 9999-12-31T23:59:59Z.
    public static let latest = Instant(secondsSinceEpoch: CivilCalendar.lastSecond)

    /// The instant so many seconds after 1970-01-01T00:00:00Z, brought into the years 1 to 9999.
    public init(secondsSinceEpoch: Int64) {
        self.secondsSinceEpoch = min(max(secondsSinceEpoch, CivilCalendar.firstSecond), CivilCalendar.lastSecond)
    }

    /// Reads exactly the form `2026-12-07T08:00:00Z` (RFC 3339 in UTC, whole seconds, years 0001 to
    /// 9999, seconds 00 to 59); nil for anything else.
    public init?(_ text: String) {
        var reader = DigitReader(text)
        guard text.utf8.count == 20, let local = LocalDateTime(reading: &reader), reader.take("Z"),
              reader.isAtEnd else { return nil }
        secondsSinceEpoch = local.secondOnWallClock
    }

    /// `2026-12-07T08:00:00Z`.
    public var description: String {
        DigitWriter.text(20) { writer in
            LocalDateTime(secondOnWallClock: secondsSinceEpoch).write(to: &writer)
            writer.put("Z")
        }
    }

    /// The earlier instant is the lesser.
    public static func < (left: Instant, right: Instant) -> Bool {
        left.secondsSinceEpoch < right.secondsSinceEpoch
    }

    /// The instant so many seconds later (or earlier), at most at the ends of the calendar.
    public static func + (instant: Instant, seconds: Int64) -> Instant {
        let (sum, overflow) = instant.secondsSinceEpoch.addingReportingOverflow(seconds)
        return overflow ? (seconds < 0 ? .earliest : .latest) : Instant(secondsSinceEpoch: sum)
    }

    /// The instant so many seconds earlier (or later), at most at the ends of the calendar.
    public static func - (instant: Instant, seconds: Int64) -> Instant {
        let (difference, overflow) = instant.secondsSinceEpoch.subtractingReportingOverflow(seconds)
        return overflow ? (seconds < 0 ? .latest : .earliest) : Instant(secondsSinceEpoch: difference)
    }

    /// The seconds from `right` to `left`, negative where `left` is the earlier one.
    public static func - (left: Instant, right: Instant) -> Int64 {
        left.secondsSinceEpoch - right.secondsSinceEpoch
    }
}

extension Instant: Codable {
    /// Decodes the text form alone.
    public init(from decoder: any Decoder) throws {
        let container = try decoder.singleValueContainer()
        let text = try container.decode(String.self)
        guard let value = Instant(text) else {
            throw DecodingError.dataCorruptedError(
                in: container, debugDescription: "not an instant such as 2026-12-07T08:00:00Z")
        }
        self = value
    }

    /// Encodes the text form.
    public func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(description)
    }
}
