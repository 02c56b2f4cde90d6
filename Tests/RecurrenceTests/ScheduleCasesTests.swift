import Foundation
import Recurrence
import Testing

/// One line of Fixtures/schedules.jsonl: a schedule and the instants that another implementation, checked by
/// hand where it differs from the RFC, gives for it. Those of Fixtures/found.jsonl once had wrong answers: the tests
/// with random rules (Tests/OracleTests) found them and made them small.
private struct ScheduleCase: Decodable, CustomTestStringConvertible {
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

    var testDescription: String { "\(id): \(rrule)" }

    static func all() throws -> [ScheduleCase] { try given() + found() }
    static func given() throws -> [ScheduleCase] { try read("schedules.jsonl") }
    static func found() throws -> [ScheduleCase] { try read("found.jsonl") }

    private static func read(_ name: String) throws -> [ScheduleCase] {
        let file = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "Fixtures/\(name)")
        let lines = try String(contentsOf: file, encoding: .utf8).split(separator: "\n")
        return try lines.map { try JSONDecoder().decode(ScheduleCase.self, from: Data($0.utf8)) }
    }

    func series() throws -> Series {
        let end: SeriesEnd? = try self.end.map { text in
            if let date = LocalDate(text) { return .date(date) }
            if let local = LocalDateTime(text) { return .local(local) }
            return .instant(try #require(Instant(text)))
        }
        return try Series(
            anchor: try #require(LocalDateTime(start)), zone: try SystemZones().zone(named: timezone),
            rule: try RecurrenceRule(parsing: rrule), end: end,
            exclusions: Exclusions(dates: Set((exclude ?? []).compactMap { LocalDate($0) })), gap: gap ?? .shift)
    }
}

@Suite("the schedule cases with known answers")
struct ScheduleCasesTests {
    @Test("every case gives its occurrences, or its error")
    func cases() throws {
        #expect(try ScheduleCase.given().count == 631)
        for given in try ScheduleCase.all() {
            if given.error == true {
                #expect(throws: (any Error).self, "\(given.testDescription)") { try given.series() }
                continue
            }
            let series = try given.series()
            let found = series.occurrences(given.count, after: given.after.flatMap { Instant($0) })
            #expect(found.map(\.instant.description) == given.expect, "\(given.testDescription)")
            let isExhausted = found.last.map { series.next(after: $0.instant) == nil } ?? true
            if let exhausted = given.exhausted { #expect(isExhausted == exhausted, "\(given.testDescription)") }
        }
    }

    @Test("backwards, every case gives the same occurrences")
    func backwards() throws {
        for given in try ScheduleCase.all() where given.error != true {
            let series = try given.series()
            let forwards = series.occurrences(given.count)
            var backwards: [Occurrence] = []
            var next = forwards.last.flatMap { series.last(atOrBefore: $0.instant) }
            while let occurrence = next, backwards.count <= given.count {
                backwards.append(occurrence)
                next = series.last(before: occurrence.instant)
            }
            #expect(backwards.reversed() == forwards, "\(given.testDescription)")
        }
    }

    @Test("every instant between two occurrences has the same next and the same last one")
    func stability() throws {
        for given in try ScheduleCase.all() where given.error != true {
            let series = try given.series()
            for (early, late) in zip(series.occurrences(6), series.occurrences(6).dropFirst()) {
                let distance = late.instant - early.instant
                for step in [0, 1, 1_800, 3_599, 3_600, 7_200, distance / 3, distance / 2, distance - 1]
                where step >= 0 && step < distance {
                    #expect(series.next(after: early.instant + step) == late, "\(given.testDescription) + \(step)")
                    #expect(series.last(before: late.instant - step) == early, "\(given.testDescription) - \(step)")
                }
            }
        }
    }
}
