import ArgumentParser
import CampaignModel
import ControlAPI

struct Diff: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "diff", abstract: "Shows what activating the draft beside the live version would change.",
        discussion: """
            Key by key as in a campaign file, - for the live version and + for the draft; nothing where they say the \
            same. Tags are no part of a version, and comments change nothing. Exit status: 0 whether they differ or not.

            Example: campaignctl diff spring-newsletter
            """)

    @Argument(help: "The campaign's name.", completion: Names.completion(of: .campaign))
    var name: String

    @OptionGroup var options: VerbOptions

    func run() async throws {
        try await options.run(isPaged: true) { session in
            let diff = try await session.connect().diff(name)
            if session.isJSON { return try Output.line(diff.json) }
            for line in lines(diff.view, session.style) { try Output.line(line) }
        }
    }

    private func lines(_ diff: DiffView, _ style: Style) -> [String] {
        if diff.changes.isEmpty { return [] }
        let lines = [
            style.bold("--- \(name), version \(diff.liveVersion) (live)"),
            style.bold("+++ \(name), version \(diff.draftVersion) (draft)"),
        ]
        return lines + ChangeWords.lines(diff.changes, style)
    }
}
