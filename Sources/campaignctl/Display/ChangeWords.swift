import CampaignModel
import ControlAPI

/// What differs between two contents of a campaign, as a file would show it: `-` for what was, `+` for what comes.
enum ChangeWords {
    static func lines(_ changes: [ChangedField], _ style: Style) -> [String] {
        var lines: [String] = []
        var isInSchedule = false
        for change in changes {
            var key = change.field
            var indent = ""
            if key.hasPrefix("schedule.") {
                if !isInSchedule { lines.append(" schedule:") }
                isInSchedule = true
                key = String(key.dropFirst("schedule.".count))
                indent = "  "
            }
            if let live = change.live { lines.append(style.red("-\(indent)\(key): \(live.escapedForDisplay)")) }
            if let draft = change.draft { lines.append(style.green("+\(indent)\(key): \(draft.escapedForDisplay)")) }
        }
        return lines
    }
}
