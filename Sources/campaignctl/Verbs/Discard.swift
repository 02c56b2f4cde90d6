import ArgumentParser
import CampaignModel
import ControlAPI

struct Discard: ChangeVerb {
    static let configuration = CommandConfiguration(
        commandName: "discard", abstract: "Drops the drafts beside live versions.",
        discussion: "Example: campaignctl discard weekly-digest")

    @OptionGroup var campaigns: CampaignNames
    @OptionGroup var change: ChangeArguments
    @OptionGroup var options: VerbOptions

    func run() async throws {
        try await options.run { try await give(.discard, in: $0) }
    }
}
