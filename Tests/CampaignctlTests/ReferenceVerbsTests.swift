import CampaignModel
import ControlAPI
import ProgramRun
import Testing
import VarlinkKit

@testable import ControlBench

@Suite("Surfaces, audiences and what messages say", .timeLimit(.minutes(10)))
struct ReferenceVerbsTests {
    private static func recipient(_ columns: (String, String)...) -> Recipient {
        Recipient(columns: columns.map { Recipient.Column(name: $0.0, value: $0.1) })
    }

    private func control() -> RecordingControl {
        let control = RecordingControl()
        control.set(
            contents: [
                Sample.message(revision: 1, text: "Salut\r\n\tà\u{1B}[31m tous\n"),
                Sample.message(revision: 2, isPublished: false, text: nil),
            ],
            surfaces: [
                SurfaceView(
                    Surface(name: Slug("newsletter")!, channel: Slug("email")!, retries: 3, rate: MailRate("200/h")),
                    running: 1, queued: 2),
                SurfaceView(
                    Surface(name: Slug("push")!, channel: Slug("push")!, maxConcurrent: 16, retries: nil),
                    running: 0, queued: 0),
            ],
            audiences: [
                Slug("list-42")!: (.onlyTheSurfaceKnows, .onlyTheSurfaceKnows),
                Slug("lost")!: (.failed("/srv/lost.csv: no such file"), .failed("/srv/lost.csv: no such file")),
                Slug("none")!: (.counted(0), .recipients([])),
                Slug("subscribers")!: (
                    .counted(1_200),
                    .recipients([
                        Self.recipient(("email", "ada@example.org"), ("name", "Ada")),
                        Self.recipient(("email", "max@example.org"), ("city", "Paris\u{7}")),
                    ])
                ),
            ])
        return control
    }

    private func expect(
        _ arguments: [String], prints output: String, says errors: String = "", endsWith status: Int32 = 0
    ) async throws {
        try await ControlServer.run(control()) { _, server in
            let run = try await Campaignctl.run(arguments, server: server)
            #expect(run.standardOutput == output)
            #expect(run.standardError == errors)
            #expect(run.status == status)
        }
    }

    @Test("surface list tells what each is sending")
    func surfaces() async throws {
        try await expect(
            ["surface", "list"], prints: """
                NAME        CHANNEL  RUNNING  QUEUED  AT A TIME  RETRIES  RATE   TIMEOUT
                newsletter  email    1        2       4          3        200/h  1h
                push        push     0        0       16         -        -      1h

                """)
        try await expect(
            ["surface", "list", "--json"], prints: """
                {"channel":"email","max_concurrent":4,"name":"newsletter","queued":2,"rate":"200/h","retries":3,\
                "running":1,"timeout":3600}
                {"channel":"push","max_concurrent":16,"name":"push","queued":0,"rate":null,"retries":null,\
                "running":0,"timeout":3600}

                """)
    }

    @Test("audience list tells how many campaigns name each")
    func audiences() async throws {
        try await expect(
            ["audience", "list"], prints: """
                NAME         CAMPAIGNS
                list-42      2
                lost         2
                none         2
                subscribers  2

                """)
        try await ControlServer.run(RecordingControl()) { _, server in
            for (kind, sentence) in [
                ("surface", "No surface is set up.\n"), ("audience", "No audience is set up.\n"),
            ] {
                let run = try await Campaignctl.run([kind, "list"], server: server)
                #expect((run.standardOutput, run.standardError) == ("", sentence))
                #expect(try await Campaignctl.run([kind, "list", "--json"], server: server).standardOutput == "")
            }
        }
    }

    @Test("audience count is a sentence, or a number in an object")
    func count() async throws {
        try await expect(["audience", "count", "subscribers"], prints: "subscribers has 1,200 recipients\n")
        try await expect(
            ["audience", "count", "list-42", "--json"],
            prints: #"{"count":null,"name":"list-42","text":"list-42 is a reference, and only the surface knows how "#
                + #"many recipients it has"}"# + "\n")
        try await expect(
            ["audience", "count", "lost"], prints: "",
            says: "campaignctl: held by audience: lost can't be counted: /srv/lost.csv: no such file\n", endsWith: 1)
        try await expect(
            ["audience", "count", "nobody"], prints: "", says: "campaignctl: there is no audience \"nobody\"\n",
            endsWith: 3)
    }

    @Test("audience sample is a table of all columns, or one object a recipient")
    func sample() async throws {
        try await expect(
            ["audience", "sample", "subscribers"], prints: """
                email            name  city
                ada@example.org  Ada
                max@example.org        Paris\\u{7}

                """)
        try await expect(
            ["audience", "sample", "subscribers", "--json", "-n", "2"], prints: """
                {"email":"ada@example.org","name":"Ada"}
                {"city":"Paris\\u0007","email":"max@example.org"}

                """)
        try await expect(["audience", "sample", "none"], prints: "", says: "none has no recipients\n")
        try await expect(
            ["audience", "sample", "list-42"], prints: "",
            says: "list-42 is a reference, and only the surface knows who is in it\n")
        for count in ["0", "101", "x"] {
            #expect(try await Campaignctl.run(["audience", "sample", "none", "-n", count]).status == 2)
        }
    }

    @Test("message show tells a revision's headers, attachments and bodies, with nothing that a terminal acts on")
    func message() async throws {
        try await expect(
            ["message", "show", "news", "--revision", "1"], prints: """
                news - Été
                   Revision: 1, published
                       File: news.yaml
                    Headers: List-Id: x
                             X-A: b
                Attachments: a.pdf, 2 bytes

                Text:
                Salut
                \tà\\u{1B}[31m tous

                HTML:
                <p>Salut</p>

                """)
        try await expect(
            ["message", "show", "news", "--json"],
            prints: JSONValue.object(
                MessageContentView(Sample.message(revision: 2, isPublished: false, text: nil)).json
            ).description + "\n")
        try await expect(
            ["message", "show", "news", "--revision", "9"], prints: "",
            says: "campaignctl: there is no message \"news\"\n", endsWith: 3)
        #expect(try await Campaignctl.run(["message", "show", "news", "--revision", "0"]).status == 2)
    }

    @Test("a body that is too long for a look is cut, and that is said")
    func cut() async throws {
        let control = RecordingControl()
        let text = String(repeating: "x", count: MessageContentView.bodyLimitBytes + 1)
        control.set(contents: [Sample.message(revision: 1, text: text)])
        try await ControlServer.run(control) { _, server in
            let run = try await Campaignctl.run(["message", "show", "news"], server: server)
            #expect(run.standardOutput.contains("\n" + text.dropLast() + "\n"))
            #expect(run.standardError == "Of each body only the first 1 MiB is shown.\n")
        }
    }
}
