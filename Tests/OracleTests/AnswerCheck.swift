import Recurrence
import ScheduleCases

/// Compares what the library says of a case with what the oracle says.
struct AnswerCheck {
    let zones: SystemZones

    /// What is wrong; nil where nothing is.
    func fault(in answer: OracleAnswer) -> String? {
        if let disagreement = answer.disagreement { return "the oracles disagree: the other one \(disagreement)" }
        let given = answer.case
        do {
            let rule = try RecurrenceRule(parsing: given.rrule)
            guard try RecurrenceRule(parsing: rule.description) == rule else { return "printed as \(rule)" }
        } catch {
            return "the rule is refused: \(error)"
        }
        let series: Series
        do {
            series = try given.series(in: zones)
        } catch SeriesError.neverOccurs(let reason) {
            return given.error == true || !answer.occurs && answer.known != nil ? nil : "never occurs: \(reason)"
        } catch {
            return "the series is refused: \(error)"
        }
        guard given.error != true else { return "occurs at \(series.first.instant), and should not occur at all" }
        return fault(of: series, in: answer)
    }

    private func fault(of series: Series, in answer: OracleAnswer) -> String? {
        let known = answer.known.flatMap { Instant($0) }
        var found: [Occurrence] = []
        var next = answer.case.after.map { series.next(after: Instant($0)!) } ?? series.first
        while let occurrence = next, found.count < answer.case.count, occurrence.instant <= known ?? .latest {
            found.append(occurrence)
            next = series.next(after: occurrence.instant)
        }
        let instants = found.map(\.instant.description)
        guard instants == answer.case.expect else { return "occurs at \(instants)" }
        let nominal = found.map(\.nominal.description)
        guard nominal == answer.nominal else { return "is named \(nominal), not \(answer.nominal)" }
        let gaps = found.map { $0.mark == .gapShifted }
        guard gaps == answer.gaps else { return "gaps are \(gaps), not \(answer.gaps)" }
        guard let exhausted = answer.case.exhausted, exhausted != (next == nil) else { return nil }
        return next.map { "goes on at \($0.instant)" } ?? "has no more"
    }
}
