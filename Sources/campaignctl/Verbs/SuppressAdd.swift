import ArgumentParser
import CampaignModel

struct SuppressAdd: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "add", abstract: "Adds addresses: they get no mail any more.",
        discussion: """
            With - the addresses are read from standard input, one a line: then no other user of the machine sees \
            them. To add one twice is to add it once.

            Example: campaignctl suppress add - <unsubscribed.txt
            """)

    @OptionGroup var addresses: AddressArguments

    @Option(help: ArgumentHelp("Why, for those who read the list.", valueName: "text"))
    var reason: String?

    @OptionGroup var choices: SuppressionChoices
    @OptionGroup var options: VerbOptions

    func run() async throws {
        try await options.run { session in
            let upload = SuppressionUpload(.add, try addresses.read(), reason: reason, choices)
            try await upload.run(in: session)
        }
    }
}
