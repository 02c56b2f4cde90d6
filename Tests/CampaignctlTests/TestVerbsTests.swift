import CampaignModel
import ControlAPI
import Glibc
import ProgramRun
import Testing
import VarlinkKit

@testable import ControlBench

@Suite("campaignctl send-now --proof and surface test", .timeLimit(.minutes(10)))
struct TestVerbsTests {
    private static let actor = EventActor(uid: getuid(), name: "tester")
    private static let proof = ["send-now", "spring", "--proof", "--to", "ada@example.org"]

    private func expect(
        _ arguments: [String], answer: SendTestView, prints output: String, says errors: String = "",
        endsWith status: Int32 = 0, asking asked: RecordingControl.Asked? = nil
    ) async throws {
        let control = RecordingControl()
        control.set(tests: answer)
        try await ControlServer.run(control) { _, server in
            let run = try await Campaignctl.run(arguments, server: server)
            #expect((run.standardOutput, run.standardError, run.status) == (output, errors, status))
            if let asked { #expect(control.asked == [asked]) }
        }
    }

    @Test("a proof that was sent says to whom and what")
    func sent() async throws {
        try await expect(
            Self.proof + ["--request-id", "a:1", "--reason", "look"],
            answer: Sample.test(of: "spring", .sent, to: "ada@example.org"),
            prints: "spring: the proof to ada@example.org was sent (version 2, news revision 3, surface newsletter)\n",
            asking: .proof(
                Slug("spring")!, ProofAddress("ada@example.org")!, RequestID("a:1")!,
                Change(actor: Self.actor, reason: "look")))
    }

    @Test("a surface's test goes to an address or to nobody")
    func surface() async throws {
        let arguments = ["surface", "test", "newsletter", "--request-id", "a:1"]
        try await expect(
            arguments, answer: Sample.test(of: nil, .sent, to: nil),
            prints: "newsletter: the test passed\n",
            asking: .testSurface(Slug("newsletter")!, nil, RequestID("a:1")!, Change(actor: Self.actor)))
        try await expect(
            arguments + ["--to", "ada@example.org", "--reason", "new server"],
            answer: Sample.test(
                of: nil, .sent, progress: SendProgress(done: 1, note: "queued\u{7} as 4711"), to: "ada@example.org"),
            prints: "newsletter: the test was sent to ada@example.org\n",
            says: "  queued\\u{7} as 4711\n",
            asking: .testSurface(
                Slug("newsletter")!, ProofAddress("ada@example.org"), RequestID("a:1")!,
                Change(actor: Self.actor, reason: "new server")))
    }

    @Test(
        "whatever else it ended with is exit 1, with its reason",
        arguments: [
            (.failed(reason: "mailbox full"), "failed: mailbox full"),
            (.temporary(reason: "busy", retryAfterSeconds: 60), "failed for now: busy"),
            (.interrupted(reason: "killed"), "was interrupted, and nobody knows whether it arrived: killed"),
            (.cancelled(reason: "wrong"), "was cancelled: wrong"),
        ] as [(AttemptOutcome, String)])
    func ended(outcome: AttemptOutcome, words: String) async throws {
        let content = "(version 2, news revision 3, surface newsletter)"
        try await expect(
            Self.proof + ["--request-id", "a:1"], answer: Sample.test(of: "spring", outcome, to: "ada@example.org"),
            prints: "spring: the proof to ada@example.org \(words) \(content)\n",
            says: "  The same request id answers this again; another try takes a new one.\n", endsWith: 1)
    }

    @Test(
        "a surface's test that was not sent says why, and to whom it would have gone",
        arguments: [
            (.failed(reason: "no token"), nil, "the test failed: no token"),
            (.failed(reason: "no token"), "ada@example.org", "the test to ada@example.org failed: no token"),
            (.interrupted(reason: "killed"), nil, "the test was interrupted: killed"),
            (
                .interrupted(reason: "killed"), "ada@example.org",
                "the test to ada@example.org was interrupted, and nobody knows whether it arrived: killed"
            ),
        ] as [(AttemptOutcome, String?, String)])
    func surfaceFailed(outcome: AttemptOutcome, address: String?, words: String) async throws {
        try await expect(
            ["surface", "test", "newsletter", "--request-id", "a:1"] + (address.map { ["--to", $0] } ?? []),
            answer: Sample.test(of: nil, outcome, to: address), prints: "newsletter: \(words)\n",
            says: "  The same request id answers this again; another try takes a new one.\n", endsWith: 1)
    }

    @Test("one that goes on is no failure, and says how to look again")
    func running() async throws {
        try await expect(
            ["send-now", "spring", "--proof", "--to", "ada o'neill@x", "--request-id", "a:1"],
            answer: Sample.test(of: "spring", nil, to: "ada o'neill@x"),
            prints: "spring: the proof to ada o'neill@x is still under way (version 2, news revision 3, surface "
                + "newsletter)\n",
            says: "  Ask again: campaignctl send-now spring --proof --to 'ada o'\\''neill@x' --request-id a:1\n")
        try await expect(
            ["surface", "test", "newsletter", "--request-id", "a:1"], answer: Sample.test(of: nil, nil, to: nil),
            prints: "newsletter: the test is still under way\n",
            says: "  Ask again: campaignctl surface test newsletter --request-id a:1\n")
    }

    @Test("with --json it is the test with its request id, whatever the outcome")
    func json() async throws {
        for (outcome, status) in [(.sent, 0), (nil, 0), (.failed(reason: "x"), 1)] as [(AttemptOutcome?, Int32)] {
            let test = Sample.test(of: "spring", outcome, to: "ada@example.org")
            var object = test.json
            object["request_id"] = "a:1"
            try await expect(
                Self.proof + ["--request-id", "a:1", "--json"], answer: test,
                prints: JSONValue.object(object).description + "\n", endsWith: status)
        }
    }

    @Test("a request id that nobody gave is told with the answer, and where none comes")
    func toldID() async throws {
        let folder = try TestFolder()
        for (arguments, campaign, what) in [
            (Self.proof, "spring", "proof"), (["surface", "test", "newsletter"], nil, "test"),
        ] as [([String], String?, String)] {
            let words = "; the same id asks for this \(what) again, and never sends it twice\n"
            let control = RecordingControl()
            control.set(tests: Sample.test(of: campaign, .failed(reason: "x"), to: "ada@example.org"))
            try await ControlServer.run(control) { _, server in
                let run = try await Campaignctl.run(arguments, server: server)
                let id: RequestID? =
                    switch control.asked.first {
                    case .proof(_, _, let id, _), .testSurface(_, _, let id, _): id
                    default: nil
                    }
                #expect(run.standardError == "request id: \(try #require(id))\(words)")
                #expect(run.status == 1)
            }
            try await SilentSocket.run(in: folder.path) { silent in
                let run = try await Campaignctl.run(arguments, socket: silent.path)
                let lines = run.standardError.split(separator: "\n")
                #expect(lines.first?.hasPrefix("request id: ") == true)
                #expect(lines.last?.hasPrefix("campaignctl: the server ended the connection before") == true)
                #expect((run.standardOutput, run.status) == ("", 4))
            }
        }
    }

    @Test("of a refusal the request id is told in its object alone")
    func madeID() async throws {
        let control = RecordingControl()
        try await ControlServer.run(control) { _, server in
            for arguments in [Self.proof, ["surface", "test", "newsletter"]] {
                let plain = try await Campaignctl.run(arguments, server: server)
                #expect(!plain.standardError.contains("request id"))
                let run = try await Campaignctl.run(arguments + ["--json"], server: server)
                let object = try JSONValue(parsing: run.standardOutput.utf8.dropLast())
                #expect(object["request_id"]?.stringValue?.isEmpty == false)
                #expect(object["error"] == "NotFound")
                #expect(run.standardError == "")
                #expect(run.status == 3)
            }
        }
    }

    @Test("what can't be taken is refused here", arguments: [
        (
            ["--to", " a", "--request-id", "a"],
            "--to: \" a\" is no address; use 1 to 320 characters, no control characters, no space at the ends"
        ),
        (
            ["--to", "a", "--request-id", "a b"],
            "--request-id: \"a b\" is no request id; use 1 to 64 of A-Z, a-z, 0-9, ., _, : and -"
        ),
    ])
    func refused(arguments: [String], sentence: String) async throws {
        let control = RecordingControl()
        try await ControlServer.run(control) { _, server in
            for verb in [["send-now", "spring", "--proof"], ["surface", "test", "newsletter"]] {
                let run = try await Campaignctl.run(verb + arguments, server: server)
                #expect((run.standardOutput, run.standardError) == ("", "campaignctl: \(sentence)\n"))
                #expect(run.status == 1)
            }
            #expect(control.asked == [])
        }
    }

    @Test("--proof and --to go together, and not with what changes something", arguments: [
        ["--proof"], ["--to", "a"], ["--proof", "--to", "a", "--again"], ["--proof", "--to", "a", "--dry-run"],
        ["--proof", "--to", "a", "--revision", "1"], ["--again", "--to", "a"],
    ])
    func usage(arguments: [String]) async throws {
        let run = try await Campaignctl.run(["send-now", "spring"] + arguments)
        #expect(run.status == 2)
        #expect(run.standardError.contains("Usage: campaignctl"))
    }
}
