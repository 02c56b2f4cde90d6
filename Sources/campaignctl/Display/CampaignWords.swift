import CampaignModel
import ControlAPI
import Recurrence

/// How campaigns are told in words.
enum CampaignWords {
    /// `active ! 2, paused, draft: 3`
    static func status(_ campaign: CampaignView) -> String {
        var text = campaign.status.rawValue
        if !campaign.alerts.isEmpty { text += " ! \(campaign.alerts.count)" }
        if campaign.isPaused { text += ", paused" }
        if let draft = campaign.draftVersion { text += ", draft: \(draft)" }
        return text
    }

    static func type(_ campaign: CampaignView) -> String {
        if campaign.isTriggered { return CampaignKind.triggered.rawValue }
        return (campaign.isRecurring ? CampaignKind.recurring : .oneShot).rawValue
    }

    /// The line that a change answers: `spring: scheduled, next 2026-12-07 09:00 Europe/Paris`.
    static func line(_ campaign: CampaignView, _ times: Times, isDryRun: Bool) -> String {
        var text = "\(campaign.name): \(isDryRun ? "would be " : "")\(campaign.status.rawValue)"
        if campaign.isPaused { text += ", paused" }
        if let draft = campaign.draftVersion { text += ", draft: \(draft)" }
        if campaign.status.isInForce, let next = campaign.next.first {
            text += ", next \(times.text(next, of: campaign))"
        }
        return text
    }
}
