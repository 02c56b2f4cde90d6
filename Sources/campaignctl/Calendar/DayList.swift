import CampaignModel
import ControlAPI
import Recurrence

/// Days below each other, with all that is known of each campaign on them: a week, and a month where the terminal is
/// too narrow for one.
struct DayList {
    let span: CalendarSpan
    let today: LocalDate
    let style: Style

    private let byDay: [LocalDate: [CalendarGroup]]
    /// All days have their columns at the same places.
    private let timeWidth: Int
    private let nameWidth: Int

    init(span: CalendarSpan, entries: [CalendarEntry], today: LocalDate, style: Style) {
        self.span = span
        self.today = today
        self.style = style
        byDay = Dictionary(grouping: entries) { $0.local.date }.mapValues(CalendarGroup.all)
        let groups = byDay.values.flatMap(\.self)
        timeWidth = groups.map { "\($0.time) \($0.first.zoneName)".displayWidth }.max() ?? 0
        nameWidth = groups.map(\.campaign.displayWidth).max() ?? 0
    }

    var lines: [String] {
        var lines = [style.bold(span.title)]
        for day in span.days {
            let groups = byDay[day] ?? []
            // A week shows its free days; a month of them would hide the others.
            if groups.isEmpty, case .month = span { continue }
            lines.append(heading(day))
            lines += groups.isEmpty ? ["    -"] : groups.map(line)
        }
        return lines
    }

    private func heading(_ day: LocalDate) -> String {
        style.bold("\(day.weekday.shortName) \(day.words)") + (day == today ? " (today)" : "")
    }

    /// `    09:00 Europe/Paris  spring-newsletter  Soldes d’été; clashes with winter`
    private func line(_ group: CalendarGroup) -> String {
        let planned = group.first.planned
        let marks = Set(group.entries.compactMap(\.planned.occurrence.mark)).sorted()
        var text = "\(group.time) \(group.first.zoneName)".padded(to: timeWidth)
        text += "  " + group.campaign.padded(to: nameWidth)
        let notes = [planned.title].compactMap(\.self) + marks + (group.first.isDraft ? ["draft"] : [])
        if !notes.isEmpty { text += "  " + notes.map(\.escapedForDisplay).joined(separator: "; ") }
        while text.last == " " { text.removeLast() }
        let clashes = group.clashes.isEmpty ? "" : "; clashes with \(group.clashes.joined(separator: ", "))"
        return "    " + (group.first.isDraft ? style.dim(text) : text) + (clashes.isEmpty ? "" : style.red(clashes))
    }
}
