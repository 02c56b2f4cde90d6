import ArgumentParser
import CampaignModel
import ControlAPI

struct Modify: ChangeVerb {
    static let configuration = CommandConfiguration(
        commandName: "modify", abstract: "Makes a draft beside the live version of recurring and triggered campaigns.",
        discussion: "Example: campaignctl modify weekly-digest")

    @OptionGroup var campaigns: CampaignNames
    @OptionGroup var change: ChangeArguments
    @OptionGroup var options: VerbOptions

    func run() async throws {
        try await options.run { try await give(.modify, in: $0) }
    }
}
