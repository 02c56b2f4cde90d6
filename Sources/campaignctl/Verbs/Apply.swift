import ArgumentParser
import CampaignModel
import ControlAPI

struct Apply: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "apply", abstract: "Makes campaigns, or changes their drafts so that they are as files say.",
        discussion: """
            The same file twice changes nothing. Of a folder all files whose names end with .yaml or .yml are taken, \
            by name, and none below it. With --dry-run the keys that would change are shown, - for what is and + for \
            what would be.

            Example: campaignctl apply -f campaigns
            Example: campaignctl apply --dry-run -f campaigns/*.yaml
            """)

    @Option(
        name: .shortAndLong, parsing: .upToNextOption,
        help: ArgumentHelp("The campaign files, or folders of them; - for standard input.", valueName: "path"),
        completion: .file())
    var file: [String]

    @OptionGroup var change: ChangeArguments
    @OptionGroup var options: VerbOptions

    private static let revisionOfSeveral = ValidationError("--revision goes with one file only")

    func validate() throws {
        if file.isEmpty { throw ValidationError("Name at least one file: -f <file>") }
        if change.revision != nil, file.count > 1 { throw Self.revisionOfSeveral }
    }

    func run() async throws {
        try await options.run { session in
            let times = session.times()
            var client: ControlClient?
            let paths = try CampaignFiles.paths(file)
            if change.revision != nil, paths.count > 1 { throw Self.revisionOfSeveral }
            try await session.forEach(paths) { path in
                let file = try CampaignFile(path)
                let connection: ControlClient
                if let client { connection = client } else { connection = try await session.connect() }
                client = connection
                do {
                    let applied = try await connection.apply(
                        file.definition, sourceText: file.text, change.options)
                    try session.printApplied(applied, times, isDryRun: change.dryRun)
                    if change.dryRun { try await printChanges(file.definition, applied.outcome, connection, session) }
                } catch {
                    if error is Output.Closed { throw error }
                    throw file.located(Failure(error, socket: options.socketPath))
                }
            }
        }
    }
    /// What the file would change, key by key.
    private func printChanges(
        _ definition: CampaignDefinition, _ outcome: AppliedCampaign.Outcome, _ client: ControlClient,
        _ session: Session
    ) async throws {
        guard !session.isJSON, outcome != .unchanged, let name = definition.name else { return }
        var present = CampaignDefinition()
        if outcome != .created {
            var shown = try await client.show(name)
            if shown.campaign.view.draftVersion != nil { shown = try await client.show(name, version: .draft) }
            present = shown.definition
        }
        let changes = ChangedField.all(from: present, to: definition)
        for line in ChangeWords.lines(changes, session.style) { try Output.line("  \(line)") }
    }
}
