import CampaignModel
import ControlAPI
import Recurrence

/// Shows instants as people read them: in the campaign's zone with its name, or in UTC.
final class Times {
    private let isUTC: Bool
    private let socket: String
    private let source = Terminal.zones
    /// Zones by name; nil where the system has none.
    private var zones: [String: Zone?] = [:]
    /// The names of campaigns' zones by the campaigns' names; nil for a campaign that is gone.
    private var zoneNames: [String: String?] = [:]
    /// A connection of its own: the verb's may be in the middle of a stream.
    private var client: ControlClient?

    init(isUTC: Bool, socket: String) {
        self.isUTC = isUTC
        self.socket = socket
    }

    /// `2026-12-07 09:00 Europe/Paris`, with seconds where they are not zero.
    func text(_ instant: Instant, zoneName: String?) -> String {
        let zone = zone(zoneName)
        return "\(zone.local(at: instant).words) \(zone.name)"
    }

    /// `2026-12-07 09:00:00 Europe/Paris`.
    func fullText(_ instant: Instant, zoneName: String?) -> String {
        let zone = zone(zoneName)
        let local = zone.local(at: instant)
        return "\(local.date) \(local.time) \(zone.name)"
    }

    func text(_ instant: Instant, of campaign: CampaignView) -> String {
        text(instant, zoneName: campaign.schedule.definition.timezone)
    }

    /// The name of a campaign's zone, asked once; nil where it is not known.
    func zoneName(ofCampaign name: String) async -> String? {
        if isUTC { return nil }
        if let known = zoneNames[name] { return known }
        if client == nil { client = try? await ControlClient.connect(to: socket) }
        let campaign = try? await client?.show(name).campaign.view
        let zoneName = campaign?.schedule.definition.timezone
        zoneNames[name] = .some(zoneName)
        return zoneName
    }

    private func zone(_ name: String?) -> Zone {
        guard let name, !isUTC else { return .utc }
        if let known = zones[name] { return known ?? .utc }
        let zone = try? source.zone(named: name)
        zones[name] = .some(zone)
        return zone ?? .utc
    }
}
