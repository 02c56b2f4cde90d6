import ArgumentParser
import CampaignModel

struct SuppressRemove: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "remove", abstract: "Takes addresses out: they get mail again.",
        discussion: """
            Do so only where the person has asked for it.

            Example: campaignctl suppress remove ann@example.org
            """)

    @OptionGroup var addresses: AddressArguments
    @OptionGroup var choices: SuppressionChoices
    @OptionGroup var options: VerbOptions

    func run() async throws {
        try await options.run { session in
            let upload = SuppressionUpload(.remove, try addresses.read(), reason: nil, choices)
            try await upload.run(in: session)
        }
    }
}
