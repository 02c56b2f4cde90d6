import CampaignModel
import ControlAPI
import Recurrence

/// What one campaign does on one day, as a line: its time, or its first and how often.
struct CalendarGroup {
    let entries: [CalendarEntry]

    /// From so many on a campaign's times stand in one line.
    private static let collected = 4

    /// The groups of one day's entries, by their first times.
    static func all(of entries: [CalendarEntry]) -> [CalendarGroup] {
        let counts = Dictionary(entries.map { ($0.planned.campaign, 1) }, uniquingKeysWith: +)
        var groups: [CalendarGroup] = []
        var seen: Set<String> = []
        for entry in entries.sorted(by: { $0.local < $1.local }) {
            let campaign = entry.planned.campaign
            if counts[campaign, default: 0] < collected {
                groups.append(CalendarGroup(entries: [entry]))
            } else if seen.insert(campaign).inserted {
                groups.append(CalendarGroup(entries: entries.filter { $0.planned.campaign == campaign }))
            }
        }
        return groups
    }

    var first: CalendarEntry { entries[0] }
    var clashes: [String] { Set(entries.flatMap(\.clashes)).sorted() }

    /// `09:00`, `!09:00` where it clashes, `?09:00` of a draft, `00:00 ×24`.
    var time: String {
        let marks = (clashes.isEmpty ? "" : "!") + (first.isDraft ? "?" : "")
        return marks + first.local.time.words + (entries.count > 1 ? " ×\(entries.count)" : "")
    }

    var campaign: String { first.planned.campaign }

    func dress(_ style: Style) -> (String) -> String {
        if !clashes.isEmpty { return style.red }
        if first.isDraft { return style.dim }
        return { $0 }
    }
}
