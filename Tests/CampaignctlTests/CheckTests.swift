import CampaignModel
import ControlAPI
import ProgramRun
import Testing
import VarlinkKit

@testable import ControlBench

@Suite("campaignctl check", .timeLimit(.minutes(10)))
struct CheckTests {
    private static func control() -> RecordingControl {
        let control = RecordingControl(
            campaigns: ["bad", "fair", "good"].map { Sample.campaign(named: $0) })
        var missing = Sample.alert("bad", .messageMissing)
        missing.text = "name a message in the campaign's file"
        missing.field = "message"
        var endless = Sample.alert("fair", .noEnd)
        endless.text = "it goes on until it is stopped"
        control.set(alerts: [missing, endless])
        return control
    }

    @Test("each alert is a line with its severity, sentence, code and field, and an error ends it with 1")
    func lines() async throws {
        try await ControlServer.run(Self.control()) { _, server in
            let run = try await Campaignctl.run(["check", "fair", "bad", "good"], server: server)
            #expect(
                run.standardOutput == """
                    fair: warning: it goes on until it is stopped (no-end)
                    bad: error: name a message in the campaign's file (message-missing, message)
                    good: nothing to mend

                    """)
            #expect(run.standardError == "")
            #expect(run.status == 1)
        }
    }

    @Test(
        "how long the next send takes is told with it, and by an activation",
        arguments: [
            (12_000, "10/s", true, "12,000 recipients at 10/s: about 20 min, from 2026-12-07 08:00 UTC to about 08:20"),
            (12_000, "200/h", true, "12,000 recipients at 200/h: about 3 days, from 2026-12-07 08:00 UTC to about "
                + "2026-12-09 20:00"),
            (12_000, "10/s", false, "12,000 recipients at 10/s: about 20 min"), (1, nil, true, "1 recipient"),
            (0, "10/s", true, "0 recipients"),
        ] as [(Int, String?, Bool, String)])
    func forecast(recipients: Int, rate: String?, isPlanned: Bool, words: String) async throws {
        let control = Self.control()
        control.set(
            forecast: ForecastView(
                Forecast(
                    recipients: recipients, rate: rate.flatMap { MailRate($0) },
                    startsAt: isPlanned ? Sample.instant : nil)))
        try await ControlServer.run(control) { _, server in
            let run = try await Campaignctl.run(["check", "good", "--utc"], server: server)
            #expect(run.standardOutput == "good: \(words)\ngood: nothing to mend\n")
            let activated = try await Campaignctl.run(["activate", "good", "--utc"], server: server)
            #expect(activated.standardError == "  \(words)\n")
        }
    }

    @Test("a change tells an alert in the same form")
    func change() async throws {
        var campaign = Sample.campaign(named: "bad")
        campaign.alerts = [Sample.alert("bad", .messageMissing)]
        campaign.alerts[0].field = "message"
        try await ControlServer.run(RecordingControl(campaigns: [campaign])) { _, server in
            let run = try await Campaignctl.run(["pause", "bad"], server: server)
            #expect(
                run.standardError
                    == "  error: the send failed: mailbox full; retry it (message-missing, message)\n")
        }
    }

    @Test("a warning blocks nothing, and nothing is asked but the checks")
    func warning() async throws {
        let control = Self.control()
        try await ControlServer.run(control) { _, server in
            let run = try await Campaignctl.run(["check", "fair", "good"], server: server)
            #expect(run.status == 0)
            #expect(control.asked == [.checks(Slug("fair")!), .checks(Slug("good")!)])
        }
    }

    @Test("with --json each alert is one line, and so is each error")
    func json() async throws {
        let control = Self.control()
        try await ControlServer.run(control) { _, server in
            let run = try await Campaignctl.run(["check", "bad", "good", "nobody", "fair", "--json"], server: server)
            let lines = run.standardOutput.split(separator: "\n").map(String.init)
            try #require(lines.count == 3)
            #expect(
                lines[0] == #"{"campaign":"bad","code":"message-missing","count":1,"field":"message","#
                    + #""severity":"error","since":"2026-12-07T08:00:00Z","#
                    + #""text":"name a message in the campaign's file"}"#)
            #expect(lines[1].contains(#""error":"NotFound""#))
            #expect(lines[2].contains(#""code":"no-end""#))
            #expect(run.standardError == "")
            #expect(run.status == 1)
        }
    }

    @Test("the first one that fails gives the exit code")
    func firstCode() async throws {
        try await ControlServer.run(Self.control()) { _, server in
            let run = try await Campaignctl.run(["check", "good", "nobody", "bad"], server: server)
            #expect(run.status == 3)
            #expect(run.standardError == "campaignctl: there is no campaign \"nobody\"\n")
            #expect(run.standardOutput.contains("bad: error:"))
            #expect(try await Campaignctl.run(["check"], server: server).status == 2)
        }
    }
}
