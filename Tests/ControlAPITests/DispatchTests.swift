import CampaignModel
import Recurrence
import Testing
import VarlinkKit

@testable import ControlAPI
@testable import ControlBench

@Suite("Calls and their answers", .timeLimit(.minutes(10)))
struct DispatchTests {
    let control = RecordingControl(
        campaigns: [Sample.campaign(named: "spring"), Sample.campaign(named: "summer", .active)])
    let service: ControlService
    let interface: VarlinkInterface
    static let root = VarlinkPeer(pid: 1, uid: 0, gid: 0)

    init() throws {
        service = ControlService(
            control: control, access: { AccessPolicy(daemonUID: 900, operatorGIDs: [500], viewerGIDs: [501]) },
            userName: { $0 == 0 ? "root" : nil })
        interface = try VarlinkInterface(parsing: ControlService.interfaceDescription)
        control.set(
            sends: [Sample.send("spring")], alerts: [Sample.alert("spring"), Sample.alert(nil, .launcherDown)],
            messages: [
                MessageView(
                    name: Slug("spring-2026")!, revision: 2, publishedRevision: 1, subject: nil, bytes: 10,
                    attachments: 0)
            ])
        control.happen(Sample.event(1, "spring"))
        control.set(diff: try Sample.diff(), of: "spring")
        control.set(notes: ["its next occurrence is at 2026-12-07 09:00"], outlook: Sample.outlook("spring"))
        control.set(ordered: OrderedSend(send: Sample.triggerToCome("summer"), isRepeated: true))
        control.set(tests: Sample.test(of: "summer", .sent, to: "ada@example.org"))
        control.set(
            contents: [Sample.message(revision: 2)],
            surfaces: [
                SurfaceView(
                    Surface(name: Slug("newsletter")!, channel: Slug("email")!, maxConcurrent: 4, retries: nil),
                    running: 1, queued: 2)
            ],
            audiences: [
                Slug("subscribers")!: (
                    .counted(1_200),
                    .recipients([Recipient(columns: [Recipient.Column(name: "email", value: "ada@example.org")])]))
            ])
    }

    /// A call that does something, for every method but those of an upload, which are one story.
    static let calls: [(String, JSONObject)] = [
        ("List", ["statuses": ["draft"], "tags": ["fr"], "sort": "next", "limit": 1]),
        ("Count", ["all": true, "recurring": false, "search": "x"]), ("Show", ["name": "spring", "which": "draft"]),
        ("Preview", ["name": "spring", "version": 2, "after": "2026-12-07T08:00:00Z", "limit": 3]),
        ("Diff", ["name": "spring"]), ("Check", ["name": "spring"]),
        (
            "Next",
            [
                "campaigns": ["spring"], "after": "2026-12-07T08:00:00Z", "until": "2027-01-01T00:00:00Z",
                "drafts": true, "limit": 2,
            ]
        ),
        (
            "Simulate",
            [
                "until": "2027-01-01T00:00:00Z", "clash_within": 3_600,
                "with": [["name": "autumn", "schedule": ["every": "week"]]],
            ]
        ),
        ("Complete", ["kind": "tag", "prefix": "s", "limit": 5]),
        (
            "Create",
            [
                "campaign": ["name": "autumn", "retries": 3, "schedule": ["every": "week", "count": 2]],
                "source_text": "x",
            ]
        ),
        ("Apply", ["campaign": ["name": "autumn"], "dry_run": true]),
        ("Activate", ["name": "spring", "revision": 1, "reason": "as agreed"]), ("Unschedule", ["name": "spring"]),
        ("Modify", ["name": "spring"]), ("Discard", ["name": "spring"]), ("Stop", ["name": "spring"]),
        ("Stop", ["name": "spring", "dry_run": true]),
        ("Pause", ["name": "spring"]), ("Resume", ["name": "spring"]),
        ("Duplicate", ["name": "spring", "new_name": "spring-2"]), ("Archive", ["name": "spring"]),
        ("Unarchive", ["name": "spring"]), ("Delete", ["name": "spring"]),
        ("Tag", ["name": "spring", "add": ["new"], "remove": ["fr"]]), ("Cancel", ["name": "spring", "key": "a/b"]),
        ("Acknowledge", ["name": "spring"]), ("Sends", ["campaign": "spring", "states": ["sent"]]),
        ("Log", ["campaign": "spring", "last": 5]), ("Alerts", [:]), ("PublishMessage", ["name": "spring-2026"]),
        ("ListMessages", [:]), ("ShowMessage", ["name": "news", "revision": 2]), ("ListSurfaces", [:]),
        ("ListAudiences", [:]), ("CountAudience", ["name": "subscribers"]),
        ("SampleAudience", ["name": "subscribers", "limit": 1]), ("Status", [:]), ("Metrics", [:]),
        ("AcceptClock", ["reason": "as agreed"]), ("AdoptLedger", [:]),
        (
            "Trigger",
            ["name": "summer", "request_id": "a:1", "at": "2026-12-07T09:00", "data": #"{"email":"a@example.org"}"#]
        ),
        ("SendNow", ["name": "summer", "request_id": "a:2", "again": true, "reason": "as agreed"]),
        ("Retry", ["key": .string(Sample.send("spring").key), "revision": 1, "reason": "as agreed"]),
        ("SendProof", ["name": "summer", "to": "ada@example.org", "request_id": "a:1", "reason": "as agreed"]),
        ("TestSurface", ["name": "newsletter", "request_id": "a:1"]),
        (
            "Suppress",
            [
                "entries": [["address": "ann@example.org"], ["address": "nobody"]], "reason": "asked to",
                "skip_invalid": true, "dry_run": true,
            ]
        ),
        ("Unsuppress", ["addresses": ["ann@example.org"]]),
    ]

    @Test("every method's call and answer fit the description", arguments: calls)
    func fits(method: String, parameters: JSONObject) async throws {
        let reply = try await answer(method, parameters)
        try interface.check(VarlinkReply(parameters: reply), to: method)
    }

    @Test("an acknowledgement tells what it took away, and no other change does")
    func acknowledged() async throws {
        #expect(try await answer("Acknowledge", ["name": "spring"])["acknowledged"] == [])
        #expect(try await answer("Pause", ["name": "spring"])["acknowledged"] == nil)
    }

    @Test("every method is called here")
    func complete() {
        let upload = ["BeginMessage", "PutMessagePart", "CommitMessage"]
        // Answered in several replies.
        let streamed = ["Backup", "Recipients", "PreviewMessage", "Suppressed"]
        #expect(Set(Self.calls.map(\.0) + upload + streamed) == Set(ControlMethod.allCases.map(\.rawValue)))
    }

    @Test("a change comes with its actor, revision, reason and whether it is for show")
    func change() async throws {
        _ = try await answer("Activate", ["name": "spring", "revision": 3, "reason": "as agreed", "dry_run": true])
        _ = try await answer("Cancel", ["name": "spring", "key": "a/b"], uid: 900)
        let root = EventActor(uid: 0, name: "root")
        #expect(
            control.asked == [
                .perform(
                    .activate, Slug("spring")!,
                    Change(actor: root, revision: 3, reason: "as agreed", isDryRun: true)),
                .perform(
                    .cancel(OccurrenceKey("a/b")!), Slug("spring")!, Change(actor: EventActor(uid: 900, name: "900"))),
            ])
    }

    @Test("an order for a send comes with its time, its data and its request id")
    func orders() async throws {
        let data = #"{"n": 1}"#
        let asked: [(JSONObject, AskedTime?)] = [
            (["at": "2026-12-07T09:00"], .local(LocalDateTime("2026-12-07T09:00")!)),
            (["at": "2026-12-07T08:00:00Z"], .instant(Sample.instant)), ([:], nil),
        ]
        let ordered = OrderedSend(send: Sample.triggerToCome("summer"), isRepeated: false)
        for (at, time) in asked {
            control.set(ordered: ordered)
            let parameters: JSONObject = ["name": "summer", "request_id": "a:1", "data": .string(data)]
            _ = try await answer("Trigger", parameters.adding(at))
            #expect(
                control.asked.last
                    == .send(
                        SendOrder(id: RequestID("a:1")!, .trigger(at: time, data: data)), Slug("summer")!,
                        Change(actor: EventActor(uid: 0, name: "root"))))
        }
        control.set(ordered: ordered)
        _ = try await answer("SendNow", ["name": "summer", "request_id": "b", "dry_run": true])
        #expect(
            control.asked.last
                == .send(
                    SendOrder(id: RequestID("b")!, .sendNow(again: false)), Slug("summer")!,
                    Change(actor: EventActor(uid: 0, name: "root"), isDryRun: true)))
    }

    @Test("a retry comes with its key, a test with its address and its request id")
    func byHand() async throws {
        let root = EventActor(uid: 0, name: "root")
        let key = OccurrenceKey(Sample.send("spring").key)!
        let retried = try await answer("Retry", ["key": .string(key.text), "dry_run": true])
        #expect(retried["send"]?["state"] == "waiting")
        #expect(control.asked.last == .retry(key, attempt: nil, Change(actor: root, isDryRun: true)))
        await #expect(throws: ControlError.notFound(.send, name: "a/b").reply) {
            try await answer("Retry", ["key": "a/b"])
        }

        let ada = ProofAddress("ada@example.org")!
        let id = RequestID("a:1")!
        let proof = try await answer(
            "SendProof", ["name": "summer", "to": "ada@example.org", "request_id": "a:1", "reason": "look"])
        #expect(proof["test"]?["outcome"] == "sent")
        #expect(control.asked.last == .proof(Slug("summer")!, ada, id, Change(actor: root, reason: "look")))
        for (to, address) in [(nil, nil), ("ada@example.org", ada)] as [(JSONValue?, ProofAddress?)] {
            control.set(tests: Sample.test(of: nil, nil, to: address?.text))
            var parameters: JSONObject = ["name": "newsletter", "request_id": "a:1"]
            parameters["to"] = to
            let test = try await answer("TestSurface", parameters)
            #expect(test["test"]?["to"] == to ?? .null)
            #expect(control.asked.last == .testSurface(Slug("newsletter")!, address, id, Change(actor: root)))
        }
        await #expect(throws: ControlError.notFound(.surface, name: "nobody").reply) {
            try await answer("TestSurface", ["name": "nobody", "request_id": "a"])
        }
    }

    @Test("data of 64 KiB is taken")
    func largeData() async throws {
        let data = "\"" + String(repeating: "x", count: SendOrder.dataLimitBytes - 2) + "\""
        let reply = try await answer("Trigger", ["name": "summer", "request_id": "a", "data": .string(data)])
        #expect(reply["repeated"] == true)
    }

    @Test("an audience that can't be counted or read is held, with the sender's reason")
    func failedAudience() async throws {
        control.set(audiences: [Slug("lost")!: (.failed("no such file"), .failed("no such file"))])
        await #expect(throws: ControlError.held(name: "audience", why: "lost can't be counted: no such file").reply) {
            try await answer("CountAudience", ["name": "lost"])
        }
        await #expect(throws: ControlError.held(name: "audience", why: "lost can't be read: no such file").reply) {
            try await answer("SampleAudience", ["name": "lost"])
        }
        await #expect(throws: ControlError.notFound(.audience, name: "nobody").reply) {
            try await answer("SampleAudience", ["name": "nobody"])
        }
        #expect(control.asked.last == .sampleAudience(Slug("nobody")!, 5))
    }

    @Test("an upload's pieces become one message")
    func upload() async throws {
        let begun = try await answer(
            "BeginMessage",
            ["name": "news", "file_name": "news.yaml", "subject": "Hi", "headers": [["name": "X-A", "value": "b"]]])
        let upload = try #require(begun["upload"]?.stringValue)
        for (part, name, data) in [
            ("file", nil, "ab"), ("text", nil, "Hé"), ("html", nil, "<p>"), ("attachment", "a.pdf", "1"),
            ("attachment", "a.pdf", "2"), ("file", nil, "c"),
        ] {
            let reply = try await answer(
                "PutMessagePart",
                [
                    "upload": .string(upload), "part": .string(part), "name": JSONValue(name as String?),
                    "data": .string(Base64.encode(Array(data.utf8))),
                ])
            try interface.check(VarlinkReply(parameters: reply), to: "PutMessagePart")
        }
        let reply = try await answer("CommitMessage", ["upload": .string(upload), "reason": "new"])
        try interface.check(VarlinkReply(parameters: reply), to: "CommitMessage")
        let content = MessageContent(
            subject: "Hi", text: "Hé", html: "<p>", headers: [MessageHeader(name: "X-A", value: "b")],
            attachments: [MessageFile(name: "a.pdf", bytes: Array("12".utf8))],
            file: MessageFile(name: "news.yaml", bytes: Array("abc".utf8)))
        #expect(
            control.asked == [
                .putMessage(Slug("news")!, content, Change(actor: EventActor(uid: 0, name: "root"), reason: "new"))
            ])
        await #expect(throws: ControlError.notFound(.upload, name: upload).reply) {
            try await answer("CommitMessage", ["upload": .string(upload)])
        }
    }

    @Test(
        "what can't be taken is told by field, value and reason",
        arguments: [
            ("Show", ["name": "Spring!"], "name"), ("Show", ["name": "spring", "which": "live", "version": 2], "which"),
            ("Show", ["name": "spring", "version": 0], "version"), ("List", ["limit": 0], "limit"),
            ("List", ["limit": 501], "limit"), ("List", ["channel": "E mail"], "channel"),
            ("List", ["cursor": .string(String(repeating: "x", count: 513))], "cursor"),
            ("List", ["search": .string(String(repeating: "x", count: 257))], "search"),
            ("Activate", ["name": "spring", "reason": .string(String(repeating: "x", count: 10_001))], "reason"),
            ("Cancel", ["name": "spring", "key": "a b"], "key"), ("Tag", ["name": "spring", "add": ["A"]], "tags"),
            ("Preview", ["name": "spring", "limit": 0], "limit"),
            ("Preview", ["name": "spring", "limit": 10_001], "limit"),
            ("Preview", ["name": "spring", "after": "tomorrow"], "after"),
            ("Preview", ["name": "spring", "which": "live", "version": 1], "which"),
            ("Next", ["limit": 0], "limit"), ("Next", ["limit": 10_001], "limit"), ("Check", ["name": "No"], "name"),
            ("Log", ["after": 1, "last": 2], "after"), ("Log", ["last": 0], "last"), ("Log", ["after": -1], "after"),
            ("BeginMessage", ["name": "n", "file_name": "../etc"], "file_name"),
            ("BeginMessage", ["name": "n", "file_name": "a", "subject": "a\nBcc: b"], "subject"),
            ("BeginMessage", ["name": "n", "file_name": "a", "headers": [["name": "a:b", "value": ""]]], "headers"),
            ("PutMessagePart", ["upload": "u", "part": "attachment", "data": ""], "name"),
            ("PutMessagePart", ["upload": "u", "part": "file", "data": "a==="], "data"),
            ("Count", ["tags": ["No"]], "tags"), ("ShowMessage", ["name": "m", "revision": 0], "revision"),
            ("SampleAudience", ["name": "a", "limit": 0], "limit"),
            ("SampleAudience", ["name": "a", "limit": 101], "limit"), ("CountAudience", ["name": "No"], "name"),
            ("Trigger", ["name": "spring", "request_id": ""], "request_id"), ("Retry", ["key": "a b"], "key"),
            ("Recipients", ["key": "a b"], "key"),
            ("SendProof", ["name": "spring", "to": "", "request_id": "a"], "to"),
            ("SendProof", ["name": "spring", "to": "a\nb", "request_id": "a"], "to"),
            ("SendProof", ["name": "spring", "to": "a", "request_id": "a b"], "request_id"),
            ("SendProof", ["name": "S", "to": "a", "request_id": "a"], "name"),
            ("TestSurface", ["name": "s", "to": .string(String(repeating: "x", count: 321)), "request_id": "a"], "to"),
            ("TestSurface", ["name": "s", "request_id": ""], "request_id"),
            ("Trigger", ["name": "spring", "request_id": "a b"], "request_id"),
            ("SendNow", ["name": "spring", "request_id": .string(String(repeating: "x", count: 65))], "request_id"),
            ("Trigger", ["name": "spring", "request_id": "a", "at": "tomorrow"], "at"),
            ("Trigger", ["name": "spring", "request_id": "a", "data": ""], "data"),
            ("Trigger", ["name": "spring", "request_id": "a", "data": "{'a': 1}"], "data"),
            ("Trigger", ["name": "spring", "request_id": "a", "data": #"{"a":1,"a":2}"#], "data"),
            (
                "Trigger",
                [
                    "name": "spring", "request_id": "a",
                    "data": .string("\"" + String(repeating: "x", count: SendOrder.dataLimitBytes - 1) + "\""),
                ], "data"
            ),
        ] as [(String, JSONObject, String)])
    func invalid(method: String, parameters: JSONObject, field: String) async throws {
        let error = try await #require(throws: VarlinkErrorReply.self) { try await answer(method, parameters) }
        #expect(error.name == "org.campaignd.InvalidField")
        #expect(error.parameters["field"]?.stringValue == field)
        try interface.check(VarlinkReply(error), to: method)
        #expect(control.asked == [])
    }

    @Test("every error fits the description")
    func errors() throws {
        for error in ControlErrorTests.all {
            try interface.check(VarlinkReply(error.reply), to: "Activate")
        }
        #expect(Set(ControlErrorTests.all.map(\.word)) == Set(interface.errors.map(\.name)))
    }

    private func answer(_ method: String, _ parameters: JSONObject, uid: UInt32 = 0) async throws -> JSONObject {
        let call = VarlinkCall(method: "org.campaignd.\(method)", parameters: parameters)
        try interface.check(call)
        return try await service.handle(
            call, from: VarlinkPeer(pid: 1, uid: uid, gid: 0),
            replies: VarlinkReplies(acceptsMore: false) { _ throws(VarlinkErrorReply) in })
    }
}
