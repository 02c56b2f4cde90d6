import ProgramRun
import Testing

@testable import ControlBench

@Suite("Help", .timeLimit(.minutes(10)))
struct HelpTests {
    static let verbs = [
        ["list"], ["show"], ["create"], ["apply"], ["edit"], ["diff"], ["tag"], ["activate"], ["unschedule"],
        ["modify"], ["discard"], ["stop"], ["pause"], ["resume"], ["duplicate"], ["archive"], ["unarchive"],
        ["delete"], ["next"], ["preview"], ["check"], ["calendar"], ["simulate"], ["export"],
        ["trigger"], ["send-now"], ["sends"], ["watch"], ["retry"],
        ["cancel"], ["log"], ["alerts"], ["ack"], ["message", "put"], ["message", "publish"], ["message", "list"],
        ["message", "show"], ["surface", "list"], ["surface", "test"], ["audience", "list"], ["audience", "count"],
        ["audience", "sample"], ["status"], ["metrics"],
    ]

    @Test("every verb has an abstract, an example and --json", arguments: verbs)
    func verb(path: [String]) async throws {
        let run = try await Campaignctl.run(path + ["--help"])
        #expect(run.status == 0)
        #expect(run.standardError == "")
        #expect(run.standardOutput.hasPrefix("OVERVIEW: "))
        #expect(run.standardOutput.contains("Example: campaignctl \(path.joined(separator: " "))"))
        #expect(run.standardOutput.contains("--json"))
    }
}
