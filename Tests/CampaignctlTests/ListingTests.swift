import CampaignModel
import ControlAPI
import ProgramRun
import Recurrence
import Testing
import VarlinkKit

@testable import ControlBench

@Suite("What lists say of nothing, of retries to come and of seconds", .timeLimit(.minutes(10)))
struct ListingTests {
    @Test(
        "where there is nothing it is said beside the data, and as JSON nothing is said",
        arguments: [
            (["alerts"], "No alerts."), (["sends"], "No sends."), (["message", "list"], "No messages."),
            (["list"], "No campaigns."), (["list", "--all"], "No campaigns."), (["log"], "No events."),
            (["next"], "Nothing is planned."),
        ])
    func nothing(arguments: [String], sentence: String) async throws {
        try await ControlServer.run(RecordingControl()) { _, server in
            let run = try await Campaignctl.run(arguments, server: server)
            #expect((run.standardOutput, run.standardError, run.status) == ("", sentence + "\n", 0))
            let json = try await Campaignctl.run(arguments + ["--json"], server: server)
            #expect((json.standardOutput, json.standardError, json.status) == ("", "", 0))
        }
    }

    @Test(
        "what goes to a file is what goes to a pipe",
        arguments: [["list"], ["list", "--json"], ["list", "--no-headers", "--limit", "700"]])
    func toFile(arguments: [String]) async throws {
        let control = RecordingControl(campaigns: (0..<1_203).map { Sample.campaign(named: "c\(1_000 + $0)") })
        try await ControlServer.run(control) { _, server in
            // Here the output of a program that is run is a file.
            let filed = try await Campaignctl.run(arguments, server: server)
            #expect(filed.standardOutput.split(separator: "\n").count >= 700)
            let command = ([Campaignctl.program] + arguments).joined(separator: " ")
            let piped = try await ProgramRun.run(
                "/bin/sh", ["-c", "\(command) | cat"],
                environment: [
                    "CAMPAIGND_SOCKET": ControlServer.path(of: server), "PATH": "/usr/bin:/bin", "LANG": "C.UTF-8",
                ])
            #expect((piped.status, piped.standardError) == (0, ""))
            #expect(piped.standardOutput == filed.standardOutput)
        }
    }

    @Test("an empty list says how many have ended, where they are left out unasked")
    func hidden() async throws {
        for (names, sentence) in [
            (["a"], "No campaigns; --all shows 1 that has ended.\n"),
            (["a", "b"], "No campaigns; --all shows 2 that have ended.\n"),
        ] {
            let control = RecordingControl(campaigns: names.map { Sample.campaign(named: $0, .stopped) })
            try await ControlServer.run(control) { _, server in
                let run = try await Campaignctl.run(["list", "--tag", "fr"], server: server)
                #expect((run.standardOutput, run.standardError, run.status) == ("", sentence, 0))
                #expect(control.asked.last == .count(CampaignQuery(statuses: nil, tags: [Slug("fr")!])))
                let drafts = try await Campaignctl.run(["list", "--status", "draft"], server: server)
                #expect(drafts.standardError == "No campaigns.\n")
            }
        }
    }

    @Test("sends and show tell when the next attempt is, in the zone of the time beside it")
    func waiting() async throws {
        for (wait, words) in [
            (30, "waiting, attempt 2 at 09:00:30"), (86_400, "waiting, attempt 2 at 2026-12-08 09:00:00"),
        ] as [(Int64, String)] {
            let control = RecordingControl(campaigns: [Sample.campaign(named: "spring", .active)])
            let send = Sample.send("spring", .waiting, reason: "busy", nextIn: wait)
            control.set(sends: [send])
            try await ControlServer.run(control) { _, server in
                let sends = try await Campaignctl.run(["sends"], server: server)
                let row = sends.standardOutput.split(separator: "\n").last.map(String.init) ?? ""
                #expect(
                    row == "spring    2026-12-07 09:00 Europe/Paris  \(words)  1         -         \(send.key)  busy")
                let show = try await Campaignctl.run(["show", "spring"], server: server)
                #expect(
                    show.standardOutput.contains("Last sends: 2026-12-07 09:00 Europe/Paris  \(words)  busy\n"))
            }
        }
        let utc = RecordingControl(campaigns: [Sample.campaign(named: "spring", .active)])
        utc.set(sends: [Sample.send("spring", .waiting, attempts: 3, nextIn: 30)])
        try await ControlServer.run(utc) { _, server in
            let sends = try await Campaignctl.run(["sends", "--utc"], server: server)
            #expect(sends.standardOutput.contains("  2026-12-07 08:00 UTC  waiting, attempt 4 at 08:00:30  "))
        }
    }

    @Test("counts are told in groups of three digits, and states in the same colours, by sends and show")
    func counts() async throws {
        let control = RecordingControl(campaigns: [Sample.campaign(named: "spring", .active)])
        control.set(sends: [Sample.send("spring", .failed, done: 20_300, total: 48_000, failed: 1_200)])
        try await ControlServer.run(control) { _, server in
            for verb in [["sends"], ["show", "spring"]] {
                let run = try await Campaignctl.run(verb + ["--color", "always"], server: server)
                #expect(run.standardOutput.contains("  \u{1B}[31mfailed\u{1B}[0m  "), "\(verb)")
                #expect(run.standardOutput.contains("  20,300/48,000, 1,200 failed"), "\(verb)")
            }
        }
    }

    @Test("times below each other all have seconds where one has them")
    func seconds() async throws {
        let control = RecordingControl(campaigns: [Sample.campaign(named: "spring", .active)])
        var early = Sample.send("spring", key: "\(Sample.id)/now/early")
        early.due = Sample.instant + -5
        control.set(sends: [Sample.send("spring"), early])
        try await ControlServer.run(control) { _, server in
            let sends = try await Campaignctl.run(["sends", "--utc"], server: server)
            #expect(sends.standardOutput.contains("\nspring    2026-12-07 08:00:00 UTC  sent "))
            #expect(sends.standardOutput.contains("\nspring    2026-12-07 07:59:55 UTC  sent "))
            let show = try await Campaignctl.run(["show", "spring", "--utc"], server: server)
            #expect(
                show.standardOutput.contains("""
                    Last sends: 2026-12-07 08:00:00 UTC  sent  120/500, 3 failed
                                2026-12-07 07:59:55 UTC  sent  120/500, 3 failed
                    """))
        }
    }
}
