import ArgumentParser
import CampaignModel
import ControlAPI

struct SendNow: OrderVerb {
    static let configuration = CommandConfiguration(
        abstract: "Sends an active campaign once, now, beside its schedule.",
        discussion: "Example: campaignctl send-now spring-newsletter --reason \"missed in the night\"")

    @Argument(help: "The campaign's name.")
    var name: String

    @Flag(help: "Also where a one-shot was sent already.")
    var again = false

    @OptionGroup var request: RequestArguments
    @OptionGroup var change: ChangeArguments
    @OptionGroup var options: VerbOptions

    func run() async throws {
        try await options.run { try await order(.sendNow(again: again), in: $0) }
    }
}
