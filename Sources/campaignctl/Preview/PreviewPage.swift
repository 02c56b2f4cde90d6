import CampaignModel
import ControlAPI
import Recurrence
import VarlinkKit

/// Occurrences to come as people see them: the table on standard output, what is said about it on standard error.
struct PreviewPage {
    let sentence: String
    let rule: String?
    let notes: [String]
    let occurrences: [OccurrenceView]
    let isExhausted: Bool
    let after: Instant?
    /// Why none is to come, as the end of a sentence; nil where nobody asked, or knows.
    var reason: String?

    /// One object a line.
    static func printJSON(_ objects: [JSONObject]) throws {
        for object in objects { try Output.line(object) }
    }

    func print(in session: Session) throws {
        Output.message(sentence.escapedForDisplay)
        if let rule { Output.message("Rule: \(rule)") }
        for note in notes { Output.message(note.escapedForDisplay) }
        let style = session.style
        let isUTC = session.options.utc
        var table = Table(isUTC ? ["UTC", "MARK"] : ["LOCAL", "ZONE", "UTC", "MARK"], style: style)
        for occurrence in occurrences {
            let local = [Table.Cell(Self.text(occurrence.local)), Table.Cell(occurrence.timezone)]
            let instant = Table.Cell(occurrence.instant.description)
            let mark = Table.Cell(occurrence.mark?.escapedForDisplay ?? "", dress: style.yellow)
            try table.add((isUTC ? [] : local) + [instant, mark])
        }
        try table.flush()
        Output.message(ending)
    }

    private var ending: String {
        if occurrences.isEmpty {
            if let after { return "Nothing is to come after \(after)." }
            return "Nothing is to come\(reason.map { ": \($0)" } ?? "")."
        }
        return isExhausted ? "No more follow." : "More follow: -n shows more, --after goes on from an instant."
    }

    /// `Sat 2026-10-03 02:30`.
    private static func text(_ local: LocalDateTime) -> String {
        "\("\(local.date.weekday)".prefix(3).capitalizedFirst) \(local.words)"
    }
}

extension Substring {
    fileprivate var capitalizedFirst: String { prefix(1).uppercased() + dropFirst() }
}
