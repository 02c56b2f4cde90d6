import CampaignModel
import ControlAPI
import ProgramRun
import Testing
import VarlinkKit

@testable import ControlBench

@Suite("Acknowledging", .timeLimit(.minutes(10)))
struct AcknowledgeTests {
    private func control() -> RecordingControl {
        func campaign(_ name: String, _ codes: AlertCode...) -> CampaignView {
            var campaign = Sample.campaign(named: name, .active)
            campaign.alerts = codes.map { Sample.alert(name, $0) }
            return campaign
        }
        return RecordingControl(
            campaigns: [
                campaign("both", .sendFailed, .noEnd, .overlapSkipped), campaign("gone", .sendFailed),
                campaign("stays", .noEnd), campaign("calm"),
            ])
    }

    private static let why = "  What is so now stays until its cause is gone; ack takes away what happened.\n"
    private static let noEnd = "  warning: the send failed: mailbox full; retry it (no-end)\n"

    @Test("it says which alerts it took away, which stay, and why")
    func words() async throws {
        try await ControlServer.run(control()) { _, server in
            for (name, output, errors) in [
                ("both", "both: acknowledged: send-failed, overlap-skipped\n", Self.noEnd + Self.why),
                ("gone", "gone: acknowledged: send-failed\n", ""),
                ("stays", "stays: nothing to acknowledge\n", Self.noEnd + Self.why),
                ("calm", "calm: nothing to acknowledge\n", ""),
            ] {
                let show = try await Campaignctl.run(["ack", name, "--dry-run"], server: server)
                let wouldBe = output.replacing(": acknowledged", with: ": would be acknowledged")
                #expect((show.standardOutput, show.standardError) == (wouldBe, errors))
                let run = try await Campaignctl.run(["ack", name], server: server)
                #expect((run.standardOutput, run.standardError, run.status) == (output, errors, 0))
            }
        }
    }

    @Test("with --json the codes stand in a key of their own, and no other verb has it")
    func json() async throws {
        try await ControlServer.run(control()) { _, server in
            for (verb, acknowledged) in [
                (["ack", "both"], ["send-failed", "overlap-skipped"]), (["ack", "both"], []),
                (["pause", "both"], nil),
            ] as [([String], [JSONValue]?)] {
                let run = try await Campaignctl.run(verb + ["--json"], server: server)
                let object = try JSONValue(parsing: run.standardOutput.dropLast().utf8)
                #expect(object["acknowledged"] == acknowledged.map(JSONValue.array))
            }
        }
    }
}
