import CampaignModel
import ControlAPI

/// The whole daemon in a few lines above its sends: how much there is, what is due next, what a person should look at.
struct WatchOverviewPage {
    let overview: WatchOverview
    let times: Times
    let style: Style

    private static let labelWidth = 7

    /// - Parameter columns: no line is wider, less one, so that none is wrapped.
    func lines(columns: Int) -> [String] {
        let width = max(1, columns - 1)
        var lines = [line("Now", counts, width)]
        let next = overview.next.isEmpty ? ["nothing is planned"] : next
        for (index, text) in next.enumerated() { lines.append(line(index == 0 ? "Next" : "", text, width)) }
        for (index, alert) in overview.alerts.enumerated() {
            let word = alert.severity.rawValue
            let text = "\(word): \(alert.campaign ?? "campaignd"): \(alert.textWithCount.escapedForDisplay)"
            let dressed = style.severity(alert.severity)
            lines.append(
                line(index == 0 ? "Alerts" : "", text, width).replacing(word, with: dressed, maxReplacements: 1))
        }
        if overview.hasMoreAlerts { lines.append(line("", "and more: campaignctl alerts", width)) }
        return lines + [""]
    }

    private var next: [String] {
        let instants = overview.next.map { times.text($0.occurrence.instant, zoneName: $0.occurrence.timezone) }
        let widest = instants.map(\.displayWidth).max() ?? 0
        return zip(overview.next, instants).map { planned, time in
            "\(time.padded(to: widest))  \(planned.campaign), \(TimeSpan.words(ahead: planned.inSeconds))"
        }
    }

    private func line(_ label: String, _ text: String, _ width: Int) -> String {
        let padding = String(repeating: " ", count: max(0, Self.labelWidth - label.count - 1))
        return "\(padding)\(label)\(label.isEmpty ? " " : ":") \(text)".cut(to: width)
    }

    /// `2 running, 5 queued; 12 active, 3 scheduled`
    private var counts: String {
        let sends = StatusView.openStates.compactMap { state in
            overview.sends[state].flatMap { $0 > 0 ? "\($0) \(state.rawValue)" : nil }
        }
        let campaigns = [Status.active, .activating, .scheduled].compactMap { status in
            overview.campaigns[status].flatMap { $0 > 0 ? "\($0) \(status.rawValue)" : nil }
        }
        let sending = sends.isEmpty ? "nothing is being sent" : sends.joined(separator: ", ")
        return campaigns.isEmpty ? sending : "\(sending); campaigns: \(campaigns.joined(separator: ", "))"
    }
}
