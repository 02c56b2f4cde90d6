import CampaignModel
import ControlAPI

/// What a look knows beside the sends themselves.
struct WatchSurroundings: Equatable {
    /// What surfaces keep, messages a second, by name; those without a rate are not in it.
    var rates: [String: Double] = [:]
    /// Campaigns of which the daemon says that what they send can't end in time.
    var lateCampaigns: Set<String> = []

    /// Among so many alerts it is looked for.
    private static let alertLimit = 1_000

    static func rates(_ client: ControlClient) async throws -> [String: Double] {
        var rates: [String: Double] = [:]
        for surface in try await client.surfaces().map(\.view) {
            rates[surface.name] = surface.rate.flatMap { MailRate($0) }?.perSecond
        }
        return rates
    }

    /// - Parameter name: of the only campaign that is asked about; nil for all.
    static func lateCampaigns(_ client: ControlClient, of name: String?) async throws -> Set<String> {
        var names: Set<String> = []
        for try await alert in client.alerts(of: name, limit: alertLimit)
        where alert.view.code == AlertCode.endsTooLate.rawValue {
            if let campaign = alert.view.campaign { names.insert(campaign) }
        }
        return names
    }
}
