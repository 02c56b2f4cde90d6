import Glibc
import Recurrence

/// Our library as the daemon uses it: one question after the other.
enum OurSide {
    /// Traps where a case of this program is wrong.
    static func series(_ rule: String, _ start: String) -> Series {
        do {
            guard let anchor = LocalDateTime(start) else { preconditionFailure("\(start) is no local time") }
            return try Series(
                anchor: anchor, zone: SystemZones().zone(named: BenchCases.zone), rule: RecurrenceRule(parsing: rule))
        } catch {
            preconditionFailure("\(rule): \(error)")
        }
    }

    /// Writes the instants of the first occurrences and returns their number.
    static func walk(_ series: Series, into instants: inout [Int64]) -> Int {
        var count = 0
        var next: Occurrence? = series.first
        while count < instants.count, let occurrence = next {
            instants[count] = occurrence.instant.secondsSinceEpoch
            count += 1
            next = series.next(after: occurrence.instant)
        }
        return count
    }

    /// The sum of all answers, so that none can be left out.
    static func ask(_ series: Series, _ questions: [Instant]) -> Int64 {
        questions.reduce(0) { $0 &+ (series.next(after: $1)?.instant.secondsSinceEpoch ?? 0) }
    }

    static func questions(_ question: BenchCases.Question, count: Int) -> [Instant] {
        guard let from = Instant(question.from), let to = Instant(question.to) else {
            preconditionFailure("\(question.title) has no times")
        }
        var generator = SeededGenerator(state: BenchCases.seed)
        return (0..<count).map { _ in
            Instant(secondsSinceEpoch: .random(in: from.secondsSinceEpoch..<to.secondsSinceEpoch, using: &generator))
        }
    }
}

/// What this thread has taken of a processor: other work on the machine does not count.
func processorNanoseconds() -> Int64 {
    var time = timespec()
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time)
    return Int64(time.tv_sec) * 1_000_000_000 + Int64(time.tv_nsec)
}
