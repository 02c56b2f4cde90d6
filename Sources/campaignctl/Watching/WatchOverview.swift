import CampaignModel
import ControlAPI

/// What a look at the whole daemon finds beside the sends.
struct WatchOverview: Equatable {
    /// Soonest first.
    let next: [PlannedView]
    /// The first ones, errors before warnings.
    let alerts: [AlertView]
    let hasMoreAlerts: Bool
    let sends: [SendState: Int]
    let campaigns: [Status: Int]

    /// As many as stand beside the sends on a small terminal.
    static let nextLimit = 3
    static let alertLimit = 3
    /// Among so many an error is looked for.
    private static let searched = 200

    static func look(_ client: ControlClient) async throws -> WatchOverview {
        let status = try await client.status().view
        var alerts: [AlertView] = []
        for try await alert in client.alerts(limit: searched) { alerts.append(alert.view) }
        alerts = alerts.filter { $0.severity == .error } + alerts.filter { $0.severity != .error }
        return WatchOverview(
            next: try await client.next(NextQuery(limit: nextLimit)).occurrences.map(\.view),
            alerts: Array(alerts.prefix(alertLimit)), hasMoreAlerts: alerts.count > alertLimit, sends: status.sends,
            campaigns: status.campaigns)
    }
}
