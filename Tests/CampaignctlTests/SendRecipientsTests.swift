import CampaignModel
import ControlAPI
import ProgramRun
import Recurrence
import Testing

@testable import ControlBench

@Suite("campaignctl sends --recipients", .timeLimit(.minutes(10)))
struct SendRecipientsTests {
    private static let key = Sample.send("spring").key

    private static func result(
        _ address: String, _ state: RecipientState, _ reason: String?, attempt: Int = 1
    ) -> RecipientResult {
        RecipientResult(address: address, state: state, reason: reason, attempt: attempt, at: Sample.instant)
    }

    private func control() -> RecordingControl {
        let control = RecordingControl()
        control.set(sends: [Sample.send("spring"), Sample.send("spring", key: "a/b")])
        control.set(
            results: [
                [
                    Self.result("ann@example.org", .accepted, "250 2.0.0 Ok", attempt: 2),
                    Self.result("\"a, b\"@example.org", .refused, "550 5.1.1 \"no\", never"),
                ],
                [
                    Self.result("=1+1@example.org", .unknown, "+cut"),
                    Self.result("no address\u{1B}", .invalid, nil),
                ],
            ], of: Self.key)
        return control
    }

    private func expect(
        _ arguments: [String], prints output: String, says errors: String = "", endsWith status: Int32 = 0
    ) async throws {
        try await ControlServer.run(control()) { _, server in
            let run = try await Campaignctl.run(["sends"] + arguments, server: server)
            #expect(run.standardOutput == output)
            #expect(run.standardError == errors)
            #expect(run.status == status)
        }
    }

    @Test("what became of each is CSV that no spreadsheet calculates with")
    func csv() async throws {
        try await expect(
            [Self.key, "--recipients"], prints: """
                email,state,reason,attempt,at
                ann@example.org,accepted,250 2.0.0 Ok,2,2026-12-07T08:00:00Z
                "\""a, b\""@example.org",refused,"550 5.1.1 ""no"", never",1,2026-12-07T08:00:00Z
                '=1+1@example.org,unknown,'+cut,1,2026-12-07T08:00:00Z
                no address\\u{1B},invalid,,1,2026-12-07T08:00:00Z

                """)
    }

    @Test("with --json each is a line, with its texts as they are")
    func json() async throws {
        try await expect(
            [Self.key, "--recipients", "--json", "--state", "unknown"], prints: """
                {"at":"2026-12-07T08:00:00Z","attempt":1,"email":"=1+1@example.org","reason":"+cut","state":"unknown"}

                """)
    }

    @Test("states, columns, headings and a number are chosen")
    func chosen() async throws {
        try await expect(
            [Self.key, "--recipients", "--state", "refused", "--state", "invalid", "--columns", "state,email"],
            prints: """
                state,email
                refused,"\""a, b\""@example.org"
                invalid,no address\\u{1B}

                """)
        try await expect(
            [Self.key, "--recipients", "--no-headers", "--limit", "3", "--columns", "attempt"], prints: "2\n1\n1\n")
        try await expect([Self.key, "--recipients", "--state", "temporary"], prints: "email,state,reason,attempt,at\n")
        try await expect([Self.key, "--recipients", "--state", "temporary", "--json"], prints: "")
    }

    @Test("a send of which nothing is kept, and a key that nothing has, are told")
    func nothing() async throws {
        try await expect(
            ["a/b", "--recipients"], prints: "", says: "No results are kept of the recipients of a/b.\n")
        try await expect(
            ["c/d", "--recipients"], prints: "", says: "campaignctl: there is no send \"c/d\"\n", endsWith: 3)
    }

    @Test("mistakes on the command line are told before anything is asked")
    func mistakes() async throws {
        let control = control()
        try await ControlServer.run(control) { _, server in
            for (arguments, words) in [
                (["--recipients"], "--recipients goes with a send's key"),
                ([Self.key, "--recipients", "--state", "failed"], "--state: failed is a state of a send"),
                (["--state", "refused"], "--state: refused is a state of a recipient"),
                ([Self.key, "--recipients", "--columns", "due"], "there is no column \"due\""),
                ([Self.key, "--recipients", "--limit", "0"], "--limit: 0 is out of range"),
            ] {
                let run = try await Campaignctl.run(["sends"] + arguments, server: server)
                #expect(run.status == 2)
                #expect(run.standardError.contains(words), "\(run)")
                #expect(run.standardOutput == "")
            }
        }
        #expect(control.asked == [])
    }
}
