import ArgumentParser
import CampaignModel
import ControlAPI

struct Archive: ChangeVerb {
    static let configuration = CommandConfiguration(
        commandName: "archive", abstract: "Puts ended campaigns away.",
        discussion: "Example: campaignctl archive spring-newsletter autumn-newsletter")

    @OptionGroup var campaigns: CampaignNames
    @OptionGroup var change: ChangeArguments
    @OptionGroup var options: VerbOptions

    func run() async throws {
        try await options.run { try await give(.archive, in: $0) }
    }
}
