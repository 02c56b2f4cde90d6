import ArgumentParser
import CampaignModel
import ControlAPI

struct Duplicate: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "duplicate", abstract: "Makes a new draft like a campaign's live version, else like its draft.",
        discussion: "Example: campaignctl duplicate spring-newsletter spring-newsletter-2")

    @Argument(help: "The campaign's name.", completion: Names.completion(of: .campaign))
    var name: String

    @Argument(help: ArgumentHelp("The new campaign's name.", valueName: "new-name"))
    var newName: String

    @OptionGroup var change: ChangeArguments
    @OptionGroup var options: VerbOptions

    func run() async throws {
        try await options.run { session in
            let client = try await session.connect()
            let campaign = try await client.duplicate(name, as: newName, change.options)
            try session.printChanged(campaign, session.times(), isDryRun: change.dryRun)
            session.hintAtActivation(campaign.view, isDryRun: change.dryRun)
        }
    }
}
