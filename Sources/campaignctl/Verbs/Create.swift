import ArgumentParser
import ControlAPI
import VarlinkKit

struct Create: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "create", abstract: "Makes a new campaign, a draft, from a file.",
        discussion: "Example: campaignctl create -f spring-newsletter.yaml")

    @Option(
        name: .shortAndLong, help: ArgumentHelp("The campaign file; - for standard input.", valueName: "file"),
        completion: .file(extensions: ["yaml", "yml"]))
    var file: String

    @Option(help: ArgumentHelp("Why, for the history.", valueName: "text"))
    var reason: String?

    @Flag(help: "Show what would be, and change nothing.")
    var dryRun = false

    @OptionGroup var options: VerbOptions

    func run() async throws {
        try await options.run { session in
            let file = try CampaignFile(file)
            let client = try await session.connect()
            do {
                let campaign = try await client.create(
                    file.definition, sourceText: file.text, ChangeOptions(reason: reason, isDryRun: dryRun))
                let times = session.times()
                try session.printChanged(campaign, times, isDryRun: dryRun)
                session.hintAtSchedule(campaign.view, times)
                session.hintAtActivation(campaign.view, isDryRun: dryRun)
            } catch {
                if error is Output.Closed { throw error }
                throw file.located(Failure(error, socket: options.socketPath)).suggestingApply(of: self.file)
            }
        }
    }
}

extension Failure {
    /// Where the name is taken, by a campaign that its author may have meant to change.
    fileprivate func suggestingApply(of path: String) -> Failure {
        guard parameters["error"] == "NameTaken" else { return self }
        return Failure(
            status, text: "\(text); to change that one: campaignctl apply -f \(path.shellQuoted)",
            parameters: parameters)
    }
}
