import Recurrence

/// Says in a sentence for people when a campaign is sent.
///
///     every 2 weeks on Monday and Friday at 09:00 and 17:00, Europe/Paris, until 31 March 2027
///
/// It is made of the rule, whichever form that was written in, and says all of it. A rule that has more than words say
/// is told as a rule.
public struct ScheduleSentence: Hashable, Sendable, CustomStringConvertible {
    public let description: String

    /// More excluded dates than a line holds are told by their number.
    private static let dateLimit = 3
    /// A rule may have 8 KB; its beginning tells which one it is.
    private static let ruleLimit = 200

    public init(_ content: CampaignContent) {
        let schedule = content.schedule
        var parts: [String]
        var hasZone = true
        var end = schedule.end
        var count: Int?
        switch content.kind {
        case .triggered:
            parts = ["when triggered"]
            hasZone = end != nil
        case .oneShot:
            parts = [schedule.start.map { "once on \(DateWords.dateAndTime($0))" } ?? "once at activation"]
            hasZone = schedule.start != nil || end != nil
        case .recurring:
            let times = content.definition.schedule?.at?.compactMap { LocalTime($0) }
            if let words = schedule.rule.flatMap({ RuleWords($0, start: schedule.start, times: times).text }) {
                parts = [words]
                end = end ?? schedule.rule?.until
                count = schedule.rule?.count
            } else {
                let rule = schedule.rule?.description ?? ""
                let shown = rule.count > Self.ruleLimit ? "\(rule.prefix(Self.ruleLimit))…" : rule
                parts = ["by the rule \(shown) \(RuleWords.origin(schedule.start))"]
            }
        }
        if hasZone, let zone = schedule.timezone { parts.append(zone) }
        if let end { parts.append("until \(DateWords.end(end))") }
        if let count { parts.append(count == 1 ? "1 time" : "\(count) times") }
        parts += Self.exceptions(schedule)
        description = parts.joined(separator: ", ")
    }

    private static func exceptions(_ schedule: Schedule) -> [String] {
        var parts: [String] = []
        let dates = schedule.exclusions.sorted()
        if dates.count > dateLimit {
            parts.append("except on \(dates.count) dates")
        } else if !dates.isEmpty {
            parts.append("except \(DateWords.list(dates.map(DateWords.date)))")
        }
        if schedule.gap == .skip { parts.append("leaving out times that the clocks skip") }
        return parts
    }
}
