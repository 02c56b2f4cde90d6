import Foundation
import Recurrence

/// A schedule with its right answer, in the form of RecurrenceTests/Fixtures/found.jsonl.
struct OracleCase: Codable {
    let id: String
    let rrule: String
    let start: String
    let timezone: String
    let count: Int
    let end: String?
    let gap: GapPolicy?
    let exclude: [String]?
    let after: String?
    let expect: [String]?
    let exhausted: Bool?
    let error: Bool?

    /// One line, ready to be kept.
    var line: String {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        return (try? encoder.encode(self)).map { String(decoding: $0, as: UTF8.self) } ?? id
    }

    /// Throws what is wrong with the rule or the series.
    func series(in zones: SystemZones) throws -> Series {
        let end: SeriesEnd? = self.end.flatMap { text in
            LocalDate(text).map { .date($0) } ?? LocalDateTime(text).map { .local($0) }
                ?? Instant(text).map { .instant($0) }
        }
        return try Series(
            anchor: LocalDateTime(start)!, zone: try zones.zone(named: timezone),
            rule: try RecurrenceRule(parsing: rrule), end: end,
            exclusions: Exclusions(dates: Set((exclude ?? []).map { LocalDate($0)! })), gap: gap ?? .shift)
    }
}

/// What the oracle says of a case.
struct OracleAnswer: Decodable {
    let `case`: OracleCase
    /// The local times that the rule names for the instants of `case.expect`, and whether each lies in a gap.
    let nominal: [String]
    let gaps: [Bool]
    /// The last instant to which the answer is known; nil where nothing follows.
    let known: String?
    /// Whether anything is known to occur, whatever `case.after` says.
    let occurs: Bool
    /// Why the other implementation is not asked about this case; nil where it is.
    let objection: String?
    /// What the other implementation says, where it is not what the plain oracle says.
    let disagreement: String?
}
