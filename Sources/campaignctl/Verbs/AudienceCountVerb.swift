import ArgumentParser
import CampaignModel
import ControlAPI

struct AudienceCountVerb: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "count", abstract: "Counts an audience's recipients.",
        discussion: "Example: campaignctl audience count subscribers")

    @Argument(help: "The audience's name.", completion: Names.completion(of: .audience))
    var name: String

    @OptionGroup var options: VerbOptions

    func run() async throws {
        try await options.run { session in
            let count = try await session.connect().countAudience(name)
            if session.isJSON { return try Output.line(count.json) }
            try Output.line(count.view.text.escapedForDisplay)
        }
    }
}
