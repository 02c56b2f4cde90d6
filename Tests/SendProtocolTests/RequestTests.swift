import CampaignModel
import Recurrence
import SendProtocol
import Testing

@Suite struct RequestTests {
    static let requests: [SenderRequest] = [
        .send(Samples.request()),
        .send(Samples.request(file: [], text: nil, html: nil, attachments: [], data: nil)),
        .query([Samples.key]),
        .follow(Samples.attempt),
        .cancel(Samples.key, reason: "a person said so"),
        .revoke(Samples.attempt, reason: "stop"),
        .send(Samples.request(audience: nil, origin: .alerts)),
        .send(Samples.request(audience: nil, origin: .test)),
        .send(Samples.request(audience: nil, address: ProofAddress("ann@example.org"), origin: .test)),
        .forget([Slug("abcdefghijklmnop")!, Slug("proof")!], resultsBefore: nil),
        .forget([Slug("proof")!], resultsBefore: Instant(secondsSinceEpoch: 1_800_000_000)),
        .count(Slug("subscribers")!),
        .sample(Slug("subscribers")!, limit: 1),
        .sample(Slug("subscribers")!, limit: 100),
        .recipients(Samples.key, states: nil),
        .recipients(Samples.key, states: [.refused, .unknown]),
        .suppress(SuppressionOrder(.add, [ann, Suppression(address: "no address")])),
        .suppress(SuppressionOrder(.add, [ann], skipsInvalid: true, isDryRun: true)),
        .suppress(SuppressionOrder(.remove, [Suppression(address: "ann@example.org")], skipsInvalid: true)),
        .suppressed([]),
        .suppressed(["ann@example.org", "bob@example.org"]),
        .compose(Samples.composeRequest(title: "Soldes d’été 🎉")), .compose(Samples.composeRequest(title: nil)),
    ]
    private static let ann = Suppression(
        address: "ann@example.org", reason: "asked to", at: Instant("2026-12-07T08:00:00Z"))

    @Test("every request is read back as it was", arguments: requests.indices)
    func roundTrip(index: Int) throws {
        let request = Self.requests[index]
        var decoder = FrameDecoder(bodyLimit: ProtocolLimits.bodyBytes)
        let frames = try decoder.read(request.frame().bytes)
        #expect(frames.count == 1)
        #expect(try SenderRequest(frames[0]) == request)
    }

    @Test("a message of 10 MiB fits, with its text once more")
    func largest() throws {
        let file = [UInt8](repeating: UInt8(ascii: "a"), count: MessageContent.maximumBytes)
        let request = SenderRequest.send(
            Samples.request(file: file, text: String(decoding: file, as: UTF8.self), html: nil, attachments: []))
        // Compared outside the macro, which would print 20 MiB.
        let isEqual = try SenderRequest(request.frame()) == request
        #expect(isEqual)
    }

    @Test("a query takes 1,000 keys of 200 bytes and no more")
    func keyLimit() throws {
        let keys = (0..<1_001).map { number in
            OccurrenceKey(String(repeating: "k", count: 196) + String(format4(number)))!
        }
        let allowed = SenderRequest.query(Array(keys.prefix(1_000)))
        #expect(try SenderRequest(allowed.frame()) == allowed)
        #expect(throws: MalformedRequest.self) { try SenderRequest(SenderRequest.query(keys).frame()) }
        #expect(throws: MalformedRequest.self) { try SenderRequest(SenderRequest.query([]).frame()) }
    }

    private func format4(_ number: Int) -> String {
        let digits = String(number)
        return String(repeating: "0", count: 4 - digits.count) + digits
    }

    private static let noStates = "bad request: states must be some of "
        + "accepted, refused, temporary, unknown, invalid, repeated, suppressed"
    static let malformed: [(String, String)] = [
        ("x", "bad request: the message is not JSON"),
        ("[]", "bad request: the message has a wrong type"),
        ("{}", "bad request: verb is missing"),
        ("{\"verb\":\"eat\"}", "bad request: verb: Cannot initialize Verb from invalid String value eat"),
        ("{\"verb\":\"send\"}", "bad request: send is missing"),
        ("{\"verb\":\"follow\"}", "bad request: attempt is missing, or its number is not 1 to 100"),
        ("{\"verb\":\"follow\",\"attempt\":{\"key\":\"a b\",\"number\":1}}",
         "bad request: attempt.key: a b is not an occurrence key"),
        ("{\"verb\":\"revoke\",\"attempt\":{\"key\":\"a\",\"number\":101}}",
         "bad request: attempt is missing, or its number is not 1 to 100"),
        ("{\"verb\":\"cancel\"}", "bad request: key is missing"),
        ("{\"verb\":\"count\"}", "bad request: audience is missing"),
        ("{\"verb\":\"count\",\"audience\":\"../x\"}", "bad request: audience: ../x is not a name"),
        ("{\"verb\":\"sample\",\"limit\":5}", "bad request: audience is missing"),
        ("{\"verb\":\"sample\",\"audience\":\"a\"}", "bad request: limit is missing"),
        ("{\"verb\":\"sample\",\"audience\":\"a\",\"limit\":0}", "bad request: limit is 0; allowed are 1 to 100"),
        ("{\"verb\":\"sample\",\"audience\":\"a\",\"limit\":101}",
         "bad request: limit is 101; allowed are 1 to 100"),
        ("{\"verb\":\"sample\",\"audience\":\"a\",\"limit\":\"5\"}", "bad request: limit has a wrong type"),
        ("{\"verb\":\"recipients\"}", "bad request: key is missing"),
        ("{\"verb\":\"compose\"}", "bad request: compose is missing"),
        ("{\"verb\":\"compose\",\"compose\":{}}", "bad request: compose.surface is missing"),
        ("{\"verb\":\"recipients\",\"key\":\"a\",\"states\":[]}", noStates),
        ("{\"verb\":\"recipients\",\"key\":\"a\",\"states\":[\"sent\"]}", noStates),
        ("{\"verb\":\"suppress\"}", "bad request: entries are missing"),
        ("{\"verb\":\"suppress\",\"entries\":[]}", "bad request: entries must be 1 to 20000"),
        ("{\"verb\":\"suppress\",\"entries\":[{\"reason\":\"x\"}]}",
         "bad request: entries.Index 0.address is missing"),
        ("{\"verb\":\"unsuppress\",\"entries\":[{\"address\":\"a\"}]}", "bad request: addresses are missing"),
        ("{\"verb\":\"suppressed\",\"addresses\":[]}", "bad request: addresses must be 1 to 20000"),
    ]

    @Test("a request that can't be read says what is wrong with it", arguments: malformed)
    func unreadable(head: String, reason: String) throws {
        let error = try #require(throws: MalformedRequest.self) { try SenderRequest(Frame(head: Array(head.utf8))) }
        #expect(error.description == reason)
        #expect(error.attempt == nil)
    }

    static let unfit: [(SendRequest, String)] = [
        (Samples.request(attachments: [MessageFile(name: "../x", bytes: [])]),
         "bad request: the name \"../x\" of a message file is no plain file name"),
        (Samples.request(attachments: [MessageFile(name: "..", bytes: [])]),
         "bad request: the name \"..\" of a message file is no plain file name"),
        (Samples.request(attachments: [MessageFile(name: "spring.yaml", bytes: [])]),
         "bad request: two files of the message have one name"),
        (Samples.request(attachments: (0...32).map { MessageFile(name: "\($0)", bytes: []) }),
         "bad request: the message has 33 attachments; 32 at most"),
        (Samples.request(data: String(repeating: "1", count: 65_537)),
         "bad request: data has 65537 bytes; 65536 at most are allowed"),
        (Samples.request(audience: nil, origin: .schedule),
         "bad request: audience is missing"),
        (Samples.request(origin: .test), "bad request: a test goes to no audience"),
        (Samples.request(address: ProofAddress("ann@example.org")),
         "bad request: only a test goes to one address"),
        (Samples.request(file: [UInt8](repeating: 0, count: MessageContent.maximumBytes + 1), attachments: []),
         "bad request: the message's files are over 10485760 bytes"),
    ]

    @Test("a send that can't be taken names its attempt, so that it can be recorded", arguments: unfit.indices)
    func unfitSend(index: Int) throws {
        let (request, reason) = Self.unfit[index]
        let frame = try SenderRequest.send(request).frame()
        let error = try #require(throws: MalformedRequest.self) { try SenderRequest(frame) }
        #expect(error.description == reason)
        #expect(error.attempt == Samples.attempt)
    }

    @Test("a message to be made for one recipient is held to the same, and no attempt is named")
    func unfitCompose() throws {
        for (request, reason) in Self.unfit where request.message != Samples.request().message {
            let compose = SenderRequest.compose(Samples.composeRequest(title: nil, message: request.message))
            let error = try #require(throws: MalformedRequest.self) { try SenderRequest(compose.frame()) }
            #expect(error.description == reason)
            #expect(error.attempt == nil)
        }
    }

    @Test("a body that is shorter or longer than its parts is refused")
    func bodyLength() throws {
        let frame = try SenderRequest.send(Samples.request()).frame()
        for body in [Array(frame.body.dropLast()), frame.body + [0], []] {
            #expect(throws: MalformedRequest.self) { try SenderRequest(Frame(head: frame.head, body: body)) }
        }
    }
}
