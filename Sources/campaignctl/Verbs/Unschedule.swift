import ArgumentParser
import CampaignModel
import ControlAPI

struct Unschedule: ChangeVerb {
    static let configuration = CommandConfiguration(
        commandName: "unschedule", abstract: "Makes planned campaigns drafts again, to move or mend them.",
        discussion: "Example: campaignctl unschedule spring-newsletter")

    @OptionGroup var campaigns: CampaignNames
    @OptionGroup var change: ChangeArguments
    @OptionGroup var options: VerbOptions

    func run() async throws {
        try await options.run { try await give(.unschedule, in: $0) }
    }
}
