import ArgumentParser
import CampaignModel
import ControlAPI

struct Delete: ChangeVerb {
    static let configuration = CommandConfiguration(
        commandName: "delete", abstract: "Deletes drafts that were never active.",
        discussion: "Example: campaignctl delete spring-newsletter")

    @OptionGroup var campaigns: CampaignNames
    @OptionGroup var change: ChangeArguments
    @OptionGroup var confirmation: Confirmation
    @OptionGroup var options: VerbOptions

    func run() async throws {
        try confirmation.ask("Delete \(campaigns.names.joined(separator: ", "))?", isDryRun: change.dryRun)
        try await options.run { session in
            try await changeEach(in: session, word: { _ in wouldBe("deleted") }) { client, name in
                try await client.perform(.delete, on: name, change.options)
            }
        }
    }
}
