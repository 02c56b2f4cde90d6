import Foundation
import Recurrence
import ScheduleCases
import SeededRandom
import Testing

/// Random rules in zones of every kind: what the library says is what a plain reading of the RFCs says
/// (Oracles/*_rules.py, in zones as zoneinfo has them), which in turn is what another implementation says wherever that
/// is known to be right.
///
/// `CAMPAIGND_ORACLE_SEED` repeats a run, `CAMPAIGND_ORACLE_CASES` makes it longer.
@Suite("Rules against other implementations", .timeLimit(.minutes(60)))
struct RuleOracleTests {
    private struct Draw: Encodable {
        let draw: Int
        let seed: UInt64
        let from: Int
        let peer: String
    }

    private struct Simpler: Encodable {
        let simpler: ScheduleCase
        let peer: String
    }

    /// Cases are asked for in batches, the next one while this one is compared.
    private static let batch = 40
    /// Of every so many cases one is walked besides.
    private static let walkedShare = 10
    /// A fault of the library is one fault many times over: some are made small, the others counted.
    private static let shrunkLimit = 3
    /// Each round takes one thing off a case, of which there are some forty.
    private static let shrinkRounds = 60

    private let seed: UInt64
    private let check = AnswerCheck(zones: SystemZones(directory: ProcessInfo.processInfo.environment["TZDIR"]))

    init() {
        let given = ProcessInfo.processInfo.environment["CAMPAIGND_ORACLE_SEED"].flatMap { UInt64($0) }
        seed = given ?? UInt64.random(in: 0..<1_000_000)
    }

    @Test("the occurrences are those that python-dateutil and zoneinfo give")
    func dateutil() async throws { try await compare(cases: 1_300, with: "dateutil") }

    @Test("days that SKIP moves are those that libical gives")
    func libical() async throws { try await compare(cases: 700, with: "libical") }

    private func compare(cases usual: Int, with peer: String) async throws {
        let cases = ProcessInfo.processInfo.environment["CAMPAIGND_ORACLE_CASES"].flatMap { Int($0) } ?? usual
        var oracle = try OracleProcess()
        var tally = Tally()
        try oracle.send(Draw(draw: min(Self.batch, cases), seed: seed, from: 0, peer: peer))
        for start in stride(from: 0, to: cases, by: Self.batch) {
            let answers = try await oracle.receive([OracleAnswer].self)
            let following = start + Self.batch
            let isLast = following >= cases
            if !isLast {
                try oracle.send(
                    Draw(draw: min(Self.batch, cases - following), seed: seed, from: following, peer: peer))
            }
            for (index, answer) in answers.enumerated() {
                tally.add(answer)
                guard let fault = fault(in: answer, walks: (start + index) % Self.walkedShare == 0) else { continue }
                tally.failures.append((answer, fault))
            }
        }
        for (answer, fault) in tally.failures.prefix(Self.shrunkLimit) {
            let (simplest, itsFault) = try await shrink(answer, fault, &oracle, peer)
            Issue.record("\(simplest.case.line)\n  \(itsFault)\n  from \(answer.case.line)\n  \(fault)")
        }
        let summary = "seed \(seed), \(peer): \(tally.text)"
        print(summary)
        let failed = tally.failures.count
        #expect(failed == 0, "\(summary)")
        // A list of deviations that grew too wide would leave the other implementation unasked.
        let isAskedEnough = tally.asked * 3 >= tally.cases
        #expect(isAskedEnough, "\(summary)")
    }

    private func fault(in answer: OracleAnswer, walks: Bool) -> String? {
        if let fault = check.fault(in: answer) { return fault }
        guard walks, answer.case.error != true, let series = try? answer.case.series(in: check.zones) else {
            return nil
        }
        var walk = WalkCheck(series: series, places: SeededGenerator(seed: UInt64(answer.case.rrule.utf8.count)))
        return walk.fault()
    }

    /// The simplest case that still fails, in whatever way.
    private func shrink(
        _ answer: OracleAnswer, _ fault: String, _ oracle: inout OracleProcess, _ peer: String
    ) async throws -> (OracleAnswer, String) {
        var simplest = (answer, fault)
        for _ in 0..<Self.shrinkRounds {
            try oracle.send(Simpler(simpler: simplest.0.case, peer: peer))
            let candidates = try await oracle.receive([OracleAnswer].self)
            let failing = candidates.lazy.compactMap { candidate -> (OracleAnswer, String)? in
                // Without one of its parts a rule may be none any more.
                guard (try? RecurrenceRule(parsing: candidate.case.rrule)) != nil else { return nil }
                return self.fault(in: candidate, walks: true).map { (candidate, $0) }
            }
            guard let simpler = failing.first else { break }
            simplest = simpler
        }
        return simplest
    }
}

/// What a run has seen.
private struct Tally {
    var cases = 0
    var asked = 0
    var failures: [(OracleAnswer, String)] = []
    private var empty = 0
    private var objections: [String: Int] = [:]

    mutating func add(_ answer: OracleAnswer) {
        cases += 1
        if !answer.occurs && answer.case.error != true { empty += 1 }
        if let objection = answer.objection { objections[objection, default: 0] += 1 } else { asked += 1 }
    }

    var text: String {
        let reasons = objections.sorted { $0.value > $1.value }.map { "\n  \($0.value) times not, since \($0.key)" }
        return "\(cases) cases, \(failures.count) failed, \(empty) with nothing in reach; asked \(asked) times"
            + reasons.joined()
    }
}
