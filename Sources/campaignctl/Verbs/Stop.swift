import ArgumentParser
import CampaignModel
import ControlAPI

struct Stop: ChangeVerb {
    static let configuration = CommandConfiguration(
        commandName: "stop", abstract: "Ends campaigns for good; what is being sent goes on to its end.",
        discussion: """
            With --dry-run it tells which sends would be cancelled, which would go on, and the first occurrences that \
            would never be sent.

            Example: campaignctl stop weekly-digest --reason "list is being cleaned"
            """)

    @OptionGroup var campaigns: CampaignNames
    @OptionGroup var change: ChangeArguments
    @OptionGroup var confirmation: Confirmation
    @OptionGroup var options: VerbOptions

    func run() async throws {
        try confirmation.ask(
            "Stop \(campaigns.names.joined(separator: ", ")) for good?", isDryRun: change.dryRun)
        try await options.run { try await give(.stop, in: $0) }
    }
}
