import ArgumentParser
import CampaignModel

struct SuppressImport: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "import", abstract: "Adds the addresses of a file.",
        discussion: """
            The file has an address a line; or it is CSV or JSON lines with a column email, email address, e-mail or \
            address. Columns reason and at are taken along, so that it reads what campaignctl suppress list writes. \
            Where a line is wrong nothing is imported. A large file goes in parts: an import that was cut off can be \
            made again.

            Example: campaignctl suppress import unsubscribed.csv --reason "left the old list"
            Example: campaignctl suppress import subscribers.csv --only status=blocklisted --dry-run
            """)

    @Argument(help: ArgumentHelp("The file; - is standard input.", valueName: "file"), completion: .file())
    var file: String

    @Option(help: ArgumentHelp("Why, of those for whom the file has no reason.", valueName: "text"))
    var reason: String?

    @Option(help: ArgumentHelp("Only lines that have this value in this column.", valueName: "column=value"))
    var only: String?

    @OptionGroup var choices: SuppressionChoices
    @OptionGroup var options: VerbOptions

    func validate() throws {
        if let only, !only.contains("=") { throw ValidationError("--only: write the column, = and its value") }
    }

    func run() async throws {
        try await options.run { session in
            let entries = try SuppressionFile.read(file, only: only)
            try await SuppressionUpload(.add, entries, reason: reason, choices).run(in: session)
        }
    }
}
