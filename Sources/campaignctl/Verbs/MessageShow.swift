import ArgumentParser
import CampaignModel
import ControlAPI

struct MessageShow: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "show", abstract: "Shows what a revision of a message says.",
        discussion: "Example: campaignctl message show spring-2026 --revision 2")

    @Argument(help: "The message's name.", completion: Names.completion(of: .message))
    var name: String

    @Option(help: ArgumentHelp("The revision with this number; the newest one unless named.", valueName: "n"))
    var revision: Int?

    @OptionGroup var options: VerbOptions

    func validate() throws {
        if let revision, revision < 1 {
            throw ValidationError("--revision: \(revision) is out of range; allowed is 1 and more")
        }
    }

    func run() async throws {
        try await options.run(isPaged: true) { session in
            let message = try await session.connect().message(name, revision: revision)
            if session.isJSON { return try Output.line(message.json) }
            for line in MessagePage(message: message.view, style: session.style).lines { try Output.line(line) }
            if message.view.isCut {
                let limit = MessageContentView.bodyLimitBytes >> 20
                Output.message("Of each body only the first \(limit) MiB is shown.")
            }
        }
    }
}
