import ArgumentParser
import CampaignModel
import ControlAPI

struct Ack: ChangeVerb {
    static let configuration = CommandConfiguration(
        commandName: "ack", abstract: "Takes the alerts that wait for a person off campaigns.",
        discussion: "Example: campaignctl ack spring-newsletter --reason \"resent by hand\"")

    @OptionGroup var campaigns: CampaignNames
    @OptionGroup var change: ChangeArguments
    @OptionGroup var options: VerbOptions

    func run() async throws {
        try await options.run { session in
            try await changeEach(in: session, word: word) { client, name in
                try await client.perform(.acknowledge, on: name, change.options)
            }
        }
    }

    /// `acknowledged: send-failed, occurrence-missed`
    private func word(_ changed: ReceivedChange) -> String {
        guard let codes = changed.acknowledged, !codes.isEmpty else { return "nothing to acknowledge" }
        return wouldBe("acknowledged: \(codes.joined(separator: ", "))")
    }
}
