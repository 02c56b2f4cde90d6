import ArgumentParser
import CampaignModel
import ControlAPI

struct Resume: ChangeVerb {
    static let configuration = CommandConfiguration(
        commandName: "resume", abstract: "Lets paused campaigns go on; what fell due meanwhile is not sent.",
        discussion: "Example: campaignctl resume weekly-digest")

    @OptionGroup var campaigns: CampaignNames
    @OptionGroup var change: ChangeArguments
    @OptionGroup var options: VerbOptions

    func run() async throws {
        try await options.run { try await give(.resume, in: $0) }
    }
}
