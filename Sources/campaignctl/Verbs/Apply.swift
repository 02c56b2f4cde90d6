import ArgumentParser
import CampaignModel
import ControlAPI
import VarlinkKit

struct Apply: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Makes campaigns, or changes their drafts so that they are as files say.",
        discussion: """
            The same file twice changes nothing.

            Example: campaignctl apply -f campaigns/*.yaml
            """)

    @Option(
        name: .shortAndLong, parsing: .upToNextOption,
        help: ArgumentHelp("The campaign files; - for standard input.", valueName: "file"))
    var file: [String]

    @OptionGroup var change: ChangeArguments
    @OptionGroup var options: VerbOptions

    func validate() throws {
        if file.isEmpty { throw ValidationError("Name at least one file: -f <file>") }
        if change.revision != nil, file.count > 1 { throw ValidationError("--revision goes with one file only") }
    }

    func run() async throws {
        try await options.run { session in
            let times = session.times()
            var client: ControlClient?
            try await session.forEach(file) { path in
                let file = try CampaignFile(path)
                let connection: ControlClient
                if let client { connection = client } else { connection = try await session.connect() }
                client = connection
                do {
                    let applied = try await connection.apply(
                        file.definition, sourceText: file.text, change.options)
                    try tell(applied, session, times)
                } catch {
                    if error is Output.Closed { throw error }
                    throw file.located(Failure(error, socket: options.socketPath))
                }
            }
        }
    }

    private func tell(
        _ applied: (campaign: Received<CampaignView>, outcome: AppliedCampaign.Outcome), _ session: Session,
        _ times: Times
    ) throws {
        let campaign = applied.campaign.view
        if session.isJSON { return try session.printChanged(applied.campaign, times, isDryRun: change.dryRun) }
        let word =
            switch applied.outcome {
            case .created: "draft created"
            case .changed: "draft changed"
            case .tagged: "tags changed"
            case .unchanged: "unchanged"
            }
        let version = campaign.draftVersion ?? campaign.version
        let dryRun = change.dryRun ? " (dry run)" : ""
        try Output.line("\(campaign.name): \(word)\(dryRun), version \(version), \(campaign.status.rawValue)")
        // Of a campaign in force the answer is the live version, not the draft beside it.
        let isDraft = applied.outcome == .created || applied.outcome == .changed
        if isDraft, campaign.draftVersion == nil { session.hintAtSchedule(campaign, times) }
        if isDraft, campaign.draftVersion != nil, !change.dryRun {
            Output.message("  What it would send: campaignctl preview \(campaign.name) --draft")
        }
        if applied.outcome == .created { session.hintAtActivation(campaign, isDryRun: change.dryRun) }
    }
}
