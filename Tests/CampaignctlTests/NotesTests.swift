import CampaignModel
import ControlAPI
import ProgramRun
import Testing
import VarlinkKit

@testable import ControlBench

@Suite("What else comes of a change", .timeLimit(.minutes(10)))
struct NotesTests {
    static let note = "version 2 replaces the live one; today's slot, 11:00, has passed"

    @Test("notes follow the line on standard error, and stand in the object with --json")
    func notes() async throws {
        let control = RecordingControl(campaigns: [Sample.campaign(named: "spring")])
        control.set(notes: [Self.note, "said \u{1B}[31m"])
        try await ControlServer.run(control) { _, server in
            let run = try await Campaignctl.run(["activate", "spring"], server: server)
            #expect(run.standardOutput == "spring: scheduled, next 2026-12-07 09:00 Europe/Paris\n")
            #expect(run.standardError == "  \(Self.note)\n  said \\u{1B}[31m\n")
            let json = try await Campaignctl.run(["archive", "spring", "--json"], server: server)
            let object = try JSONValue(parsing: json.standardOutput.dropLast().utf8)
            #expect(object["notes"] == .array([.string(Self.note), "said \u{1B}[31m"]))
            #expect(object["status"] == "archived")
            #expect(object["cancels"] == nil)
            #expect(json.standardError == "")
        }
    }

    @Test("a stop for show tells what would be cancelled, what goes on and what would never be sent")
    func stop() async throws {
        let control = RecordingControl(campaigns: [Sample.campaign(named: "weekly", .active)])
        control.set(outlook: Sample.outlook("weekly"))
        try await ControlServer.run(control) { _, server in
            let run = try await Campaignctl.run(["stop", "weekly", "--dry-run"], server: server)
            #expect(
                run.standardOutput == """
                    weekly: would be stopped
                      would be cancelled: 2026-12-07 09:00 Europe/Paris  queued (2)  \(Sample.id)/a
                      would go on: 2026-12-07 09:00 Europe/Paris  running  \(Sample.id)/b
                      would never be sent: 2026-12-08 09:00 Europe/Paris
                                           2026-12-09 09:00 Europe/Paris
                                           2026-12-10 09:00 Europe/Paris
                                           2026-12-11 09:00 Europe/Paris
                                           2026-12-12 09:00 Europe/Paris
                                           and so on

                    """)
            #expect(run.standardError == "")
            let coloured = try await Campaignctl.run(
                ["stop", "weekly", "--dry-run", "--color", "always"], server: server)
            #expect(coloured.standardOutput.contains("Europe/Paris  \u{1B}[33mrunning\u{1B}[0m  \(Sample.id)/b\n"))
            let json = try await Campaignctl.run(["stop", "weekly", "--dry-run", "--json"], server: server)
            let object = try JSONValue(parsing: json.standardOutput.dropLast().utf8)
            for (name, value) in Sample.outlook("weekly").json { #expect(object[name] == value) }
            #expect(object["notes"] == [])
            #expect(object["name"] == "weekly")
            let done = try await Campaignctl.run(["stop", "weekly", "--json"], server: server)
            #expect(try JSONValue(parsing: done.standardOutput.dropLast().utf8)["drops"] == nil)
        }
    }

    @Test("a stop that would do nothing to any send says so, and few occurrences are all there are")
    func little() async throws {
        let control = RecordingControl(campaigns: [Sample.campaign(named: "weekly", .active)])
        try await ControlServer.run(control) { _, server in
            for (drops, line) in [
                (0, "nothing of it is being sent, and nothing is planned"),
                (1, "would never be sent: 2026-12-08 08:00 UTC"),
            ] {
                var outlook = Sample.outlook("weekly")
                outlook.cancels = []
                outlook.goesOn = []
                outlook.drops = Array(outlook.drops.prefix(drops))
                control.set(outlook: outlook)
                let run = try await Campaignctl.run(["stop", "weekly", "--dry-run", "--utc"], server: server)
                #expect(run.standardOutput == "weekly: would be stopped\n  \(line)\n")
            }
        }
    }

    @Test("a tag that can't be taken is refused for each name, without a call")
    func tags() async throws {
        let control = RecordingControl(campaigns: [Sample.campaign(named: "spring")])
        try await ControlServer.run(control) { _, server in
            let run = try await Campaignctl.run(["tag", "spring", "summer", "--add", "A b", "--json"], server: server)
            #expect(run.standardOutput.split(separator: "\n").count == 2)
            #expect(run.standardOutput.contains(#""error":"InvalidField","field":"--add","name":"summer""#))
            #expect(run.status == 1)
            #expect(control.asked == [])
        }
    }
}
