import Foundation
import Recurrence
import ScheduleCases
import Testing

/// The cases of Fixtures: schedules.jsonl holds what another implementation, checked by hand where it differs from the
/// RFC, gives; found.jsonl what once had wrong answers, found and made small by the tests with random rules
/// (Tests/OracleTests).
extension ScheduleCase {
    fileprivate var testDescription: String { "\(id): \(rrule)" }

    fileprivate static func all() throws -> [ScheduleCase] { try given() + found() }
    fileprivate static func given() throws -> [ScheduleCase] { try read("schedules.jsonl") }
    fileprivate static func found() throws -> [ScheduleCase] { try read("found.jsonl") }

    private static func read(_ name: String) throws -> [ScheduleCase] {
        try read(URL(filePath: #filePath).deletingLastPathComponent().appending(path: "Fixtures/\(name)"))
    }

    fileprivate func series() throws -> Series { try series(in: SystemZones()) }
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
