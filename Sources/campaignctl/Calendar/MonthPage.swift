import CampaignModel
import Recurrence

/// A month as people draw it: a row a week, a column a day, in each day its campaigns with their times.
struct MonthPage {
    let span: CalendarSpan
    let entries: [CalendarEntry]
    let today: LocalDate
    let style: Style

    /// In a narrower column no name is told from another; then days stand below each other.
    static let narrowestDay = 10
    static let widestDay = 32
    /// In a narrower one a campaign's name stands below its time.
    static let narrowestLine = 18
    /// More would push the next week off the screen.
    static let linesInDay = 6
    private static let daysInWeek = 7

    /// How wide a day is; nil where there is no room for seven.
    static func dayWidth(columns: Int) -> Int? {
        let width = (columns - daysInWeek - 1) / daysInWeek
        return width < narrowestDay ? nil : min(width, widestDay)
    }

    func lines(dayWidth: Int) -> [String] {
        let rule = Array(repeating: String(repeating: "─", count: dayWidth), count: Self.daysInWeek)
        let width = (dayWidth + 1) * Self.daysInWeek + 1
        let indent = String(repeating: " ", count: max(0, (width - span.title.count) / 2))
        let names = Weekday.allCases.map { $0.shortName.padded(to: dayWidth, dress: style.bold) }
        var lines = [indent + style.bold(span.title), " " + names.joined(separator: " ")]
        lines.append("┌" + rule.joined(separator: "┬") + "┐")
        let byDay = Dictionary(grouping: entries) { $0.local.date }
        var monday = CalendarSpan(weekOf: span.first).first
        while monday <= span.last {
            let days = (0..<Self.daysInWeek).map { monday.adding(days: $0) }
            lines += week(days.map { cell($0, byDay[$0] ?? [], width: dayWidth) }, width: dayWidth)
            monday = monday.adding(days: Self.daysInWeek)
            let ends = monday <= span.last ? ("├", "┼", "┤") : ("└", "┴", "┘")
            lines.append(ends.0 + rule.joined(separator: ends.1) + ends.2)
        }
        return lines
    }

    private func week(_ days: [[String]], width: Int) -> [String] {
        let height = days.map(\.count).max() ?? 0
        return (0..<height).map { row in
            let cells = days.map { $0.indices.contains(row) ? $0[row] : String(repeating: " ", count: width) }
            return "│" + cells.joined(separator: "│") + "│"
        }
    }

    /// The lines of one day, each padded to its width; a day of another month is empty.
    private func cell(_ day: LocalDate, _ entries: [CalendarEntry], width: Int) -> [String] {
        guard day >= span.first, day <= span.last else { return [] }
        let number = day == today ? "\(day.day) today" : "\(day.day)"
        var lines = [number.padded(to: width, dress: day == today ? style.bold : { $0 })]
        let groups = CalendarGroup.all(of: entries)
        let most = width < Self.narrowestLine ? Self.linesInDay / 2 : Self.linesInDay
        let shown = groups.count > most ? most - 1 : groups.count
        for group in groups.prefix(shown) {
            lines += texts(of: group, width: width).map {
                $0.cut(to: width).padded(to: width, dress: group.dress(style))
            }
        }
        if shown < groups.count { lines.append("+\(groups.count - shown) more".padded(to: width, dress: style.dim)) }
        return lines
    }

    private func texts(of group: CalendarGroup, width: Int) -> [String] {
        width < Self.narrowestLine ? [group.time, " \(group.campaign)"] : ["\(group.time) \(group.campaign)"]
    }
}
