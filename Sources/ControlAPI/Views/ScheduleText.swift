internal import CampaignModel

/// Says in a sentence when a campaign is sent.
enum ScheduleText {
    /// `every 2 weeks on monday, friday at 09:00, from 2026-12-07 09:00 to 2027-03-31, Europe/Paris`
    static func sentence(for content: CampaignContent) -> String {
        let schedule = content.definition.schedule ?? ScheduleDefinition()
        var parts: [String] = []
        switch content.kind {
        case .triggered:
            parts.append("when triggered")
            if let end = schedule.end { parts.append("to \(shown(end))") }
        case .oneShot:
            parts.append(isStartWritten(schedule) ? "once on \(shown(schedule.start ?? ""))" : "once at activation")
        case .recurring:
            parts.append(rhythm(schedule))
            parts.append(range(schedule))
        }
        if let zone = schedule.timezone { parts.append(zone) }
        if let except = schedule.except, !except.isEmpty { parts.append("except \(list(except))") }
        return parts.joined(separator: ", ")
    }

    private static func rhythm(_ schedule: ScheduleDefinition) -> String {
        guard let every = schedule.every else { return "by the rule \(schedule.rrule ?? "")" }
        var text = "every \(every)"
        if let days = schedule.days, !days.isEmpty { text += " on \(list(days))" }
        if let at = schedule.at, !at.isEmpty { text += " at \(list(at))" }
        return text
    }

    private static func range(_ schedule: ScheduleDefinition) -> String {
        var text = isStartWritten(schedule) ? "from \(shown(schedule.start ?? ""))" : "from activation"
        if let end = schedule.end { text += " to \(shown(end))" }
        if let count = schedule.count { text += ", \(count) times" }
        return text
    }

    private static func isStartWritten(_ schedule: ScheduleDefinition) -> Bool {
        schedule.start != nil && schedule.start != "now"
    }

    /// More than a line holds is told by its number.
    private static func list(_ words: [String]) -> String {
        words.count <= 12 ? words.joined(separator: ", ") : "\(words.count) values"
    }

    /// `2026-12-07T09:00` as people read it.
    private static func shown(_ local: String) -> String {
        local.replacing("T", with: " ", maxReplacements: 1)
    }
}
