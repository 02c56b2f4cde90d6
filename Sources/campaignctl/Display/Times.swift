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

    /// Times that stand below each other: all with seconds where one has them.
    func texts(_ instants: [Instant], of campaign: CampaignView) -> [String] {
        let zoneName = campaign.schedule.definition.timezone
        let texts = instants.map { text($0, zoneName: zoneName) }
        let fullTexts = instants.map { fullText($0, zoneName: zoneName) }
        return zip(texts, fullTexts).contains { $0 == $1 } ? fullTexts : texts
    }

    /// `09:00:00`, for a place beside another time in the same zone; with the date where that is not the other's.
    func text(_ instant: Instant, beside other: Instant, zoneName: String?) -> String {
        let zone = zone(zoneName)
        let local = zone.local(at: instant)
        return local.date == zone.local(at: other).date ? "\(local.time)" : "\(local.date) \(local.time)"
    }

    /// `09:20`, of a time that is only known roughly, rounded up to a minute; with the date where that is not the
    /// other's.
    func roughText(_ instant: Instant, beside other: Instant, zoneName: String?) -> String {
        let zone = zone(zoneName)
        let second = instant.secondsSinceEpoch
        let local = zone.local(at: instant + (60 - second % 60) % 60)
        return local.date == zone.local(at: other).date ? local.time.words : local.words
    }

    /// A cell of ``text(_:zoneName:)``, with seconds where another one in its column has them.
    func cell(_ instant: Instant, zoneName: String?) -> Table.Cell {
        Table.Cell(text(instant, zoneName: zoneName), full: fullText(instant, zoneName: zoneName))
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

    /// Of a campaign that the daemon does not have yet.
    func note(zoneName: String?, ofCampaign name: String) { zoneNames[name] = .some(zoneName) }

    private func zone(_ name: String?) -> Zone {
        guard let name, !isUTC else { return .utc }
        if let known = zones[name] { return known ?? .utc }
        let zone = try? source.zone(named: name)
        zones[name] = .some(zone)
        return zone ?? .utc
    }
}
