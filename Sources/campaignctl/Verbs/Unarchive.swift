import ArgumentParser
import CampaignModel
import ControlAPI

struct Unarchive: ChangeVerb {
    static let configuration = CommandConfiguration(
        commandName: "unarchive", abstract: "Brings archived campaigns back; nothing runs again because of it.",
        discussion: "Example: campaignctl unarchive spring-newsletter")

    @OptionGroup var campaigns: CampaignNames
    @OptionGroup var change: ChangeArguments
    @OptionGroup var options: VerbOptions

    func run() async throws {
        try await options.run { try await give(.unarchive, in: $0) }
    }
}
