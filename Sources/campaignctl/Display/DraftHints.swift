import CampaignModel
import ControlAPI

/// What is said of a draft that was made or changed.
extension Session {
    /// More than a line holds is for `preview` and `show`.
    private static let nextLimit = 3

    /// What the schedule was understood as: a mistake in it is seen at once.
    func hintAtSchedule(_ campaign: CampaignView, _ times: Times) {
        guard !isJSON else { return }
        Output.message("  \(campaign.schedule.text.escapedForDisplay)")
        if campaign.isTriggered { return }
        guard let first = campaign.next.first else {
            return Output.message("  Nothing is to come of it: its start or its end has passed.")
        }
        // The sentence tells when a single one is.
        guard campaign.isRecurring else { return }
        let others = campaign.next.dropFirst().prefix(Self.nextLimit - 1)
        Output.message("  next: \(([first] + others).map { times.text($0, of: campaign) }.joined(separator: ", "))")
    }

    /// A draft does nothing by itself, and that is easily missed.
    func hintAtActivation(_ campaign: CampaignView, isDryRun: Bool) {
        guard !isJSON, !isDryRun, campaign.status == .draft else { return }
        Output.message(
            "A draft is not scheduled until it is activated: campaignctl activate \(campaign.name)")
    }
}
