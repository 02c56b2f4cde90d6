import CampaignModel
import ControlAPI
import Glibc
import ProgramRun
import Testing
import VarlinkKit

@testable import ControlBench

@Suite("campaignctl retry", .timeLimit(.minutes(10)))
struct RetryTests {
    private static let failed = Sample.send("spring", .failed, reason: "mailbox full")

    private func control() -> RecordingControl {
        let control = RecordingControl()
        control.set(sends: [Self.failed])
        return control
    }

    @Test("it says which attempt of which send is under way")
    func retried() async throws {
        let control = control()
        try await ControlServer.run(control) { _, server in
            let show = try await Campaignctl.run(["retry", Self.failed.key, "--dry-run"], server: server)
            #expect(show.standardOutput == "spring: attempt 2 of \(Self.failed.key) would begin\n")
            let run = try await Campaignctl.run(
                ["retry", Self.failed.key, "--attempt", "2", "--reason", "it is back", "--revision", "4"],
                server: server)
            #expect(run.standardOutput == "spring: attempt 2 of \(Self.failed.key) is under way\n")
            #expect(run.standardError == "")
            #expect(run.status == 0)
            let actor = EventActor(uid: getuid(), name: "tester")
            #expect(
                control.asked == [
                    .retry(OccurrenceKey(Self.failed.key)!, attempt: nil, Change(actor: actor, isDryRun: true)),
                    .retry(
                        OccurrenceKey(Self.failed.key)!, attempt: 2,
                        Change(actor: actor, revision: 4, reason: "it is back")),
                ])
        }
    }

    @Test("the number is the attempt's that was asked for, whether it was handed over already or not", arguments: [
        (.claimed, 2, nil, "attempt 2 of KEY is under way"), (.running, 2, nil, "attempt 2 of KEY is under way"),
        (.waiting, 1, nil, "attempt 2 of KEY is waiting"), (.queued, 0, 3, "attempt 1 of KEY is queued (3)"),
        (.claimed, 0, nil, "attempt 1 of KEY is under way"), (.failed, 2, nil, "attempt 2 of KEY has ended: failed"),
    ] as [(SendState, Int, Int?, String)])
    func number(state: SendState, attempts: Int, position: Int?, words: String) async throws {
        let control = control()
        control.answerRetries(with: Sample.send("spring", state, attempts: attempts, position: position))
        try await ControlServer.run(control) { _, server in
            let run = try await Campaignctl.run(["retry", Self.failed.key], server: server)
            #expect(run.standardOutput == "spring: \(words.replacing("KEY", with: Self.failed.key))\n")
            #expect(run.status == 0)
        }
    }

    @Test("one that was cancelled before its first attempt has that one tried")
    func first() async throws {
        let cancelled = Sample.send("spring", .cancelled, attempts: 0)
        let control = RecordingControl()
        control.set(sends: [cancelled])
        try await ControlServer.run(control) { _, server in
            let show = try await Campaignctl.run(["retry", cancelled.key, "--dry-run"], server: server)
            #expect(show.standardOutput == "spring: attempt 1 of \(cancelled.key) would begin\n")
            let run = try await Campaignctl.run(["retry", cancelled.key], server: server)
            #expect(run.standardOutput == "spring: attempt 1 of \(cancelled.key) is under way\n")
        }
    }

    @Test("with --json it is the send")
    func json() async throws {
        try await ControlServer.run(control()) { _, server in
            let run = try await Campaignctl.run(["retry", Self.failed.key, "--json"], server: server)
            var claimed = Self.failed
            claimed.state = .claimed
            claimed.attempts = 2
            claimed.reason = nil
            claimed.endedAt = nil
            #expect(run.standardOutput == JSONValue.object(claimed.json).description + "\n")
        }
    }

    @Test("of several keys each is tried, and the first failure's code counts")
    func several() async throws {
        let control = control()
        control.refuse("b/c", .invalidState(name: "b", status: .stopped, command: .retry, allowed: [], why: "it ended"))
        try await ControlServer.run(control) { _, server in
            let run = try await Campaignctl.run(
                ["retry", "a/b", "b/c", "c d", Self.failed.key, "--json"], server: server)
            let objects = try run.standardOutput.split(separator: "\n").map { try JSONValue(parsing: $0.utf8) }
            #expect(objects.map { $0["error"]?.stringValue } == ["NotFound", "InvalidState", "InvalidField", nil])
            #expect(objects.map { $0["name"]?.stringValue } == ["a/b", "b", "c d", nil])
            #expect(objects.last?["state"] == "claimed")
            #expect(run.status == 3)
            let usage = try await Campaignctl.run(["retry", "a/b", "c/d", "--revision", "1"], server: server)
            #expect(usage.status == 2)
            #expect(try await Campaignctl.run(["retry"], server: server).status == 2)
            for words in [["a/b", "c/d", "--attempt", "2"], ["a/b", "--attempt", "0"], ["a/b", "--attempt", "101"]] {
                #expect(try await Campaignctl.run(["retry"] + words, server: server).status == 2)
            }
        }
    }

    @Test("show tells how an active campaign's newest send is tried again where it failed")
    func show() async throws {
        for (status, state, isTold) in [
            (.active, .failed, true), (.active, .interrupted, true), (.active, .sent, false),
            (.active, .cancelled, false), (.completed, .failed, false),
        ] as [(Status, SendState, Bool)] {
            let control = RecordingControl(campaigns: [Sample.campaign(named: "spring", status)])
            let send = Sample.send("spring", state)
            control.set(sends: [send])
            try await ControlServer.run(control) { _, server in
                let run = try await Campaignctl.run(["show", "spring"], server: server)
                let hint = "            try the newest again: campaignctl retry \(send.key)\n"
                #expect(run.standardOutput.hasSuffix(hint) == isTold)
                #expect(run.standardOutput.contains("retry") == isTold)
            }
        }
    }
}
