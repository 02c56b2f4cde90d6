import ArgumentParser
import ControlAPI

struct Apply: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Makes campaigns, or changes their drafts so that they are as files say.",
        discussion: """
            The same file twice changes nothing.

            Example: campaignctl apply -f campaigns/*.yaml
            """)

    @Option(
        name: .shortAndLong, parsing: .upToNextOption,
        help: ArgumentHelp("The campaign files; - for standard input.", valueName: "file"))
    var file: [String]

    @OptionGroup var change: ChangeArguments
    @OptionGroup var options: VerbOptions

    func validate() throws {
        if file.isEmpty { throw ValidationError("Name at least one file: -f <file>") }
        if change.revision != nil, file.count > 1 { throw ValidationError("--revision goes with one file only") }
    }

    func run() async throws {
        try await options.run { session in
            let times = session.times()
            var client: ControlClient?
            try await session.forEach(file) { path in
                let file = try CampaignFile(path)
                let connection: ControlClient
                if let client { connection = client } else { connection = try await session.connect() }
                client = connection
                do {
                    let applied = try await connection.apply(
                        file.definition, sourceText: file.text, change.options)
                    try session.printApplied(applied, times, isDryRun: change.dryRun)
                } catch {
                    if error is Output.Closed { throw error }
                    throw file.located(Failure(error, socket: options.socketPath))
                }
            }
        }
    }
}
