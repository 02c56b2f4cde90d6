import ArgumentParser
import CampaignModel
import ControlAPI

struct Activate: ChangeVerb {
    static let configuration = CommandConfiguration(
        commandName: "activate", abstract: "Puts drafts in force: they are scheduled, or begin.",
        discussion: "Example: campaignctl activate spring-newsletter --dry-run")

    @OptionGroup var campaigns: CampaignNames
    @OptionGroup var change: ChangeArguments
    @OptionGroup var options: VerbOptions

    func run() async throws {
        try await options.run { try await give(.activate, in: $0) }
    }
}
