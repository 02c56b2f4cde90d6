import CampaignModel
import ControlAPI
import ProgramRun
import Testing
import VarlinkKit

@testable import ControlBench

@Suite("Which parts of a table are printed", .timeLimit(.minutes(10)))
struct TableOptionsTests {
    private let control = RecordingControl(campaigns: [
        Sample.campaign(named: "autumn", .active), Sample.campaign(named: "spring"),
    ])

    @Test(
        "the columns asked for, in their order, with their headings or without",
        arguments: [
            (["list", "--columns", "status,Name"], "STATUS  NAME\nactive  autumn\ndraft   spring\n"),
            (["list", "--columns", "name", "--no-headers"], "autumn\nspring\n"),
            (["list", "--no-headers", "--columns", "name,status"], "autumn  active\nspring  draft\n"),
            (["list", "--count", "--no-headers", "--status", "draft"], "draft  1\n"),
        ])
    func columns(arguments: [String], output: String) async throws {
        try await ControlServer.run(control) { _, server in
            let run = try await Campaignctl.run(arguments, server: server)
            #expect((run.standardOutput, run.standardError, run.status) == (output, "", 0))
        }
    }

    @Test("an empty table is told as any other")
    func nothing() async throws {
        try await ControlServer.run(RecordingControl()) { _, server in
            let run = try await Campaignctl.run(["list", "--no-headers"], server: server)
            #expect((run.standardOutput, run.standardError, run.status) == ("", "No campaigns.\n", 0))
        }
    }

    @Test(
        "a column that a table lacks, and JSON with columns, are usage errors",
        arguments: [
            (
                ["surface", "list", "--columns", "name,size"],
                "--columns: there is no column \"size\"; there are name, channel, running, queued, at-a-time, retries"
            ),
            (
                ["sends", "--columns", ""],
                "--columns: there is no column \"\"; there are campaign, due, state, attempts, progress, key, reason"
            ),
            (["list", "--columns", "nmae"], "--columns: there is no column \"nmae\"; did you mean name?"),
            (["alerts", "--columns", "code", "--json"], "--columns stands beside --json; use one of them"),
            (["next", "--no-headers", "--json"], "--no-headers stands beside --json; use one of them"),
            (["message", "list", "--json", "--no-headers"], "--no-headers stands beside --json; use one of them"),
            (
                ["audience", "list", "--columns", "key"],
                "--columns: there is no column \"key\"; there are name, campaigns"
            ),
        ])
    func refused(arguments: [String], sentence: String) async throws {
        let run = try await Campaignctl.run(arguments)
        #expect(run.standardError.contains(sentence), "\(run.standardError)")
        #expect((run.standardOutput, run.status) == ("", 2))
    }
}
