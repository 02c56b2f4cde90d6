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
            try Output.line(sentence(count.view).escapedForDisplay)
        }
    }

    private func sentence(_ audience: AudienceCountView) -> String {
        guard let count = audience.count else { return audience.text }
        return "\(audience.name) has \(PaceWords.count(Int64(count))) recipient\(count == 1 ? "" : "s")"
    }
}
