import CampaignModel
import ControlAPI
import Recurrence

/// What would happen, told like the history: a line for each status, for how each send ends and for each alert; then
/// the clashes, and how much it is in all.
struct SimulationPage {
    let found: SimulationView
    /// What is nearer is a clash.
    let clashSeconds: Int64
    let times: Times
    let style: Style

    /// What happens on the way to one of those that are told.
    private static let untold: Set<EventKind> = [
        .claimed, .started, .daemonStarted, .daemonStopped, .tested, .alertsTold,
    ]

    func print() async throws {
        for event in found.events where EventKind(rawValue: event.kind).map(Self.untold.contains) != true {
            let time = times.fullText(event.at, zoneName: await zoneName(event.campaign))
            try Output.line("\(time) \(event.campaign ?? "campaignd"): \(EventWords.what(event))")
        }
        let clashes = Self.toldOnce(found.clashes, within: clashSeconds)
        for clash in clashes {
            let time = times.text(clash.due, zoneName: await zoneName(clash.campaign))
            try Output.line(
                style.red("clash") + ": \(clash.campaign) at \(time) reaches \(clash.audience) near "
                    + clash.with.joined(separator: ", "))
        }
        for alert in found.alerts {
            let campaign = alert.campaign.map { "\($0): " } ?? ""
            try Output.line("stands in the end: \(campaign)\(AlertWords.line(alert, style))")
        }
        Output.message(summary(clashes.count))
    }

    /// Each clash from the side of its first occurrence alone: with campaigns that come at the same time or later.
    ///
    /// - Parameter clashes: from both sides, by their instants.
    static func toldOnce(_ clashes: [ClashView], within seconds: Int64) -> [ClashView] {
        clashes.indices.compactMap { place in
            var clash = clashes[place]
            let later = clashes[(place + 1)...].prefix { $0.due - clash.due < seconds }
            let names = Set(later.filter { $0.audience == clash.audience }.map(\.campaign))
            clash.with = clash.with.filter(names.contains)
            return clash.with.isEmpty ? nil : clash
        }
    }

    private func zoneName(_ campaign: String?) async -> String? {
        guard let campaign else { return nil }
        return await times.zoneName(ofCampaign: campaign)
    }

    private func summary(_ clashCount: Int) -> String {
        let sends = count(.ended, "send", "sends")
        let changes = count(.status, "status change", "status changes")
        let clashes = "\(clashCount) \(clashCount == 1 ? "clash" : "clashes")"
        let end = found.isComplete ? "" : "; it ended early, since so much happens until then"
        return "Until \(times.text(found.until, zoneName: nil)): \(sends), \(changes), \(clashes)\(end)."
            + " Nothing was sent and nothing was changed."
    }

    private func count(_ kind: EventKind, _ one: String, _ several: String) -> String {
        let count = found.events.count { $0.kind == kind.rawValue }
        return "\(count) \(count == 1 ? one : several)"
    }
}
