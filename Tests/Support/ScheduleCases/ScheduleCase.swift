package import Foundation
package import Recurrence

/// A schedule with its right answer: one line of RecurrenceTests/Fixtures.
package struct ScheduleCase: Codable, Sendable {
    package let id: String
    package let rrule: String
    package let start: String
    package let timezone: String
    package let count: Int
    package let end: String?
    package let gap: GapPolicy?
    package let exclude: [String]?
    package let after: String?
    package let expect: [String]?
    package let exhausted: Bool?
    package let error: Bool?

    /// A value that is none of its field's; a fault of the case.
    package struct BadField: Error {
        let name: String
        let value: String
    }

    /// One line, ready to be kept.
    package var line: String {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        return (try? encoder.encode(self)).map { String(decoding: $0, as: UTF8.self) } ?? id
    }

    package static func read(_ file: URL) throws -> [ScheduleCase] {
        let lines = try String(contentsOf: file, encoding: .utf8).split(separator: "\n")
        return try lines.map { try JSONDecoder().decode(ScheduleCase.self, from: Data($0.utf8)) }
    }

    /// Throws what is wrong with the rule or the series.
    package func series(in zones: SystemZones) throws -> Series {
        guard let anchor = LocalDateTime(start) else { throw BadField(name: "start", value: start) }
        let dates = try (exclude ?? []).map { text in
            guard let date = LocalDate(text) else { throw BadField(name: "exclude", value: text) }
            return date
        }
        return try Series(
            anchor: anchor, zone: try zones.zone(named: timezone), rule: try RecurrenceRule(parsing: rrule),
            end: try end.map(Self.end), exclusions: Exclusions(dates: Set(dates)), gap: gap ?? .shift)
    }

    private static func end(_ text: String) throws -> SeriesEnd {
        if let date = LocalDate(text) { return .date(date) }
        if let local = LocalDateTime(text) { return .local(local) }
        guard let instant = Instant(text) else { throw BadField(name: "end", value: text) }
        return .instant(instant)
    }
}
