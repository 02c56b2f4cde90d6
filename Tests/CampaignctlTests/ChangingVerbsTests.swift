import CampaignModel
import ControlAPI
import Glibc
import ProgramRun
import Testing
import VarlinkKit

@testable import ControlBench

@Suite("Verbs that change", .timeLimit(.minutes(10)))
struct ChangingVerbsTests {
    static let actor = EventActor(uid: getuid(), name: "tester")

    @Test(
        "each verb gives its command, with its reason",
        arguments: [
            ("activate", .activate), ("unschedule", .unschedule), ("modify", .modify), ("discard", .discard),
            ("stop", .stop), ("pause", .pause), ("resume", .resume), ("archive", .archive), ("unarchive", .unarchive),
            ("delete", .delete), ("cancel", .cancel(nil)), ("ack", .acknowledge),
        ] as [(String, Command)])
    func commands(verb: String, command: Command) async throws {
        let control = RecordingControl(campaigns: [Sample.campaign(named: "spring")])
        try await ControlServer.run(control) { client, server in
            let run = try await Campaignctl.run(
                [verb, "spring", "--reason", "as agreed", "--dry-run", "--revision", "1", "--json"], server: server)
            #expect(run.status == 0)
            #expect(run.standardError == "")
            let change = Change(actor: Self.actor, revision: 1, reason: "as agreed", isDryRun: true)
            #expect(control.asked == [.perform(command, Slug("spring")!, change)])
            let printed = try JSONValue(parsing: run.standardOutput.dropLast().utf8).objectValue
            #expect(try CampaignView(json: printed ?? [:]).name == "spring")
        }
    }

    @Test("several names: one line each, errors included, the first failing one's code")
    func several() async throws {
        let control = RecordingControl(campaigns: [Sample.campaign(named: "spring"), Sample.campaign(named: "summer")])
        control.refuse("autumn", .conflict(name: "autumn", revision: 4))
        let names = ["spring", "winter", "autumn", "Not A Name", "summer"]
        try await ControlServer.run(control) { _, server in
            let json = try await Campaignctl.run(["stop", "--json"] + names, server: server)
            let lines = json.standardOutput.split(separator: "\n").map(String.init)
            #expect(json.status == 3)
            #expect(json.standardError == "")
            #expect(lines.count == 5)
            #expect(lines[0].hasPrefix(#"{"activated_at":null,"#) && lines[0].contains(#""status":"stopped""#))
            #expect(
                lines[1] == #"{"error":"NotFound","kind":"campaign","name":"winter","#
                    + #""text":"there is no campaign \"winter\""}"#)
            #expect(
                lines[2] == #"{"error":"Conflict","name":"autumn","revision":4,"text":"autumn was changed meanwhile "#
                    + #"and has revision 4 now; look at it and try again"}"#)
            #expect(
                lines[3] == #"{"error":"InvalidField","field":"name","name":"Not A Name","reason":"is not a name; "#
                    + #"use a-z, 0-9 and -, starting with a letter or digit, 63 characters at most","#
                    + #""text":"name: \"Not A Name\" is not a name; use a-z, 0-9 and -, starting with "#
                    + #"a letter or digit, 63 characters at most","value":"Not A Name"}"#)
            #expect(lines[4].contains(#""name":"summer""#))

            let people = try await Campaignctl.run(["archive", "autumn", "spring", "winter"], server: server)
            #expect(people.status == 1)
            #expect(people.standardOutput == "spring: archived\n")
            #expect(
                people.standardError == """
                    campaignctl: autumn was changed meanwhile and has revision 4 now; look at it and try again
                    campaignctl: there is no campaign "winter"

                    """)
        }
    }

    @Test(
        "what is only for show says what would be",
        arguments: [
            ("pause spring", "draft, paused"), ("delete spring --yes", "deleted"),
            ("tag spring --add new", "tagged new"), ("tag spring --remove fr", "tagged with nothing"),
            ("archive spring", "archived"),
        ])
    func forShow(words: String, outcome: String) async throws {
        for isForShow in [true, false] {
            var campaign = Sample.campaign(named: "spring")
            campaign.tags = words.contains("remove") ? ["fr"] : []
            let arguments = words.split(separator: " ").map(String.init) + (isForShow ? ["--dry-run"] : [])
            try await ControlServer.run(RecordingControl(campaigns: [campaign])) { _, server in
                let run = try await Campaignctl.run(arguments, server: server)
                #expect(run.standardOutput == "spring: \(isForShow ? "would be " : "")\(outcome)\n")
            }
        }
    }

    @Test("a change of several campaigns goes on when nobody reads what it says")
    func closedPipe() async throws {
        let control = RecordingControl(campaigns: [Sample.campaign(named: "spring"), Sample.campaign(named: "summer")])
        try await ControlServer.run(control) { _, server in
            let run = try await Campaignctl.run(["stop", "spring", "summer"], server: server, closesOutput: true)
            #expect(run.status == 0)
            #expect(run.standardError == "")
            #expect(control.asked.count == 2)
        }
    }

    @Test(
        "on a terminal stop, delete and cancel ask, and --yes answers",
        arguments: [
            ("stop spring", "n\n", 1), ("stop spring", "y\n", 0), ("delete spring", "\n", 1),
            ("cancel spring", "no\n", 1), ("stop spring --yes", "", 0), ("delete spring --dry-run", "", 0),
        ])
    func asks(verb: String, answer: String, status: Int32) async throws {
        let control = RecordingControl(campaigns: [Sample.campaign(named: "spring")])
        try await ControlServer.run(control) { _, server in
            // script(1) gives the program a terminal and passes its exit code on.
            let run = try await ProgramRun.run(
                "/usr/bin/script", ["--quiet", "--return", "--command", "\(Campaignctl.program) \(verb)", "/dev/null"],
                environment: [
                    "CAMPAIGND_SOCKET": ControlServer.path(of: server), "PATH": "/usr/bin:/bin", "SHELL": "/bin/sh",
                ], input: answer)
            #expect(run.status == status)
            #expect(run.standardOutput.contains("[y/N]") == !answer.isEmpty)
            #expect(control.asked.count == (status == 0 ? 1 : 0))
        }
    }

    @Test("failed checks are told one by one")
    func checks() async throws {
        let control = RecordingControl()
        var missing = Sample.alert("spring", .messageMissing)
        missing.field = "message"
        let alerts = [missing, Sample.alert("spring", .noEnd)]
        control.refuse("spring", .checksFailed(name: "spring", alerts))
        try await ControlServer.run(control) { _, server in
            let run = try await Campaignctl.run(["activate", "spring"], server: server)
            #expect(run.status == 1)
            #expect(run.standardOutput == "")
            #expect(
                run.standardError == """
                    campaignctl: spring is not ready:
                    campaignctl:   error: the send failed: mailbox full; retry it (message-missing, message)
                    campaignctl:   warning: the send failed: mailbox full; retry it (no-end)

                    """)
        }
    }

    @Test("who may only read is told so, with 5")
    func denied() async throws {
        let control = RecordingControl()
        // Root is always an operator: where the tests run as root, the daemon itself says no.
        control.refuse("spring", .accessDenied(needs: .operator))
        let policy = AccessPolicy(daemonUID: 4_000_000_000)
        try await ControlServer.run(control, policy: policy) { _, server in
            let run = try await Campaignctl.run(["stop", "spring", "--yes"], server: server)
            #expect(run.status == 5)
            #expect(
                run.standardError == "campaignctl: you may not change campaigns, nor see recipients; "
                    + "root and the group campaignd may\n")
        }
    }

    @Test("create sends the file's values and text, and says that a draft is not scheduled yet")
    func create() async throws {
        let folder = try TestFolder()
        let text = "# mine\nname: spring\ntags: [a, b]\nretries: 3\nschedule:\n  start: 2026-12-07T09:00\n"
        let file = try folder.file("spring.yaml", text)
        let control = RecordingControl()
        try await ControlServer.run(control) { _, server in
            let run = try await Campaignctl.run(["create", "-f", file, "--reason", "go"], server: server)
            #expect(run.status == 0)
            #expect(run.standardOutput == "spring: draft\n")
            #expect(
                run.standardError == """
                      once on 7 December 2026 at 09:00
                    A draft is not scheduled until it is activated: campaignctl activate spring

                    """)
            let piped = try await Campaignctl.run(
                ["create", "-f", "-", "--json", "--dry-run"], server: server, input: text)
            #expect(piped.status == 0)
            #expect(piped.standardError == "")
            var definition = CampaignDefinition()
            definition.name = "spring"
            definition.tags = ["a", "b"]
            definition.retries = "3"
            definition.schedule = ScheduleDefinition()
            definition.schedule?.start = "2026-12-07T09:00"
            #expect(
                control.asked == [
                    .create(definition, text, Change(actor: Self.actor, reason: "go")),
                    .create(definition, text, Change(actor: Self.actor, isDryRun: true)),
                ])
        }
    }

    @Test("apply says what became of the draft, and that what is in force goes on")
    func applied() async throws {
        let folder = try TestFolder()
        let file = try folder.file("spring.yaml", "name: spring\ntitle: Summer\n")
        for (present, outcome, isDryRun, words) in [
            (.draft, .created, true, "would be draft, version 1\n  +name: spring\n  +title: Summer"),
            (.draft, .changed, false, "draft changed, version 1"),
            (.active, .changed, false, "draft changed, version 2; active as before"),
            (
                .active, .changed, true,
                "draft changed (dry run), version 2; active as before\n  -title: Spring\n  +title: Summer\n"
                    + "  -tags: [spring, fr]"
            ),
            (.active, .tagged, false, "tags changed, version 1, active"),
            (.draft, .unchanged, false, "unchanged, version 1, draft"),
        ] as [(Status, AppliedCampaign.Outcome, Bool, String)] {
            var campaign = Sample.campaign(named: "spring", present)
            campaign.draftVersion = present == .active && outcome == .changed ? 2 : campaign.draftVersion
            if present == .active, outcome != .changed { campaign.draftVersion = nil }
            let control = RecordingControl(campaigns: outcome == .created ? [] : [campaign])
            var definition = CampaignDefinition()
            definition.title = "Spring"
            control.set(file: definition, sourceText: nil, of: "spring")
            control.answerApply(with: AppliedCampaign(campaign: campaign, outcome: outcome))
            try await ControlServer.run(control) { _, server in
                let run = try await Campaignctl.run(
                    ["apply", "-f", file] + (isDryRun ? ["--dry-run"] : []), server: server)
                #expect(run.standardOutput == "spring: \(words)\n")
                #expect(run.status == 0)
            }
        }
    }

    @Test("apply takes several files, and places what the daemon refuses in them")
    func apply() async throws {
        let folder = try TestFolder()
        let good = try folder.file("good.yaml", "name: spring\n")
        let bad = try folder.file("bad.yaml", "name: summer\nschedule:\n  timezone: Europe/Pariss\n")
        let control = RecordingControl()
        control.refuse("summer", .invalidField(FieldError("schedule.timezone", "Europe/Pariss", "is no zone")))
        try await ControlServer.run(control) { _, server in
            let run = try await Campaignctl.run(["apply", "-f", bad, good], server: server)
            #expect(run.status == 1)
            #expect(run.standardOutput == "spring: draft, version 1\n")
            #expect(
                run.standardError == """
                    campaignctl: \(bad):3:13: schedule.timezone: "Europe/Pariss" is no zone
                      once at activation
                    A draft is not scheduled until it is activated: campaignctl activate spring

                    """)
        }
    }

    @Test("tag, duplicate and cancel of one key")
    func others() async throws {
        let control = RecordingControl(campaigns: [Sample.campaign(named: "spring")])
        try await ControlServer.run(control) { _, server in
            let tag = try await Campaignctl.run(["tag", "spring", "--add", "x", "--remove", "fr"], server: server)
            #expect(tag.standardOutput == "spring: tagged spring, x\n")
            let copy = try await Campaignctl.run(["duplicate", "spring", "copy"], server: server)
            #expect(copy.standardOutput == "copy: draft\n")
            let cancel = try await Campaignctl.run(["cancel", "spring", "--key", "a/b"], server: server)
            #expect(cancel.status == 0)
            let bad = try await Campaignctl.run(["cancel", "spring", "--key", "a b"], server: server)
            #expect(bad.status == 1)
            #expect(
                control.asked == [
                    .perform(
                        .tag(adding: [Slug("x")!], removing: [Slug("fr")!]), Slug("spring")!,
                        Change(actor: Self.actor)),
                    .duplicate(Slug("spring")!, Slug("copy")!, Change(actor: Self.actor)),
                    .perform(.cancel(OccurrenceKey("a/b")!), Slug("spring")!, Change(actor: Self.actor)),
                ])
        }
    }

    @Test("a message goes over with its bodies, headers and the files beside it")
    func message() async throws {
        let folder = try TestFolder()
        _ = try folder.file("a.pdf", [0, 1, 255])
        let text = "subject: Été\ntext: |\n  Hi\nhtml: <p>Hi</p>\nheaders:\n  List-Id: x\nattachments: [a.pdf]\n"
        let rich = try folder.file("m.yaml", text)
        let plain = try folder.file("m.txt", "Hello\n")
        let control = RecordingControl()
        control.set(messages: [
            MessageView(name: Slug("m")!, revision: 2, publishedRevision: nil, subject: nil, bytes: 5, attachments: 0)
        ])
        try await ControlServer.run(control) { _, server in
            let put = try await Campaignctl.run(["message", "put", "m", "-f", rich], server: server)
            #expect(put.standardOutput == "m: revision 1, draft\n")
            #expect(put.standardError == "A draft is not sent until it is published: campaignctl message publish m\n")
            #expect(try await Campaignctl.run(["message", "put", "m", "-f", plain], server: server).status == 0)
            let publish = try await Campaignctl.run(["message", "publish", "m", "n"], server: server)
            #expect(publish.standardOutput == "m: revision 2, published\n")
            #expect(publish.standardError == "campaignctl: there is no message \"n\"\n")
            #expect(publish.status == 3)
        }
        let change = Change(actor: Self.actor)
        #expect(
            control.asked == [
                .putMessage(
                    Slug("m")!,
                    MessageContent(
                        subject: "Été", text: "Hi\n", html: "<p>Hi</p>",
                        headers: [MessageHeader(name: "List-Id", value: "x")],
                        attachments: [MessageFile(name: "a.pdf", bytes: [0, 1, 255])],
                        file: MessageFile(name: "m.yaml", bytes: Array(text.utf8))), change),
                .putMessage(
                    Slug("m")!,
                    MessageContent(
                        subject: nil, text: "Hello\n", html: nil,
                        file: MessageFile(name: "m.txt", bytes: Array("Hello\n".utf8))), change),
                .publishMessage(Slug("m")!, change), .publishMessage(Slug("n")!, change),
                // Whether another name was meant.
                .names(.message, "n", 1_000),
            ])
    }
}
