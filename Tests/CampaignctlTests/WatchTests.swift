import CampaignModel
import ControlAPI
import Glibc
import ProgramRun
import Testing
import VarlinkKit

@testable import ControlBench

@Suite("campaignctl watch", .timeLimit(.minutes(10)))
struct WatchTests {
    private func control(_ sends: SendView...) -> RecordingControl {
        let control = RecordingControl(campaigns: [Sample.campaign(named: "spring", .active)])
        control.set(sends: sends)
        return control
    }

    @Test("where nothing is being sent it says so and ends with 0, with --json without data")
    func nothing() async throws {
        try await ControlServer.run(control(Sample.send("spring", .sent))) { _, server in
            for arguments in [[], ["--json"]] {
                let run = try await Campaignctl.run(["watch", "spring"] + arguments, server: server)
                #expect(run.standardOutput == "")
                #expect(
                    run.standardError == "Nothing of spring is being sent; campaignctl sends tells what was.\n")
                #expect(run.status == 0)
            }
        }
    }

    @Test("elsewhere than on a terminal each change is a line or an object, and the last one its outcome")
    func lines() async throws {
        let running = Sample.send("spring", .running, done: 12_000, total: 40_000)
        let sent = Sample.send("spring", .sent, done: 40_000, total: 40_000, failed: 3)
        for (arguments, lines) in [
            (
                [],
                [
                    "spring: running, 12,000/40,000 (30%) (\(running.key))",
                    "spring: sent, 40,000/40,000 (100%), 3 failed, after 7 min (\(running.key))",
                ]
            ),
            (
                ["--json"],
                [running, sent].map {
                    let pace: JSONObject = ["rate": .null, "ends_at": .null, "ends_too_late": false]
                    return JSONValue.object($0.json.adding(pace)).description
                }
            ),
        ] {
            let control = control(running)
            try await ControlServer.run(control) { _, server in
                // The send ends when it has been looked at.
                control.whenAsked { asked, control in
                    if case .sends = asked { control.set(sends: [sent]) }
                }
                let run = try await Campaignctl.run(["watch", "spring"] + arguments, server: server)
                #expect(run.standardOutput == lines.map { $0 + "\n" }.joined())
                #expect(run.standardError == "")
                #expect(run.status == 0)
            }
        }
    }

    @Test("a name that nothing has ends it with 3, no daemon with 4, and what is no key with 1")
    func refused() async throws {
        let control = control()
        control.refuse("winter", .notFound(.campaign, name: "winter"))
        try await ControlServer.run(control) { _, server in
            for (word, status, sentence) in [
                ("winter", 3, "there is no campaign \"winter\""),
                ("a/b", 3, "there is no send \"a/b\" that is open or has ended of late"),
                ("a/ b", 1, "key: \"a/ b\" is not a key; keys are 1 to 200 ASCII characters without spaces"),
            ] as [(String, Int32, String)] {
                let run = try await Campaignctl.run(["watch", word], server: server)
                #expect(run.standardError == "campaignctl: \(sentence)\n")
                #expect(run.status == status)
            }
        }
        #expect(try await Campaignctl.run(["watch"]).status == 4)
        #expect(try await Campaignctl.run(["watch", "spring", "--json"]).standardOutput.contains("\"Unreachable\""))
    }

    @Test("a closed pipe ends it quietly, also where there is nothing to tell")
    func closed() async throws {
        for control in [control(), control(Sample.send("spring", .running))] {
            try await ControlServer.run(control) { _, server in
                for arguments in [[], ["--json"]] {
                    let run = try await Campaignctl.run(["watch"] + arguments, server: server, closesOutput: true)
                    #expect((run.status, run.standardError) == (0, ""))
                }
            }
        }
    }

    private func terminal(_ server: VarlinkServer, _ arguments: [String]) throws -> TerminalRun {
        try TerminalRun(
            Campaignctl.program, ["watch"] + arguments,
            environment: [
                "CAMPAIGND_SOCKET": ControlServer.path(of: server), "TERM": "xterm", "LANG": "C.UTF-8", "NO_COLOR": "1",
            ], columns: 100, rows: 24)
    }

    @Test("on a terminal Ctrl-C ends it as the signal does, at the beginning of an empty line")
    func interrupted() async throws {
        try await ControlServer.run(control(Sample.send("spring", .running, done: 5, total: 10))) { _, server in
            let run = try await terminal(server, []).run(until: "5/10 (50%)") { $0.type([3]) }
            #expect(run.status & 0x7F == SIGINT)
            let line = "spring  running  [###########-----------]  5/10 (50%)\u{1B}[K\r\n"
            #expect(run.output.contains(line))
            #expect(run.output.hasSuffix("\u{1B}[0m\r\u{1B}[J"))
            // The cursor was never hidden.
            #expect(!run.output.contains("\u{1B}[?25"))
        }
    }

    @Test("on a terminal a send is a line that is drawn over, and stays with its outcome")
    func live() async throws {
        let control = control(Sample.send("spring", .running, done: 5, total: 10))
        try await ControlServer.run(control) { _, server in
            let run = try await terminal(server, ["spring"]).run(until: "5/10 (50%)") { _ in
                control.set(sends: [Sample.send("spring", .failed, done: 5, total: 10, reason: "mailbox full")])
            }
            #expect(run.status == 0)
            let ended = "spring: failed, 5/10 (50%), after 7 min, mailbox full; try again: campaignctl retry "
                + "\(Sample.id)/now/a"
            // One line was drawn, and the outcome stands in its place.
            #expect(run.output.hasSuffix("\r\u{1B}[1A\(ended)\u{1B}[K\r\n\u{1B}[J"))
        }
    }

    @Test("a dumb terminal gets lines")
    func dumb() async throws {
        let send = Sample.send("spring", .running, done: 5, total: 10)
        try await ControlServer.run(control(send)) { _, server in
            let terminal = try TerminalRun(
                Campaignctl.program, ["watch"],
                environment: ["CAMPAIGND_SOCKET": ControlServer.path(of: server), "TERM": "dumb"], columns: 80,
                rows: 24)
            let run = await terminal.run(until: send.key) { $0.type([3]) }
            #expect(run.output.hasPrefix("spring: running, 5/10 (50%) (\(send.key))\r\n"))
            #expect(run.status & 0x7F == SIGINT)
        }
    }
}
