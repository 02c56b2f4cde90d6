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
            let why = PastSchedule.words(campaign.schedule.definition, at: Terminal.now, times)
            return Output.message("  Nothing is to come of it: \(why ?? "its start or its end has passed").")
        }
        // The sentence tells when a single one is.
        guard campaign.isRecurring else { return }
        let others = campaign.next.dropFirst().prefix(Self.nextLimit - 1)
        Output.message("  next: \(([first] + others).map { times.text($0, of: campaign) }.joined(separator: ", "))")
    }

    /// What an apply did: the campaign, what became of its draft, and what that would send.
    func printApplied(
        _ applied: (campaign: Received<CampaignView>, outcome: AppliedCampaign.Outcome), _ times: Times, isDryRun: Bool
    ) throws {
        let campaign = applied.campaign.view
        if isJSON { return try Output.line(applied.campaign.json) }
        try Output.line("\(campaign.name): \(words(of: applied.outcome, campaign, isDryRun: isDryRun))")
        // Of a campaign in force the answer is the live version, not the draft beside it.
        let isDraft = applied.outcome == .created || applied.outcome == .changed
        if isDraft, campaign.draftVersion == nil { hintAtSchedule(campaign, times) }
        if isDraft, campaign.draftVersion != nil, !isDryRun {
            Output.message("  What it would send: campaignctl preview \(campaign.name) --draft")
        }
        if applied.outcome == .created { hintAtActivation(campaign, isDryRun: isDryRun) }
    }

    /// `draft, version 1`; `draft changed, version 2; active as before`; `tags changed, version 1, active`
    private func words(
        of outcome: AppliedCampaign.Outcome, _ campaign: CampaignView, isDryRun: Bool
    ) -> String {
        let status = campaign.status.rawValue
        let version = "version \(campaign.draftVersion ?? campaign.version)"
        let dryRun = isDryRun ? " (dry run)" : ""
        return switch outcome {
        case .created: "\(isDryRun ? "would be " : "")\(status), \(version)"
        case .changed where campaign.status == .draft: "draft changed\(dryRun), \(version)"
        case .changed: "draft changed\(dryRun), \(version); \(status) as before"
        case .tagged: "tags changed\(dryRun), \(version), \(status)"
        case .unchanged: "unchanged\(dryRun), \(version), \(status)"
        }
    }

    /// A draft does nothing by itself, and that is easily missed.
    func hintAtActivation(_ campaign: CampaignView, isDryRun: Bool) {
        guard !isJSON, !isDryRun, campaign.status == .draft else { return }
        Output.message(
            "A draft is not scheduled until it is activated: campaignctl activate \(campaign.name)")
    }
}
