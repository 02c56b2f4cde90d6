import CampaignModel
import Recurrence
import SendProtocol
import Testing

@Suite struct AnswerTests {
    static let progress = SendProgress(done: 10, total: 12, failed: 1, note: "slow \"relay\"")
    static let outcomes: [AttemptOutcome] = [
        .sent, .failed(reason: "EX_NOUSER (67)"), .temporary(reason: "busy", retryAfterSeconds: nil),
        .temporary(reason: "429", retryAfterSeconds: 30), .interrupted(reason: "killed"),
        .cancelled(reason: "a person"), .revoked(reason: "stop"),
    ]
    static let statuses: [AttemptStatus] = [.none, .running(progress), .running(SendProgress())]
        + outcomes.map { .ended($0, progress) }
    static let ann = Recipient(columns: [
        Recipient.Column(name: "name", value: "Ann \"A\" É"), Recipient.Column(name: "email", value: "ann@example.org"),
    ])
    static let results = RecipientState.allCases.map { state in
        RecipientResult(
            address: "ann@example.org", state: state, reason: state == .refused ? "550 \"no\"" : nil, attempt: 2,
            at: Instant("2026-12-07T08:00:00Z")!)
    }
    static let composed = ComposedMessage(
        size: 2_048, found: 2, columns: ["email", "prénom"], unknownTags: ["prenom"], listFault: "line 9 is wrong")
    static let answers: [SenderAnswer] = [
        .accepted, .progress(progress), .progress(SendProgress()), .busy(reason: "no space"), .refused(reason: "who?"),
        .attempts(Samples.key, []),
        .attempts(Samples.key, statuses.enumerated().map { AttemptReport(number: $0 + 1, status: $1) }),
        .kept([]), .kept([Slug("proof")!, Slug("alerts")!]),
        .count(.counted(0)), .count(.counted(5_000_000)), .count(.onlyTheSurfaceKnows), .count(.failed("no file")),
        .sample(.recipients([])), .sample(.onlyTheSurfaceKnows), .sample(.failed("no file")),
        .sample(.recipients([ann, Recipient(columns: [])])),
        .recipientsEnd(isKept: true), .recipientsEnd(isKept: false), .recipients(results),
        .suppression(SuppressionOutcome(changed: 2, unchanged: 0)), .suppression(outcome), .suppressed(suppressed),
        .suppressedEnd,
        .composed(.failed("no list")), .composed(.composed(composed)), .piece([0]),
        .piece(Array(repeating: 255, count: ProtocolLimits.pieceBytes)),
    ] + statuses.map { .status(Samples.attempt, $0) } + outcomes.map { .outcome($0, progress) }

    private static let outcome = SuppressionOutcome(
        changed: 0, unchanged: 1, invalid: [SuppressionOutcome.InvalidAddress(index: 4, reason: "it has no @")],
        invalidCount: 2)
    private static let suppressed = [
        Suppression(address: "ann@example.org", reason: "asked to", at: Instant("2026-12-07T08:00:00Z")),
        Suppression(address: "bob@example.org", at: Instant("2026-12-07T08:00:00Z")),
    ]

    @Test("every answer is read back as it was", arguments: answers)
    func roundTrip(answer: SenderAnswer) throws {
        #expect(try SenderAnswer(answer.frame()) == answer)
    }

    @Test("an answer about 100 attempts with the longest texts fits into one message")
    func longest() throws {
        let text = String(repeating: "\"", count: 5_000).cutForDisplay
        let status = AttemptStatus.ended(.failed(reason: text), SendProgress(note: text))
        let reports = (1...ProtocolLimits.maximumAttempts).map { AttemptReport(number: $0, status: status) }
        let answer = SenderAnswer.attempts(Samples.key, reports)
        #expect(try SenderAnswer(answer.frame()) == answer)
    }

    /// Texts that grow as much as any can, whoever has written them.
    @Test("as many results as an answer may have fit into it", arguments: ["\"", "\u{1}", "\u{202E}", "🎉", "/", "x"])
    func manyResults(character: String) throws {
        let text = String(repeating: character, count: 1_000)
        let result = RecipientResult(
            address: text, state: .suppressed, reason: text, attempt: 100, at: Instant("9999-12-31T23:59:59Z")!
        ).cutForAnswer
        let answer = SenderAnswer.recipients(Array(repeating: result, count: ProtocolLimits.resultsPerAnswer))
        #expect(try SenderAnswer(answer.frame()) == answer)
        let raw = RecipientResult(
            address: String(text.unicodeScalars.prefix(80)), state: .invalid,
            reason: String(text.unicodeScalars.prefix(64)), attempt: 1, at: Instant("2026-12-07T08:00:00Z")!)
        let uncut = SenderAnswer.recipients(Array(repeating: raw, count: ProtocolLimits.resultsPerAnswer))
        #expect(try SenderAnswer(uncut.frame()) == uncut)
    }

    @Test("a result that is not too long and can be shown stays as it is")
    func usualResults() {
        #expect(Self.results.map(\.cutForAnswer) == Self.results)
    }

    static let texts: [(SenderAnswer, String)] = [
        (.accepted, #"{"answer":"accepted"}"#),
        (.outcome(.temporary(reason: "429", retryAfterSeconds: 30), SendProgress(done: 1)),
         #"{"answer":"outcome","status":{"progress":1,"reason":"429","retry_after":30,"state":"temporary"}}"#),
        (.status(Samples.attempt, .none),
         #"{"answer":"status","attempt":{"key":"\#(Samples.key)","number":2},"status":{"state":"none"}}"#),
        (.kept([Slug("proof")!]), #"{"answer":"kept","owners":["proof"]}"#),
        (.count(.counted(12)), #"{"answer":"count","audience":{"count":12,"result":"counted"}}"#),
        (.count(.onlyTheSurfaceKnows), #"{"answer":"count","audience":{"result":"surface"}}"#),
        (.sample(.failed("x")), #"{"answer":"sample","audience":{"reason":"x","result":"failed"}}"#),
        (.sample(.recipients([Recipient(columns: [Recipient.Column(name: "email", value: "a@b.c")])])),
         #"{"answer":"sample","audience":{"recipients":[[{"name":"email","value":"a@b.c"}]],"result":"recipients"}}"#),
        (.recipients([results[1]]),
         #"{"answer":"recipients","recipients":[{"address":"ann@example.org","at":"2026-12-07T08:00:00Z","attempt":2,"#
             + #""reason":"550 \"no\"","state":"refused"}]}"#),
        (.recipientsEnd(isKept: false), #"{"answer":"recipients-end","kept":false}"#),
        (.suppression(outcome),
         #"{"answer":"suppression","suppression":{"changed":0,"invalid":[{"index":4,"reason":"it has no @"}],"#
             + #""invalid_count":2,"unchanged":1}}"#),
        (.suppressed([suppressed[1]]),
         #"{"answer":"suppressed","suppressed":[{"address":"bob@example.org","at":"2026-12-07T08:00:00Z"}]}"#),
        (.suppressedEnd, #"{"answer":"suppressed-end"}"#),
        (.composed(.composed(ComposedMessage(size: 9, found: 0, columns: ["email"], unknownTags: ["x"]))),
         #"{"answer":"composed","composition":{"columns":["email"],"found":0,"result":"composed","size":9,"#
             + #""unknown":["x"]}}"#),
        (.composed(.failed("x")), #"{"answer":"composed","composition":{"reason":"x","result":"failed"}}"#),
        (.piece([1]), #"{"answer":"piece"}"#),
    ]

    @Test("answers are written as the documentation shows them", arguments: texts)
    func text(answer: SenderAnswer, expected: String) throws {
        #expect(String(decoding: try answer.frame().head, as: UTF8.self) == expected)
    }

    @Test(
        "an answer that lacks a value is refused",
        arguments: [
            "{\"answer\":\"progress\"}", "{\"answer\":\"outcome\",\"status\":{\"state\":\"running\"}}",
            "{\"answer\":\"status\"}", "{\"answer\":\"attempts\"}", "{\"answer\":\"busy\"}",
            "{\"answer\":\"what\"}", "1", "{\"answer\":\"count\"}", "{\"answer\":\"sample\"}",
            "{\"answer\":\"attempts\",\"key\":\"a\",\"attempts\":[{\"number\":0,\"status\":{\"state\":\"sent\"}}]}",
            "{\"answer\":\"status\",\"attempt\":{\"key\":\"a\",\"number\":101},\"status\":{\"state\":\"sent\"}}",
            "{\"answer\":\"status\",\"attempt\":{\"key\":\"a\",\"number\":9223372036854775807},"
                + "\"status\":{\"state\":\"none\"}}",
            "{\"answer\":\"count\",\"audience\":{\"result\":\"counted\"}}",
            "{\"answer\":\"count\",\"audience\":{\"result\":\"counted\",\"count\":-1}}",
            "{\"answer\":\"count\",\"audience\":{\"result\":\"failed\"}}",
            "{\"answer\":\"count\",\"audience\":{\"result\":\"recipients\",\"recipients\":[]}}",
            "{\"answer\":\"sample\",\"audience\":{\"result\":\"counted\",\"count\":1}}",
            "{\"answer\":\"sample\",\"audience\":{\"result\":\"recipients\"}}",
            "{\"answer\":\"sample\",\"audience\":{\"result\":\"recipients\",\"recipients\":[[{\"name\":\"a\"}]]}}",
            "{\"answer\":\"sample\",\"audience\":{\"result\":\"recipients\",\"recipients\":"
                + "[" + Array(repeating: "[]", count: 101).joined(separator: ",") + "]}}",
            "{\"answer\":\"recipients-end\"}", "{\"answer\":\"recipients\"}",
            "{\"answer\":\"suppression\"}", "{\"answer\":\"suppressed\"}",
            "{\"answer\":\"suppressed\",\"suppressed\":[{\"address\":\"a@b.c\"}]}",
            "{\"answer\":\"suppression\",\"suppression\":"
                + "{\"changed\":-1,\"unchanged\":0,\"invalid\":[],\"invalid_count\":0}}",
            "{\"answer\":\"composed\"}", "{\"answer\":\"piece\"}", composed(size: 0), composed(size: 33_554_433),
            composed(found: -1), composed(columns: 201),
            "{\"answer\":\"recipients\",\"recipients\":[]}", result(attempt: 0), result(attempt: 101),
            result(state: "sent"), result(address: String(repeating: "x", count: 321)),
            result(reason: String(repeating: "x", count: 257)), result(at: "today"), result(count: 251),
        ])
    func lacking(head: String) throws {
        let frame = try Frame(head: Array(head.utf8))
        #expect(throws: MalformedAnswer.self) { try SenderAnswer(frame) }
    }

    private static func composed(size: Int = 1, found: Int = 1, columns: Int = 1) -> String {
        let names = Array(repeating: "\"a\"", count: columns).joined(separator: ",")
        return "{\"answer\":\"composed\",\"composition\":{\"result\":\"composed\",\"size\":\(size),"
            + "\"found\":\(found),\"columns\":[\(names)],\"unknown\":[]}}"
    }

    @Test("names of columns are cut so that an answer has room for all of them", arguments: ["\"", "\u{1}", "🎉"])
    func manyColumns(character: String) throws {
        let names = (1...1_000).map { String(repeating: character, count: 1_000) + "\($0)" }
        let cut = ComposedMessage.cutForAnswer(names)
        #expect(cut.count == ComposedMessage.columnLimit)
        let answer = SenderAnswer.composed(
            .composed(ComposedMessage(size: 1, found: 1, columns: cut, unknownTags: cut)))
        #expect(try SenderAnswer(answer.frame()) == answer)
    }

    @Test("an answer with bytes is a piece, and none has too many")
    func bodies() throws {
        let kept = try SenderAnswer.kept([]).frame()
        let piece = try SenderAnswer.piece([1]).frame()
        let many = Array(repeating: UInt8(0), count: ProtocolLimits.pieceBytes + 1)
        for frame in [try Frame(head: kept.head, body: [1]), try Frame(head: piece.head, body: many)] {
            #expect(throws: MalformedAnswer.self) { try SenderAnswer(frame) }
        }
    }

    /// A `recipients` with one result, so many times.
    private static func result(
        address: String = "a@b.c", state: String = "accepted", reason: String = "ok", attempt: Int = 1,
        at: String = "2026-12-07T08:00:00Z", count: Int = 1
    ) -> String {
        let one = "{\"address\":\"\(address)\",\"state\":\"\(state)\",\"reason\":\"\(reason)\","
            + "\"attempt\":\(attempt),\"at\":\"\(at)\"}"
        let all = Array(repeating: one, count: count).joined(separator: ",")
        return "{\"answer\":\"recipients\",\"recipients\":[\(all)]}"
    }
}
