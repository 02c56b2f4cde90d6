import LibicalWalk
import Recurrence

/// libical through a few functions of C, which measure themselves.
final class LibicalSide {
    private let rule: OpaquePointer

    init?(_ text: String, _ start: String) {
        let compact = start.filter { $0 != "-" && $0 != ":" }
        guard let rule = libical_rule_new(text, compact, BenchCases.zone) else { return nil }
        self.rule = rule
    }

    deinit { libical_rule_free(rule) }

    /// Writes the instants of the first occurrences; their number, and what iterating took.
    func walk(into instants: inout [Int64]) -> (count: Int, nanoseconds: Int64) {
        var nanoseconds: Int64 = 0
        let count = libical_rule_walk(rule, instants.count, &instants, &nanoseconds)
        return (count, nanoseconds)
    }

    func next(after instant: Instant, byShortcut: Bool) -> Answer {
        let answer = libical_rule_next(
            rule, instant.secondsSinceEpoch, byShortcut, Int64(BenchCases.walkLimitSeconds))
        return Answer(
            instant: answer.found ? answer.instant : nil, nanoseconds: answer.nanoseconds, isCutOff: answer.cut_off)
    }
}

/// One answer to "the next after", of libical or dateutil.
struct Answer: Codable {
    let instant: Int64?
    let nanoseconds: Int64
    let isCutOff: Bool
}
