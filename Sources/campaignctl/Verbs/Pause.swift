import ArgumentParser
import CampaignModel
import ControlAPI

struct Pause: ChangeVerb {
    static let configuration = CommandConfiguration(
        commandName: "pause", abstract: "Holds the sends of recurring and triggered campaigns.",
        discussion: "Example: campaignctl pause weekly-digest --reason holidays")

    @OptionGroup var campaigns: CampaignNames
    @OptionGroup var change: ChangeArguments
    @OptionGroup var options: VerbOptions

    func run() async throws {
        try await options.run { try await give(.pause, in: $0) }
    }
}
