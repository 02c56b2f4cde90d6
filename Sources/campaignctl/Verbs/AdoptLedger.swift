import ArgumentParser
import ControlAPI
import VarlinkKit

struct AdoptLedger: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "adopt-ledger", abstract: "Makes a ledger that came from another machine this machine's own.",
        discussion: """
            A ledger that was restored on another machine sends nothing (ledger-foreign), so that a copy does not send \
            again what the original sends. Stop campaignd on the other machine first, and bring along who wants no \
            mail: campaignctl suppress import.

            Example: campaignctl adopt-ledger --reason "mail1 is gone, mail2 takes over"
            """)

    @Option(help: ArgumentHelp("Why, for the history.", valueName: "text"))
    var reason: String?

    @OptionGroup var options: VerbOptions

    func run() async throws {
        try await options.run { session in
            let changed = try await session.connect().adoptLedger(reason: reason)
            if session.isJSON { return try Output.line(["changed": .bool(changed)]) }
            try Output.line(
                changed
                    ? "the ledger is this machine's; what is due is sent"
                    : "the ledger is this machine's already; nothing was changed")
        }
    }
}
