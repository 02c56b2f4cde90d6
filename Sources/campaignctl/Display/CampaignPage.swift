import CampaignModel
import ControlAPI
import Recurrence

/// A campaign as `show` tells it, in the manner of `systemctl status`.
struct CampaignPage {
    let campaign: CampaignView
    let sends: [SendView]
    /// The last of its history, the oldest first.
    let events: [EventView]
    /// Whether the version that is shown was replaced or dropped.
    let isOld: Bool
    let now: Instant
    let times: Times
    let style: Style

    static let labelWidth = 11

    var lines: [String] {
        var lines = [style.status("●", campaign.status) + " " + style.bold(campaign.name) + title]
        for (label, values) in entries {
            for (index, value) in values.enumerated() {
                let label = index == 0 ? label + ":" : ""
                let padding = String(repeating: " ", count: max(0, Self.labelWidth - label.count))
                lines.append("\(padding)\(label) \(value)")
            }
        }
        return lines
    }

    private var title: String { campaign.title.map { " - \($0.escapedForDisplay)" } ?? "" }

    private var entries: [(String, [String])] {
        [
            ("Status", [status]), ("Version", [version]), ("Type", [CampaignWords.type(campaign)]),
            ("Channel", named(campaign.channel)), ("Surface", named(campaign.surface)),
            ("Message", named(campaign.message)), ("Audience", named(campaign.audience)),
            ("Tags", campaign.tags.isEmpty ? [] : [campaign.tags.joined(separator: ", ")]),
            ("Schedule", [campaign.schedule.text]), ("Starts", starts), ("Rule", named(campaign.schedule.rule)),
            ("Next", next), ("Completes", completes), ("Alerts", alerts), ("Last sends", lastSends + retry),
            ("History", history),
        ]
    }

    private func named(_ value: String?) -> [String] { value.map { [$0.escapedForDisplay] } ?? [] }

    private func shown(_ instant: Instant) -> String { times.text(instant, of: campaign) }

    private var status: String {
        var text = style.status(campaign.status.rawValue, campaign.status)
        if campaign.isPaused { text += ", " + style.yellow("paused") }
        if let from = campaign.archivedFrom { text += ", before that \(from.rawValue)" }
        if let ended = campaign.endedAt {
            text += ", ended \(since(ended))"
        } else if let activated = campaign.activatedAt {
            text += " since \(since(activated))"
        }
        if campaign.status == .draft { text += "; it is not scheduled until it is activated" }
        return text
    }

    /// The sentence tells a single occurrence's start alone.
    private var starts: [String] {
        let definition = campaign.schedule.definition
        guard campaign.isRecurring, let start = definition.start.flatMap({ LocalDateTime($0) }) else { return [] }
        return ["\(start.words) \(definition.timezone ?? "")"]
    }

    private var version: String {
        let draft = campaign.draftVersion.map { $0 == campaign.version ? " (draft)" : ", draft: \($0)" } ?? ""
        if isOld { return "\(campaign.version), neither live nor a draft any more; revision \(campaign.revision)" }
        return "\(campaign.version)\(draft); revision \(campaign.revision)"
    }

    private var completes: [String] {
        guard campaign.endedAt == nil, let completes = campaign.completesAt else { return [] }
        return ["\(shown(completes)), \(TimeSpan.words(ahead: completes - now))"]
    }

    private var next: [String] {
        zip(campaign.next, times.texts(campaign.next, of: campaign)).map { instant, text in
            "\(text), \(TimeSpan.words(ahead: instant - now))"
        }
    }

    private func since(_ instant: Instant) -> String { "\(shown(instant)); \(TimeSpan.words(ago: now - instant))" }

    private var history: [String] {
        let zoneName = campaign.schedule.definition.timezone
        return events.map { "\(times.fullText($0.at, zoneName: zoneName))  \(EventWords.line($0))" }
    }

    private var alerts: [String] {
        campaign.alerts.map { alert in
            let text = alert.textWithCount.escapedForDisplay
            return "\(style.severity(alert.severity)): \(text) (\(alert.code), since \(shown(alert.since)))"
        }
    }

    /// How the newest one is tried again where it failed and the campaign goes on.
    private var retry: [String] {
        guard campaign.status == .active, let hint = sends.first.flatMap(SendWords.retryHint) else { return [] }
        return ["try the newest again: \(hint)"]
    }

    private var lastSends: [String] {
        zip(sends, times.texts(sends.map(\.due), of: campaign)).map { line($0, due: $1) }
    }

    private func line(_ send: SendView, due: String) -> String {
        let zoneName = campaign.schedule.definition.timezone
        var text = "\(due)  \(style.sendState(SendWords.state(send, times, zoneName: zoneName), send.state))"
        if let count = SendWords.progress(send) { text += "  \(count)" }
        if let reason = send.reason { text += "  \(reason.escapedForDisplay)" }
        return text
    }
}
