import ArgumentParser
import CampaignModel
import ControlAPI

struct Cancel: ChangeVerb {
    static let configuration = CommandConfiguration(
        commandName: "cancel", abstract: "Ends what is being sent, and what is claimed, queued or waiting.",
        discussion: """
            A trigger to come is called off by its key alone.

            Example: campaignctl cancel spring-newsletter --reason "wrong prices"
            """)

    @OptionGroup var campaigns: CampaignNames

    @Option(help: ArgumentHelp("This send alone; see campaignctl sends.", valueName: "key"))
    var key: String?

    @OptionGroup var change: ChangeArguments
    @OptionGroup var confirmation: Confirmation
    @OptionGroup var options: VerbOptions

    func run() async throws {
        let names = campaigns.names.joined(separator: ", ")
        let what = key.map { "the send \($0)" } ?? "the sends"
        try await options.run { session in
            let key = try key.map(SendKey.read)
            try confirmation.ask("Cancel \(what) of \(names)?", isDryRun: change.dryRun)
            try await give(.cancel(key), in: session)
        }
    }
}
