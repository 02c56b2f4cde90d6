import CampaignModel
import ControlAPI
import ProgramRun
import Recurrence
import Testing
import VarlinkKit

@testable import ControlBench

@Suite("campaignctl next", .timeLimit(.minutes(10)))
struct NextTests {
    private func control() -> RecordingControl {
        let control = RecordingControl()
        control.set(planned: [
            Sample.planned("digest", inSeconds: 5_400, newestSend: .sent),
            Sample.planned("spring", inSeconds: 3 * 86_400 + 60, newestSend: nil),
        ])
        return control
    }

    @Test("it tells when, in how long, of which campaign, and how the last one went")
    func table() async throws {
        try await ControlServer.run(control()) { _, server in
            let run = try await Campaignctl.run(["next"], server: server)
            #expect(
                run.standardOutput == """
                    WHEN                           IN             CAMPAIGN  LAST  MARK
                    2026-12-07 10:30 Europe/Paris  in 90 minutes  digest    sent
                    2026-12-10 09:01 Europe/Paris  in 3 days      spring    -

                    """)
            #expect(run.status == 0)
            let utc = try await Campaignctl.run(["next", "--utc", "-n", "1"], server: server)
            #expect(utc.standardOutput.contains("2026-12-07 09:30 UTC"))
            #expect(!utc.standardOutput.contains("spring"))
        }
    }

    @Test("with --json each is one line, with its instant in UTC")
    func json() async throws {
        try await ControlServer.run(control()) { _, server in
            let run = try await Campaignctl.run(["next", "--json", "-n", "1"], server: server)
            #expect(
                run.standardOutput == #"{"audience":"subscribers","campaign":"digest","#
                    + #""campaign_id":"abcdefghijklmnopqrstuvwx23","due":"2026-12-07T09:30:00Z","in_seconds":5400,"#
                    + #""last_due":"2026-12-07T08:00:00Z","last_state":"sent","local":"2026-12-07T10:30:00","#
                    + #""mark":null,"nominal":"2026-12-07T10:30:00","status":"active","timezone":"Europe/Paris","#
                    + #""title":"Soldes d’été 🎉"}"# + "\n")
        }
    }

    @Test("nothing planned is said beside the data, and how many is bounded")
    func bounds() async throws {
        let control = RecordingControl()
        try await ControlServer.run(control) { _, server in
            let run = try await Campaignctl.run(["next"], server: server)
            #expect((run.standardOutput, run.standardError, run.status) == ("", "Nothing is planned.\n", 0))
            #expect(control.asked == [.next(NextQuery())])
            for count in ["0", "10001", "many"] {
                #expect(try await Campaignctl.run(["next", "-n", count], server: server).status == 2)
            }
            #expect(try await Campaignctl.run(["next", "-n", "10000"], server: server).status == 0)
            #expect(try await Campaignctl.run(["next"]).status == 4)
        }
    }

    @Test("a time ahead is told in whole units that people count in", arguments: [
        (-5, "now"), (0, "now"), (1, "in 1 second"), (119, "in 119 seconds"), (120, "in 2 minutes"),
        (7_199, "in 119 minutes"), (7_200, "in 2 hours"), (172_799, "in 47 hours"), (172_800, "in 2 days"),
        (86_400 * 400, "in 400 days"),
    ] as [(Int64, String)])
    func spans(seconds: Int64, words: String) async throws {
        let control = RecordingControl()
        control.set(planned: [Sample.planned("spring", inSeconds: seconds, newestSend: nil)])
        try await ControlServer.run(control) { _, server in
            let run = try await Campaignctl.run(["next"], server: server)
            #expect(run.standardOutput.contains("  \(words)  "))
        }
    }
}
