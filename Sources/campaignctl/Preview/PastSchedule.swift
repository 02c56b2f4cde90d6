import CampaignModel
import ControlAPI
import Recurrence

/// A schedule of which nothing is to come.
enum PastSchedule {
    /// `its start was 2026-01-05 09:00 Europe/Paris, 3 days ago`; nil where it has no start of its own, and where
    /// nothing of it has passed.
    ///
    /// - Parameter definition: with its zone.
    static func words(_ definition: ScheduleDefinition, at now: Instant, _ times: Times) -> String? {
        guard definition.start.flatMap({ LocalDateTime($0) }) != nil else { return nil }
        var campaign = CampaignDefinition()
        campaign.schedule = definition
        let rules = Rules(settings: Settings(), catalogue: Catalogue(), zones: Terminal.zones)
        guard let content = try? CampaignContent(campaign),
            let last = try? rules.plan(of: content, activatedAt: now).last(atOrBefore: now)
        else { return nil }
        let what = content.kind == .recurring ? "its last occurrence" : "its start"
        let when = times.text(last.instant, zoneName: definition.timezone)
        return "\(what) was \(when), \(TimeSpan.words(ago: now - last.instant))"
    }
}
