import CampaignModel
import Glibc
import SendProtocol
import Testing

/// The driver `webhook` against a real server: the outcome table, row by row.
@Suite struct WebhookTests {
    typealias Step = WebhookPeer.Step

    @Test("the request is that of a command, with the key and our name")
    func request() throws {
        let rig = try SenderRig()
        let peer = try WebhookPeer(rig, [[.read, .answer(204)]])
        rig.webhook(peer.port, settings: "  headers:\n    X-List: 'main, 2'\n    accept: text/plain\n")
        let data = "{\"n\":\n12345678901234567890.10}"
        #expect(try rig.answers(rig.request(data: data)) == [.accepted, .outcome(.sent, SendProgress())])
        let request = try peer.request()
        let work = rig.statePath + "/" + (try rig.keyFolder()).dropFirst("state/".count) + "/1.work"
        #expect(request.line == "POST /hook?list=7 HTTP/1.1")
        #expect(request.body == """
            {"attempt":1,"audience":{"file":"\(rig.path)/list.csv","name":"subscribers"},\
            "campaign":{"channel":"email","name":"spring","title":"Soldes d’été","version":3},\
            "due":"2026-12-07T08:00:00Z","key":"\(rig.key)",\
            "message":{"attachments":["\(work)/logo.png"],"file":"\(work)/spring.yaml","headers":[],\
            "name":"spring-2026","revision":4,"subject":"Hello","text":"Bonjour\\n"},\
            "nominal":"2026-12-07T09:00:00","origin":"schedule","surface":"newsletter","test":false,\
            "timezone":"Europe/Paris","data":{"n": 12345678901234567890.10}}
            """)
        #expect(request.headers == [
            "host": "127.0.0.1:\(peer.port)", "user-agent": "campaignd", "content-type": "application/json",
            "idempotency-key": rig.key.text, "x-list": "main, 2", "accept": "text/plain", "connection": "close",
            "content-length": "\(request.body.utf8.count)",
        ])
        #expect(rig.text("stderr")?.hasPrefix("newsletter: answered 204  ") == true)
        #expect(rig.text("stderr")?.contains("OCCURRENCE_KEY=\(rig.key)") == true)
    }

    @Test("the method is that of the surface's file", arguments: ["POST", "PUT", "PATCH"])
    func method(name: String) throws {
        let rig = try SenderRig()
        let peer = try WebhookPeer(rig, [[.read, .answer(200)]])
        rig.webhook(peer.port, settings: "  method: \(name)\n")
        #expect(try rig.outcome() == .sent)
        let request = try peer.request()
        #expect(request.line == "\(name) /hook?list=7 HTTP/1.1")
        #expect(request.body.hasPrefix("{\"attempt\":1,") && request.body.hasSuffix("}"))
    }

    /// What the server does once it has the request, and the outcome without and with `idempotent`.
    struct Row: CustomTestStringConvertible {
        let name: String
        let steps: [Step]
        let plain: AttemptOutcome
        let idempotent: AttemptOutcome

        init(_ name: String, _ steps: [Step], _ plain: AttemptOutcome, idempotent: AttemptOutcome? = nil) {
            self.name = name
            self.steps = steps
            self.plain = plain
            self.idempotent = idempotent ?? plain
        }

        var testDescription: String { name }
    }

    private static func temporary(_ reason: String, _ seconds: Int? = nil) -> AttemptOutcome {
        .temporary(reason: "the webhook answered " + reason, retryAfterSeconds: seconds)
    }

    private static func failed(_ reason: String) -> AttemptOutcome {
        .failed(reason: "the webhook answered " + reason)
    }

    /// An unknown outcome, and what `idempotent` makes of it.
    private static func unknown(_ name: String, _ steps: [Step], _ reason: String) -> Row {
        Row(name, steps, .interrupted(reason: reason),
            idempotent: .temporary(reason: reason, retryAfterSeconds: nil))
    }

    static let answers: [Row] = [
        Row("200", [.answer(200, body: "ok")], .sent),
        Row("201", [.answer(201)], .sent),
        Row("299", [.answer(299)], .sent),
        Row("an interim answer first", [.write("HTTP/1.1 102 Processing\r\n\r\n"), .answer(200)], .sent),
        Row("200 in chunks", [.write(
            "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nok\r\n0\r\n\r\n")], .sent),
        Row("200 in chunks with a trailer", [.write(
            "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nok\r\n0\r\nX-End: 1\r\n\r\n")], .sent),
        Row("200 to the end of the connection", [.write("HTTP/1.1 200 OK\r\n\r\nok")], .sent),
        Row("408", [.answer(408)], temporary("408")),
        Row("425", [.answer(425)], temporary("425")),
        Row("429", [.answer(429, body: " slow down\n")], temporary("429: slow down")),
        Row("429 and seconds", [.answer(429, ["Retry-After: 120"])], temporary("429", 120)),
        Row("429 and no time", [.answer(429, ["Retry-After: soon"])], temporary("429")),
        Row("429 and a past date", [.answer(429, ["Retry-After: Sun, 06 Nov 1994 08:49:37 GMT"])],
            temporary("429", 0)),
        Row("503", [.answer(503)], temporary("503")),
        Row("503 and seconds", [.answer(503, ["retry-after: 5"])], temporary("503", 5)),
        Row("400", [.answer(400, body: "no {subject}")], failed("400: no {subject}")),
        Row("401", [.answer(401)], failed("401")),
        Row("404", [.answer(404)], failed("404")),
        Row("417", [.answer(417)], failed("417")),
        Row("499", [.answer(499)], failed("499")),
        Row("300 without a place", [.answer(300)], failed("300")),
        Row("304", [.answer(304)], failed("304")),
        Row("control characters", [.answer(400, body: "a\u{1B}[2Jb\u{0}c\u{202E}d\ne")],
            failed("400: a\\u{1B}[2Jb\\u{0}c\\u{202E}d\\u{A}e")),
        unknown("500", [.answer(500, body: "oops")], "the webhook answered 500: oops"),
        unknown("502", [.answer(502)], "the webhook answered 502"),
        unknown("504", [.answer(504)], "the webhook answered 504"),
        unknown("599", [.answer(599)], "the webhook answered 599"),
        unknown("600", [.answer(600)], "the webhook answered 600"),
    ]

    @Test("an answer means one outcome", arguments: answers, [false, true])
    func answer(row: Row, isIdempotent: Bool) throws {
        let rig = try SenderRig()
        let peer = try WebhookPeer(rig, [[.read] + row.steps])
        rig.webhook(peer.port, settings: isIdempotent ? "  idempotent: true\n" : "")
        let expected = isIdempotent ? row.idempotent : row.plain
        #expect(try rig.outcome() == expected)
        _ = try peer.request()
    }

    private static let lost = "no whole answer, and the request may have been read: "

    /// What the server does with a connection; what the reason then says further is libcurl's.
    static let losses: [(String, [Step])] = [
        ("an end without an answer", [.read]),
        ("half a head", [.read, .write("HTTP/1.1 200 OK\r\nContent-")]),
        ("a whole interim head and half of another",
         [.read, .write("HTTP/1.1 102 Processing\r\n\r\nHTTP/1.1 200 OK\r\nContent-")]),
        ("a head without an end",
         [.read, .write("HTTP/1.1 200 OK\r\n"),
          .write("X-A: " + String(repeating: "x", count: 1_000) + "\r\n", times: 300)]),
        ("interim heads without an end", [.read, .write("HTTP/1.1 102 Processing\r\n\r\n", times: 20_000)]),
        ("half a body", [.read, .write("HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nhalf")]),
        ("half a body of a refusal", [.read, .write("HTTP/1.1 404 Gone\r\nContent-Length: 10\r\n\r\nhalf")]),
        ("a chunk without an end", [.read, .write("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n9\r\nhalf")]),
        ("a reset after the request", [.read, .reset]),
        ("a reset before it is read", [.peek, .reset]),
        ("no HTTP", [.read, .write("220 mail.example.org ESMTP\r\n")]),
    ]

    @Test("no whole answer leaves the outcome unknown, or to be tried again where that is harmless",
          arguments: losses.indices, [false, true])
    func loss(index: Int, isIdempotent: Bool) throws {
        let rig = try SenderRig()
        let peer = try WebhookPeer(rig, [Self.losses[index].1])
        rig.webhook(peer.port, beside: isIdempotent ? "idempotent: true\n" : "")
        switch try rig.outcome() {
        case .interrupted(let reason): #expect(!isIdempotent && reason.hasPrefix(Self.lost))
        case .temporary(let reason, nil): #expect(isIdempotent && reason.hasPrefix(Self.lost))
        case let outcome: Issue.record("\(Self.losses[index].0): \(outcome)")
        }
    }

    @Test("an unknown outcome and the next attempt have one Idempotency-Key", arguments: [false, true])
    func nextAttempt(isIdempotent: Bool) throws {
        let rig = try SenderRig()
        let peer = try WebhookPeer(rig, [[.read, .answer(500)], [.read, .answer(200)]])
        rig.webhook(peer.port, settings: "  idempotent: \(isIdempotent)\n")
        let reason = "the webhook answered 500"
        #expect(
            try rig.outcome(1) == (isIdempotent
                ? .temporary(reason: reason, retryAfterSeconds: nil) : .interrupted(reason: reason)))
        #expect(try rig.outcome(2) == .sent)
        let requests = [try peer.request(), try peer.request()]
        #expect(requests.map { $0.headers["idempotency-key"] } == [rig.key.text, rig.key.text])
        #expect(requests.map { $0.body.prefix(13) } == ["{\"attempt\":1,", "{\"attempt\":2,"])
    }

    @Test("a date in Retry-After is one to wait for")
    func retryDate() throws {
        let rig = try SenderRig()
        var later = time(nil) + 3_600
        var parts = tm()
        gmtime_r(&later, &parts)
        var text = [CChar](repeating: 0, count: 64)
        strftime(&text, text.count, "%a, %d %b %Y %H:%M:%S GMT", &parts)
        let date = String(decoding: text.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
        let peer = try WebhookPeer(rig, [[.read, .answer(503, ["Retry-After: \(date)"])]])
        rig.webhook(peer.port)
        guard case .temporary(_, let seconds?) = try rig.outcome() else { Issue.record("no time"); return }
        #expect((3_000...3_600).contains(seconds))
    }

    @Test("a redirect is not followed, and its host is told", arguments: [301, 302, 303, 307, 308])
    func redirect(status: Int) throws {
        let rig = try SenderRig()
        let other = try MuteListener()
        let place = "Location: http://127.0.0.1:\(other.port)/secret-path"
        let peer = try WebhookPeer(rig, [[.read, .answer(status, [place])]])
        rig.webhook(peer.port)
        #expect(
            try rig.outcome()
                == .failed(reason: "the webhook answered \(status), a redirect to 127.0.0.1, not followed"))
        #expect(!other.wasReached)
    }

    @Test("a body of JSON is the send's progress, whatever the status")
    func progress() throws {
        let body = "\n{\n  \"progress\": 7, \"total\": 9,\n \"note\": \"a\\u001bb\"\n}\n"
        for (status, outcome) in [(200, AttemptOutcome.sent), (400, Self.failed("400: "))] {
            let rig = try SenderRig()
            let peer = try WebhookPeer(rig, [[.read, .answer(status, body: body)]])
            rig.webhook(peer.port)
            let progress = SendProgress(done: 7, total: 9, note: "a\\u{1B}b")
            let answers = try rig.answers(rig.request())
            #expect(answers.dropLast() == [.accepted, .progress(progress)])
            guard case .outcome(let told, progress)? = answers.last else { Issue.record("\(answers)"); return }
            #expect((told == .sent) == (outcome == .sent))
            #expect(rig.text("stderr")?.hasPrefix("newsletter: answered \(status)  ") == true)
        }
    }

    @Test("a long answer is read to 64 KiB, and its status counts", arguments: [
        (200, AttemptOutcome.sent), (500, .interrupted(reason: "")), (404, .failed(reason: "")),
    ])
    func longAnswer(status: Int, outcome: AttemptOutcome) throws {
        let rig = try SenderRig()
        let head = "HTTP/1.1 \(status) X\r\nContent-Length: 10485760\r\n\r\n"
        let piece = String(repeating: "x", count: 1_024)
        let peer = try WebhookPeer(rig, [[.read, .write(head), .write(piece, times: 10_240), .tell("all")]])
        rig.webhook(peer.port)
        let start = "the webhook answered \(status) with more than 65536 bytes: xxx"
        switch (try rig.outcome(), outcome) {
        case (.sent, .sent): break
        case (.interrupted(let reason), .interrupted), (.failed(let reason), .failed):
            #expect(reason.hasPrefix(start) && reason.utf8.count <= 2_048)
        case (let other, _): Issue.record("\(other)")
        }
        _ = try peer.request()
        #expect(try peer.line().hasPrefix("cut off: "))
    }

    private struct Body: Decodable {
        struct Message: Decodable {
            let text: String
        }

        let message: Message
    }

    @Test("a message of megabytes arrives whole, without a wait for leave to send it")
    func largeRequest() throws {
        let rig = try SenderRig()
        let peer = try WebhookPeer(rig, [[.read, .answer(200)]])
        rig.webhook(peer.port)
        guard case .send(let old) = rig.request() else { return }
        let text = String(repeating: "0123456789", count: 400_000)
        let content = MessageContent(
            subject: "s", text: text, html: nil, file: MessageFile(name: "m.txt", bytes: Array(text.utf8)))
        let request = SendRequest(
            attempt: old.attempt, campaign: old.campaign, surface: old.surface, audience: old.audience,
            message: SentMessage(name: old.message.name, revision: 1, content: content), due: old.due)
        #expect(try rig.answers(.send(request)).last == .outcome(.sent, SendProgress()))
        #expect(try peer.request().headers["expect"] == nil)
        let body = try WireJSON.decode(Body.self, from: try #require(rig.read("peer-told.body")))
        #expect(body.message.text == text)
    }
}
