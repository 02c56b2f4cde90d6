import CampaignModel
import ControlAPI
import ProgramRun
import Recurrence
import Testing

@testable import ControlBench

@Suite("campaignctl suppress", .timeLimit(.minutes(10)))
struct SuppressTests {
    private let control = RecordingControl()

    private func expect(
        _ arguments: [String], input: String = "", prints output: String, says errors: String = "",
        endsWith status: Int32 = 0
    ) async throws {
        try await ControlServer.run(control) { _, server in
            let run = try await Campaignctl.run(["suppress"] + arguments, server: server, input: input)
            #expect(run.standardOutput == output)
            #expect(run.standardError == errors)
            #expect(run.status == status)
        }
    }

    private var kept: [String] { control.suppressed.map { "\($0.address) \($0.reason ?? "-")" } }

    @Test("addresses are added and removed, from the command line and from standard input")
    func changes() async throws {
        try await expect(["add", "ann@example.org", "--reason", "asked to"], prints: "1 added\n")
        try await expect(
            ["add", "-"], input: "ann@example.org\r\n\n  bob@example.org \n", prints: "1 added, 1 was there already\n")
        #expect(kept == ["ann@example.org asked to", "bob@example.org -"])
        try await expect(
            ["remove", "ann@example.org", "--dry-run"], prints: "1 removed (dry run: nothing was changed)\n")
        try await expect(
            ["remove", "ann@example.org", "eve@example.org", "--json"],
            prints: #"{"changed":1,"invalid":[],"invalid_count":0,"unchanged":1}"# + "\n")
        #expect(kept == ["bob@example.org -"])
    }

    @Test("what is no address is told by its line, and nothing is changed unless it is to be passed over")
    func invalid() async throws {
        try await expect(
            ["add", "-"], input: "ann@example.org\n\nnobody\n", prints: "", says: """
                campaignctl: line 3: it has no @
                campaignctl: 1 is no address; nothing was changed. --skip-invalid passes over them

                """, endsWith: 1)
        try await expect(
            ["add", "nobody", "--json"],
            prints: #"{"error":"InvalidAddresses","invalid":[{"address":"nobody","line":null,"#
                + #""reason":"it has no @"}],"invalid_count":1,"text":"1 is no address; nothing was changed. "#
                + #"--skip-invalid passes over them"}"# + "\n", endsWith: 1)
        #expect(kept == [])
        try await expect(
            ["add", "nobody", "ann@example.org", "--skip-invalid"], prints: "1 added, 1 passed over\n",
            says: "campaignctl: \"nobody\": it has no @\n")
        try await expect(
            ["add", "-"], prints: "", says: "campaignctl: addresses: are missing; there is none to add\n", endsWith: 1)
    }

    @Test("a file is imported whatever wrote it")
    func imported() async throws {
        let own = "address,reason,at\n'=a@example.org,'-1,2026-12-07T08:00:00Z\n"
        for (file, wanted) in [
            ("ann@example.org\nbob@example.org\n", ["ann@example.org old", "bob@example.org old"]),
            ("\u{FEFF}Email Address,First Name\r\nann@example.org,Ann\r\n", ["ann@example.org old"]),
            (#"{"email":"ann@example.org","reason":null}"# + "\n", ["ann@example.org old"]),
            (own, ["=a@example.org -1"]),
        ] {
            control.set(suppressed: [])
            try await expect(
                ["import", "-", "--reason", "old"], input: file,
                prints: "\(wanted.count) added\n")
            #expect(kept == wanted)
        }
        #expect(control.suppressed[0].at == Sample.instant)
        control.set(suppressed: [])
        let mixed = "email,status\nann@example.org,enabled\nbob@example.org,blocklisted\n"
        try await expect(["import", "-", "--only", "status=blocklisted"], input: mixed, prints: "1 added\n")
        #expect(kept == ["bob@example.org -"])
        try await expect(
            ["import", "-"], input: "name\nann\n", prints: "",
            says: "campaignctl: standard input: line 2 has no column email, email address, e-mail or address\n",
            endsWith: 1)
        try await expect(
            ["import", "/nowhere"], prints: "",
            says: "campaignctl: /nowhere: can't be read: No such file or directory\n", endsWith: 1)
    }

    @Test("a large file goes in parts, and all of it is looked at before any of it is there")
    func parts() async throws {
        let lines = (0..<25_000).map { "n\($0)@example.org\n" }.joined()
        try await expect(
            ["import", "-"], input: lines + "nobody\n", prints: "", says: """
                campaignctl: line 25001: it has no @
                campaignctl: 1 is no address; nothing was changed. --skip-invalid passes over them

                """, endsWith: 1)
        #expect(kept == [])
        for asked in control.asked {
            guard case .suppress(let order) = asked else { continue }
            #expect(order.isDryRun && order.entries.count <= Suppression.orderLimit)
        }
        #expect(control.asked.count >= 3)
    }

    @Test("the list is CSV that no spreadsheet calculates with; who is asked for and not there is told")
    func list() async throws {
        control.set(suppressed: [
            Suppression(address: "=a@example.org", reason: "a, b", at: Sample.instant),
            Suppression(address: "bob@example.org", at: Sample.instant),
        ])
        try await expect(["list"], prints: """
            address,reason,at
            '=a@example.org,"a, b",2026-12-07T08:00:00Z
            bob@example.org,,2026-12-07T08:00:00Z

            """)
        try await expect(
            ["list", "bob@example.org", "eve@example.org", "--no-headers", "--columns", "address"],
            prints: "bob@example.org\n", says: "campaignctl: eve@example.org is not suppressed\n", endsWith: 1)
        try await expect(
            ["list", "-", "--json"], input: "bob@example.org\n",
            prints: #"{"address":"bob@example.org","at":"2026-12-07T08:00:00Z","reason":null}"# + "\n")
    }
}
