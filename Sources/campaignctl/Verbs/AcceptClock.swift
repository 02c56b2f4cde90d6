import ArgumentParser
import ControlAPI
import VarlinkKit

struct AcceptClock: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "accept-clock", abstract: "Takes a clock for right that campaignd does not believe.",
        discussion: """
            While the clock reads earlier than campaignd's release, or than the ledger was written, nothing is sent \
            (clock-suspect). If it is right now, and was wrong before, say so: what the ledger has of later times is \
            brought back to now. What was sent keeps its key and is not sent again.

            Example: campaignctl accept-clock --reason "the battery of its clock was replaced"
            """)

    @Option(help: ArgumentHelp("Why, for the history.", valueName: "text"))
    var reason: String?

    @OptionGroup var options: VerbOptions

    func run() async throws {
        try await options.run { session in
            let changed = try await session.connect().acceptClock(reason: reason)
            if session.isJSON { return try Output.line(["changed": .bool(changed)]) }
            try Output.line(
                changed
                    ? "the clock is accepted; what is due is sent"
                    : "campaignd believes its clock already; nothing was changed")
        }
    }
}
