import ArgumentParser
import CampaignModel
import ControlAPI

struct SurfaceTest: TestVerb {
    static let configuration = CommandConfiguration(
        commandName: "test", abstract: "Sends a test message over a surface, and says how it went.",
        discussion: """
            The message is marked as a test and belongs to no campaign. Without --to it has no recipient: the surface \
            is to show that it works. surface test waits until it has ended, about 20 seconds at most, and exits with \
            0 where it was sent or still goes on, else with 1.

            Example: campaignctl surface test newsletter --to ada@example.org
            """)

    @Argument(help: "The surface's name.", completion: Names.completion(of: .surface))
    var name: String

    @Option(help: ArgumentHelp("Where the test goes, as the channel writes it.", valueName: "address"))
    var to: String?

    @OptionGroup var request: RequestArguments

    @Option(help: ArgumentHelp("Why, for the history.", valueName: "text"))
    var reason: String?

    @OptionGroup var options: VerbOptions

    func run() async throws {
        try await options.run { session in
            let address = try to.map { try ProofAddress($0, field: "to") }
            try await test("test", to: address, command: "surface test \(name)", in: session) { client, id in
                try await client.testSurface(name, to: address, id: id, reason: reason)
            }
        }
    }
}
