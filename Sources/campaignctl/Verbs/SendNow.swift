import ArgumentParser
import CampaignModel
import ControlAPI

struct SendNow: OrderVerb, TestVerb {
    static let configuration = CommandConfiguration(
        commandName: "send-now",
        abstract: "Sends an active campaign once, now, beside its schedule; or a proof of it to oneself.",
        discussion: """
            A proof is a marked test of the draft, or of the live version where there is no draft, with its message's \
            newest revision. It is no occurrence, and nothing of the campaign changes. send-now waits until it has \
            ended, about 20 seconds at most, and exits with 0 where it was sent or still goes on, else with 1.

            Example: campaignctl send-now spring-newsletter --reason "missed in the night"
            Example: campaignctl send-now spring-newsletter --proof --to ada@example.org
            """)

    @Argument(help: "The campaign's name.", completion: Names.completion(of: .campaign))
    var name: String

    @Flag(help: "Also where a one-shot was sent already.")
    var again = false

    @Flag(help: "Send a marked test to one address instead; of a draft, too.")
    var proof = false

    @Option(help: ArgumentHelp("With --proof: where the test goes, as the channel writes it.", valueName: "address"))
    var to: String?

    @OptionGroup var request: RequestArguments
    @OptionGroup var change: ChangeArguments
    @OptionGroup var options: VerbOptions

    func validate() throws {
        guard proof else {
            if to != nil { throw ValidationError("--to goes with --proof") }
            return
        }
        if to == nil { throw ValidationError("--proof needs --to: the address that the test goes to") }
        if again { throw ValidationError("--again stands beside --proof; use one of them") }
        if change.dryRun || change.revision != nil {
            throw ValidationError("--dry-run and --revision don't go with --proof: it changes nothing")
        }
    }

    func run() async throws {
        try await options.run { session in
            // It is there with --proof, and with it alone.
            guard let to else { return try await order(.sendNow(again: again), in: session) }
            let address = try ProofAddress(to, field: "to")
            try await test("proof", to: address, command: "send-now \(name) --proof", in: session) { client, id in
                try await client.sendProof(of: name, to: address, id: id, reason: change.reason)
            }
        }
    }
}
