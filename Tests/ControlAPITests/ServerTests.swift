import CampaignModel
import Foundation
import ProgramRun
import Recurrence
import Testing
import VarlinkKit

@testable import ControlAPI
@testable import ControlBench

@Suite("A client and a server", .timeLimit(.minutes(10)))
struct ServerTests {
    @Test("pages become one list, and a limit ends it early")
    func pages() async throws {
        let names = (0..<1_203).map { "c\(1_000 + $0)" }
        let control = RecordingControl(campaigns: names.map { Sample.campaign(named: $0) })
        try await ControlServer.run(control) { client, _ in
            var listed: [String] = []
            for try await campaign in client.list(CampaignQuery()) { listed.append(campaign.view.name) }
            #expect(listed == names)
            #expect(control.asked.count == 3)
            listed = []
            for try await campaign in client.list(CampaignQuery(), limit: 501) { listed.append(campaign.view.name) }
            #expect(listed == Array(names.prefix(501)))
            #expect(control.asked.suffix(2) == [
                .list(CampaignQuery(), PageRequest(limit: 500)),
                .list(CampaignQuery(), PageRequest(limit: 1, cursor: "500")),
            ])
        }
    }

    @Test("with more, a list comes page by page over one call")
    func more() async throws {
        let control = RecordingControl(campaigns: (0..<5).map { Sample.campaign(named: "c\($0)") })
        try await ControlServer.run(control) { client, _ in
            var counts: [Int] = []
            for try await reply in client.connection.callMore("org.campaignd.List", ["limit": 2]) {
                counts.append(reply["campaigns"]?.arrayValue?.count ?? -1)
            }
            #expect(counts == [2, 2, 1])
        }
    }

    @Test("all of a list comes over one call, as views and as the lines that the daemon sent")
    func lines() async throws {
        let names = (0..<1_203).map { "c\(1_000 + $0)" }
        let control = RecordingControl(campaigns: names.map { Sample.campaign(named: $0) })
        try await ControlServer.run(control) { client, _ in
            var lines: [String] = []
            for try await page in client.listLines(CampaignQuery()) {
                lines += String(decoding: page, as: UTF8.self).split(separator: "\n").map(String.init)
            }
            #expect(control.asked.count == 3)
            var views: [String] = []
            for try await campaign in client.list(CampaignQuery(), isStreamed: true) {
                views.append(JSONValue.object(campaign.json).description)
            }
            #expect(lines == views)
            #expect(views.count == names.count)
            // Both have ended: the connection takes another call.
            #expect(try await client.status().view.pid == 42)
        }
        control.refuse("list", .held(name: "ledger", why: "so"))
        try await ControlServer.run(control) { client, _ in
            await #expect(throws: ControlError.held(name: "ledger", why: "so").reply) {
                for try await _ in client.listLines(CampaignQuery()) {}
            }
            await #expect(throws: ControlError.held(name: "ledger", why: "so").reply) {
                for try await _ in client.list(CampaignQuery(), isStreamed: true) {}
            }
        }
    }

    @Test("for a client that does not read on, no more is made than the kernel takes and one page beyond")
    func stoppedReader() async throws {
        let control = RecordingControl(campaigns: (0..<5_000).map { Sample.campaign(named: "c\(10_000 + $0)") })
        try await ControlServer.run(control) { client, server in
            let second = try await ControlClient.connect(to: ControlServer.path(of: server))
            var pages = client.listLines(CampaignQuery()).makeAsyncIterator()
            #expect(try await pages.next() != nil)
            // While others are served there is time to make the rest of the ten pages, of some 300 KB each.
            for _ in 0..<20 { _ = try await second.status() }
            let listed = control.asked.count { if case .list = $0 { true } else { false } }
            #expect(listed <= 5, "\(listed) pages are made")
            await second.close()
            var count = 1
            while try await pages.next() != nil { count += 1 }
            #expect(count == 10)
        }
    }

    @Test("a change and a refusal come over the wire as they are")
    func changes() async throws {
        let control = RecordingControl(campaigns: [Sample.campaign(named: "spring")])
        control.refuse("summer", .conflict(name: "summer", revision: 4))
        try await ControlServer.run(control) { client, _ in
            let changed = try await client.perform(.activate, on: "spring", ChangeOptions(revision: 1, reason: "go"))
            #expect(changed.campaign.view.status == .scheduled)
            #expect(try CampaignView(json: changed.campaign.json) == changed.campaign.view)
            await #expect(throws: ControlError.conflict(name: "summer", revision: 4).reply) {
                try await client.perform(.stop, on: "summer")
            }
            await #expect(throws: ControlError.notFound(.campaign, name: "winter").reply) {
                try await client.show("winter")
            }
            let created = try await client.create(Sample.definition("new"), sourceText: "# mine")
            #expect(created.view.name == "new")
            let (applied, outcome) = try await client.apply(Sample.definition("new"), sourceText: nil)
            #expect(applied.view == created.view)
            #expect(outcome == .created)
            let tagged = try await client.perform(.tag(adding: [Slug("a")!], removing: [Slug("fr")!]), on: "spring")
            #expect(tagged.campaign.view.tags == ["spring", "a"])
            #expect(try await client.duplicate("spring", as: "copy").view.name == "copy")
            #expect(try await client.status().view.pid == 42)
        }
    }

    @Test("a retry and tests come over the wire as they are, and a test has no revision")
    func byHand() async throws {
        let control = RecordingControl()
        let (proof, test) = (
            Sample.test(of: "spring", .sent, to: "ada@example.org"), Sample.test(of: nil, nil, to: nil)
        )
        control.set(sends: [Sample.send("spring")])
        control.set(tests: proof, test)
        let key = OccurrenceKey(Sample.send("spring").key)!
        let (ada, id) = (ProofAddress("ada@example.org")!, RequestID("a:1")!)
        try await ControlServer.run(control) { client, _ in
            let retried = try await client.retry(key, attempt: 2, ChangeOptions(revision: 2, reason: "go"))
            #expect(retried.view.state == .claimed)
            #expect(try await client.sendProof(of: "spring", to: ada, id: id, reason: "look").view == proof)
            #expect(try await client.testSurface("newsletter", to: nil, id: id).view == test)
        }
        let actor = EventActor(uid: getuid(), name: "tester")
        #expect(
            control.asked == [
                .retry(key, attempt: 2, Change(actor: actor, revision: 2, reason: "go")),
                .proof(Slug("spring")!, ada, id, Change(actor: actor, reason: "look")),
                .testSurface(Slug("newsletter")!, nil, id, Change(actor: actor)),
            ])
    }

    @Test("a message of several pieces arrives whole")
    func message() async throws {
        let control = RecordingControl()
        let file = (0..<1_500_000).map { UInt8(97 + $0 % 7) }
        let plain = MessageContent(
            subject: nil, text: String(decoding: file, as: UTF8.self), html: nil,
            file: MessageFile(name: "news.txt", bytes: file))
        let rich = MessageContent(
            subject: "Été", text: "t", html: "<p>", headers: [MessageHeader(name: "X-A", value: "b")],
            attachments: [MessageFile(name: "a.bin", bytes: [0, 255]), MessageFile(name: "empty", bytes: [])],
            file: MessageFile(name: "news.yaml", bytes: [1]))
        try await ControlServer.run(control) { client, _ in
            _ = try await client.putMessage("news", plain)
            _ = try await client.putMessage("news", rich, ChangeOptions(reason: "more"))
        }
        let actor = EventActor(uid: getuid(), name: "tester")
        #expect(
            control.asked == [
                .putMessage(Slug("news")!, plain, Change(actor: actor)),
                .putMessage(Slug("news")!, rich, Change(actor: actor, reason: "more")),
            ])
    }

    @Test("who follows the history gets what was and what comes, and an end when the server stops")
    func follow() async throws {
        let control = RecordingControl()
        for number in 1...3 { control.happen(Sample.event(Int64(number), "spring")) }
        try await ControlServer.run(control) { client, server in
            var seen: [Int64] = []
            for try await event in client.log(last: 2, follows: true) {
                seen.append(event.view.sequence)
                if event.view.sequence == 3 { control.happen(Sample.event(4, "spring")) }
                if event.view.sequence == 4 { control.happen(Sample.event(5, "spring")) }
                if event.view.sequence == 5 { Task { await server.stop(within: .seconds(5)) } }
            }
            #expect(seen == [2, 3, 4, 5])
        }
    }

    @Test("the whole history, of one campaign, without following")
    func history() async throws {
        let control = RecordingControl()
        for number in 1...250 { control.happen(Sample.event(Int64(number), number % 2 == 0 ? "spring" : "summer")) }
        try await ControlServer.run(control) { client, _ in
            var seen: [Int64] = []
            for try await event in client.log(of: "spring") { seen.append(event.view.sequence) }
            #expect(seen == (1...125).map { Int64($0) * 2 })
            // The stream is over, and the connection takes calls again.
            #expect(try await client.status().view.version == "1.2.3")
        }
    }

    @Test("PyPI's varlink reads the description and lists campaigns")
    func python() async throws {
        let python = ProcessInfo.processInfo.environment["CAMPAIGND_TEST_PYTHON"] ?? ".build/test-venv/bin/python3"
        try #require(
            FileManager.default.isExecutableFile(atPath: python),
            "\(python): there is no such interpreter; run `make test`, or name one in CAMPAIGND_TEST_PYTHON")
        let control = RecordingControl(campaigns: [Sample.campaign(named: "spring"), Sample.campaign(named: "summer")])
        let script = """
            import sys, varlink
            address = "unix:" + sys.argv[1]
            with varlink.Client.new_with_address(address) as client, client.open("org.campaignd") as campaignd:
                print(*[campaign["name"] for campaign in campaignd.List()["campaigns"]])
                print(*[reply["campaigns"][0]["name"] for reply in campaignd.List(limit=1, _more=True)])
                try:
                    campaignd.Stop("winter")
                except varlink.VarlinkError as error:
                    print(error.error(), error.parameters()["name"])
            """
        try await ControlServer.run(control) { _, server in
            let output = try await ProgramRun.run(python, ["-c", script, ControlServer.path(of: server)])
            #expect(output.standardError == "")
            #expect(output.standardOutput == "spring summer\nspring summer\norg.campaignd.NotFound winter\n")
        }
    }
}
