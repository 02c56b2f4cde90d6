import ArgumentParser
import ControlAPI

/// What every change takes.
struct ChangeArguments: ParsableArguments {
    @Option(help: ArgumentHelp("Why, for the history.", valueName: "text"))
    var reason: String?

    @Flag(help: "Show what would be, and change nothing.")
    var dryRun = false

    @Option(help: ArgumentHelp("Change it only if it has this revision.", valueName: "n"))
    var revision: Int?

    var options: ChangeOptions { ChangeOptions(revision: revision, reason: reason, isDryRun: dryRun) }
}

/// The campaigns that a verb works on.
struct CampaignNames: ParsableArguments {
    @Argument(
        help: ArgumentHelp("The campaigns' names.", valueName: "name"), completion: Names.completion(of: .campaign))
    var names: [String]
}

/// For verbs that can't be taken back.
struct Confirmation: ParsableArguments {
    @Flag(name: [.customShort("y"), .long], help: "Do not ask; without a terminal nothing ever asks.")
    var yes = false

    /// Asks where that is possible.
    ///
    /// - Throws: the exit code of a refusal, after a person said no.
    func ask(_ question: String, isDryRun: Bool) throws {
        guard !yes, !isDryRun, Terminal.canAsk else { return }
        guard Terminal.confirms(question) else {
            Output.message("campaignctl: nothing was changed")
            throw ExitStatus.refused.exitCode
        }
    }
}
