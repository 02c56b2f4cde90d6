import CampaignModel
import ControlAPI
import ProgramRun
import Recurrence
import Testing
import VarlinkKit

@testable import ControlBench

@Suite("Verbs that read", .timeLimit(.minutes(10)))
struct ReadingVerbsTests {
    @Test("list prints an aligned table for people, in UTC where asked")
    func table() async throws {
        var active = Sample.campaign(named: "summer-newsletter", .active)
        active.alerts = [Sample.alert("summer-newsletter"), Sample.alert("summer-newsletter", .noEnd)]
        active.draftVersion = 3
        active.tags = []
        active.next = []
        active.title = "夏の"
        var spring = Sample.campaign(named: "spring", .scheduled)
        spring.title = "L’été"
        var draft = Sample.campaign(named: "idea")
        draft.title = "L’été"
        let control = RecordingControl(campaigns: [spring, active, draft])
        try await ControlServer.run(control) { _, server in
            let run = try await Campaignctl.run(["list", "--utc"], server: server)
            let table = """
                NAME               STATUS                TYPE      CHANNEL  NEXT                  TAGS       TITLE
                idea               draft                 one-shot  email    -                     spring,fr  L’été
                spring             scheduled             one-shot  email    2026-12-07 08:00 UTC  spring,fr  L’été
                summer-newsletter  active ! 2, draft: 3  one-shot  email    -                     -          夏の

                """
            #expect(run.standardOutput == table)
            #expect(run.standardError == "")
            #expect(run.status == 0)
        }
    }

    @Test("a campaign's mark has the colour of its gravest alert, one without alerts that of its status")
    func marks() async throws {
        func campaign(_ name: String, _ codes: AlertCode...) -> CampaignView {
            var campaign = Sample.campaign(named: name, .active)
            campaign.alerts = codes.map { Sample.alert(name, $0) }
            return campaign
        }
        let control = RecordingControl(
            campaigns: [campaign("a"), campaign("b", .noEnd), campaign("c", .noEnd, .sendFailed)])
        try await ControlServer.run(control) { _, server in
            let arguments = ["list", "--color", "always", "--no-headers", "--columns", "name,status"]
            let run = try await Campaignctl.run(arguments, server: server)
            #expect(
                run.standardOutput == """
                    a  \u{1B}[32mactive\u{1B}[0m
                    b  \u{1B}[33mactive ! 1\u{1B}[0m
                    c  \u{1B}[31mactive ! 2\u{1B}[0m

                    """)
        }
    }

    @Test("list passes its conditions on")
    func conditions() async throws {
        let control = RecordingControl()
        try await ControlServer.run(control) { _, server in
            let run = try await Campaignctl.run(
                [
                    "list", "--status", "active", "--status", "stopped", "--type", "triggered", "--channel", "sms",
                    "--tag", "a", "--tag", "b", "--one-shot", "--search", "Été", "--sort", "next", "--limit", "7",
                ], server: server)
            #expect(run.status == 0)
            #expect(run.standardOutput == "")
            let query = CampaignQuery(
                statuses: [.active, .stopped], isTriggered: true, channel: Slug("sms"), tags: [Slug("a")!, Slug("b")!],
                isRecurring: false, search: "Été", sort: .next)
            #expect(control.asked == [.list(query, PageRequest(limit: 7))])
            _ = try await Campaignctl.run(["list", "--all"], server: server)
            #expect(control.asked.last == .list(CampaignQuery(statuses: nil), PageRequest(limit: 500)))
        }
    }

    @Test("list --count tells how many there are of each status that the conditions let through")
    func count() async throws {
        let control = RecordingControl(
            campaigns: [
                Sample.campaign(named: "a"), Sample.campaign(named: "b"), Sample.campaign(named: "c", .stopped),
            ])
        try await ControlServer.run(control) { _, server in
            let run = try await Campaignctl.run(["list", "--count", "--tag", "fr"], server: server)
            #expect(
                run.standardOutput == """
                    STATUS      COUNT
                    draft       2
                    scheduled   0
                    activating  0
                    active      0

                    """)
            #expect(control.asked == [.count(CampaignQuery(tags: [Slug("fr")!]))])
            let all = try await Campaignctl.run(["list", "--all", "--count", "--json"], server: server)
            #expect(
                all.standardOutput == #"{"activating":0,"active":0,"archived":0,"completed":0,"draft":2,"scheduled":0,"#
                    + #""stopped":1}"# + "\n")
            let some = try await Campaignctl.run(["list", "--status", "stopped", "--count", "--json"], server: server)
            #expect(some.standardOutput == #"{"stopped":1}"# + "\n")
            #expect(try await Campaignctl.run(["list", "--count", "--limit", "1"], server: server).status == 2)
        }
    }

    @Test("list sorts by status too")
    func sortByStatus() async throws {
        let control = RecordingControl()
        try await ControlServer.run(control) { _, server in
            let run = try await Campaignctl.run(["list", "--sort", "status"], server: server)
            #expect(run.status == 0)
            #expect(control.asked.first == .list(CampaignQuery(sort: .status), PageRequest(limit: 500)))
        }
    }

    @Test(
        "with --json each object is one line, exactly as the daemon has it",
        arguments: [
            (["list"], [Sample.campaign(named: "spring").json, Sample.campaign(named: "summer").json]),
            (["show", "spring"], [Sample.campaign(named: "spring").json]),
            (["sends"], [Sample.send("spring").json, Sample.send("summer").json]),
            (["sends", "spring", "--limit", "1"], [Sample.send("spring").json]),
            (["log"], [Sample.event(1, "spring").json, Sample.event(2, "summer").json]),
            (["log", "-n", "1"], [Sample.event(2, "summer").json]), (["alerts"], [Sample.alert("spring").json]),
            (["alerts", "summer"], []),
        ] as [([String], [JSONObject])])
    func json(arguments: [String], objects: [JSONObject]) async throws {
        let control = RecordingControl(campaigns: ["spring", "summer"].map { Sample.campaign(named: $0) })
        control.set(sends: [Sample.send("spring"), Sample.send("summer")], alerts: [Sample.alert("spring")])
        control.happen(Sample.event(1, "spring"))
        control.happen(Sample.event(2, "summer"))
        try await ControlServer.run(control) { _, server in
            let run = try await Campaignctl.run(arguments + ["--json"], server: server)
            #expect(run.standardOutput == objects.map { JSONValue.object($0).description + "\n" }.joined())
            #expect(run.standardError == "")
            #expect(run.status == 0)
        }
    }

    @Test("show tells all of a campaign, and the file as it was written")
    func show() async throws {
        var campaign = Sample.campaign(named: "spring", .active)
        campaign.activatedAt = Sample.instant
        campaign.completesAt = Sample.instant + 259_200
        campaign.alerts = [Sample.alert("spring")]
        let control = RecordingControl(campaigns: [campaign])
        control.set(sends: [Sample.send("spring")])
        control.happen(Sample.event(2, "spring"))
        try await ControlServer.run(control) { _, server in
            let run = try await Campaignctl.run(["show", "spring", "--utc"], server: server)
            #expect(
                run.standardOutput == """
                    ● spring - Soldes d’été 🎉
                        Status: active since 2026-12-07 08:00 UTC; just now
                       Version: 1; revision 1
                          Type: one-shot
                       Channel: email
                       Surface: newsletter
                       Message: spring-2026
                      Audience: subscribers
                          Tags: spring, fr
                      Schedule: once on 7 December 2026 at 09:00, Europe/Paris
                          Next: 2026-12-07 08:00 UTC, now
                     Completes: 2026-12-10 08:00 UTC, in 3 days
                        Alerts: error: the send failed: mailbox full; retry it (send-failed, since 2026-12-07 08:00 UTC)
                    Last sends: 2026-12-07 08:00 UTC  sent  120/500, 3 failed
                       History: 2026-12-07 08:00:02 UTC  draft → scheduled: draft → scheduled (ada: as agreed)

                    """)
            let yaml = try await Campaignctl.run(["show", "spring", "--yaml", "--version", "2"], server: server)
            #expect(yaml.standardOutput == "name: spring\n")
            #expect(control.asked.last == .show(Slug("spring")!, .number(2)))
        }
    }

    @Test("show --yaml gives a duplicate's file with its own name, and a file for a campaign that was made without one")
    func yaml() async throws {
        let control = RecordingControl(campaigns: [Sample.campaign(named: "copy"), Sample.campaign(named: "bare")])
        var definition = CampaignDefinition()
        definition.title = "A title"
        control.set(file: definition, sourceText: "name: spring # mine\ntitle: A title\n", of: "copy")
        control.set(file: definition, sourceText: nil, of: "bare")
        try await ControlServer.run(control) { _, server in
            let copy = try await Campaignctl.run(["show", "copy", "--yaml"], server: server)
            #expect(copy.standardOutput == "name: copy # mine\ntitle: A title\n")
            let bare = try await Campaignctl.run(["show", "bare", "--yaml"], server: server)
            #expect(bare.standardOutput.hasPrefix("name: \"bare\"\ntitle: \"A title\"\n"))
        }
    }

    @Test("a version that is neither live nor a draft any more is shown as such")
    func oldVersion() async throws {
        let control = RecordingControl(campaigns: [Sample.campaign(named: "spring")])
        try await ControlServer.run(control) { _, server in
            let live = try await Campaignctl.run(["show", "spring", "--version", "1"], server: server)
            #expect(live.standardOutput.contains("Version: 1; revision 1\n"))
            let old = try await Campaignctl.run(["show", "spring", "--version", "7"], server: server)
            #expect(old.standardOutput.contains("Version: 7, neither live nor a draft any more; revision 1\n"))
        }
    }

    @Test("show tells where a recurring campaign's steps are counted from")
    func starts() async throws {
        var definition = Sample.definition("digest")
        definition.schedule?.every = "2 weeks"
        let control = RecordingControl(campaigns: [try Sample.campaign(definition)])
        try await ControlServer.run(control) { _, server in
            let run = try await Campaignctl.run(["show", "digest"], server: server)
            #expect(
                run.standardOutput.contains("""
                      Schedule: every 2 weeks on Monday at 09:00, Europe/Paris
                        Starts: 2026-12-07 09:00 Europe/Paris
                          Rule: FREQ=WEEKLY;INTERVAL=2
                    """))
        }
    }

    @Test("log, sends, alerts, messages and status for people")
    func people() async throws {
        let control = RecordingControl(campaigns: [Sample.campaign(named: "spring")])
        control.set(
            sends: [Sample.send("spring", key: "abcdefghijklmnop/now/1")],
            alerts: [Sample.alert(nil, .launcherDown)],
            messages: [
                MessageView(
                    name: Slug("m")!, revision: 2, publishedRevision: nil, subject: "Hi", bytes: 5, attachments: 0)
            ])
        control.happen(Sample.event(1, "spring", text: "said \u{1B}[31m"))
        try await ControlServer.run(control) { _, server in
            func expect(_ arguments: [String], prints text: String) async throws {
                let run = try await Campaignctl.run(arguments + ["--utc"], server: server)
                #expect(run.standardOutput == text)
                #expect(run.status == 0)
            }
            try await expect(
                ["log"],
                prints: "2026-12-07 08:00:01 UTC spring: draft → scheduled: said \\u{1B}[31m (ada: as agreed)\n")
            try await expect(
                ["sends"], prints: """
                    CAMPAIGN  DUE                   STATE  ATTEMPTS  PROGRESS           KEY                     REASON
                    spring    2026-12-07 08:00 UTC  sent   1         120/500, 3 failed  abcdefghijklmnop/now/1

                    """)
            try await expect(
                ["alerts"], prints: """
                    SEVERITY  CODE           CAMPAIGN  SINCE                 TEXT
                    error     launcher-down  -         2026-12-07 08:00 UTC  the send failed: mailbox full; retry it

                    """)
            try await expect(
                ["message", "list"], prints: """
                    NAME  REVISION  PUBLISHED  BYTES  ATTACHMENTS  SUBJECT
                    m     2         -          5      0            Hi

                    """)
            try await expect(
                ["status"], prints: """
                    ● campaignd 1.2.3, pid 42
                        Started: 2026-12-07 08:00 UTC
                          Clock: 2026-12-07 08:01:00 UTC
                      Campaigns: 1 draft, 2 active; 1 paused
                          Sends: 1 running
                       Next due: nothing
                         Config: read 2026-12-07 08:00 UTC from /etc/campaignd/campaignd.yaml, \
                    /etc/campaignd/conf.d/50-site.yaml
                          Alert: error: the send failed: mailbox full; retry it (launcher-down)

                    """)
            #expect(try await Campaignctl.run(["status"], server: server).status == 0)
            #expect(try await Campaignctl.run(["status", "--check"], server: server).status == 1)
        }
    }

    @Test("times are shown in the campaign's zone, with its name")
    func zone() async throws {
        let control = RecordingControl(campaigns: [Sample.campaign(named: "spring", .active)])
        control.set(sends: [Sample.send("spring")])
        control.happen(Sample.event(1, "spring"))
        control.happen(Sample.event(2, "gone"))
        try await ControlServer.run(control) { _, server in
            let list = try await Campaignctl.run(["list"], server: server)
            #expect(list.standardOutput.contains("  2026-12-07 09:00 Europe/Paris  "))
            let sends = try await Campaignctl.run(["sends"], server: server)
            #expect(sends.standardOutput.contains("  2026-12-07 09:00 Europe/Paris  "))
            let log = try await Campaignctl.run(["log"], server: server)
            #expect(
                log.standardOutput == """
                    2026-12-07 09:00:01 Europe/Paris spring: draft → scheduled: draft → scheduled (ada: as agreed)
                    2026-12-07 08:00:02 UTC gone: draft → scheduled: draft → scheduled (ada: as agreed)

                    """)
        }
    }

    @Test("log --follow goes on, and says so when the daemon stops")
    func follow() async throws {
        let control = RecordingControl()
        control.happen(Sample.event(1, "spring"))
        try await ControlServer.run(control) { client, server in
            async let run = Campaignctl.run(["log", "-f", "--json"], server: server)
            // The second event comes once the program waits for it.
            while !control.isWaitedFor { await Task.yield() }
            control.happen(Sample.event(2, "spring"))
            while !control.isWaitedFor { await Task.yield() }
            await client.close()
            await server.stop(within: .seconds(5))
            let ended = try await run
            let lines = ended.standardOutput.split(separator: "\n")
            let events = [1, 2].map { JSONValue.object(Sample.event($0, "spring").json).description }
            #expect(lines.prefix(2).map(String.init) == events)
            #expect(lines.count == 3)
            #expect(ended.status == 4)
        }
    }

    @Test(
        "nobody at the other end of the output ends it quietly",
        arguments: [["list"], ["list", "--json"], ["status"]])
    func closedPipe(arguments: [String]) async throws {
        let control = RecordingControl(campaigns: [Sample.campaign(named: "spring")])
        try await ControlServer.run(control) { _, server in
            let run = try await Campaignctl.run(arguments, server: server, closesOutput: true)
            #expect(run.standardError == "")
            #expect(run.status == 0)
        }
    }
}
