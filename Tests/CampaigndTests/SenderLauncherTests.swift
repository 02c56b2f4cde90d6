import CampaignEngine
import CampaignModel
import Dispatch
import NIOPosix
import Recurrence
import SendProtocol
import Synchronization
import Testing

@testable import campaignd

/// The daemon's end of the send protocol, against a sender that a test plays. Each play ends only when the daemon has
/// closed its end of the connection.
@Suite(.timeLimit(.minutes(10))) struct SenderLauncherTests {
    private let folder: Folder
    private let sender: StandInSender
    private var launcher: SenderLauncher
    private let done = SendProgress(done: 3, total: 3)

    init() throws {
        folder = try Folder()
        sender = try StandInSender(in: folder)
        launcher = try sender.launcher()
    }

    /// All that is reported of a hand-over while the sender plays its script.
    private func handOver(
        _ script: @escaping @Sendable (StandInSender.Line) throws -> Void,
        then act: @Sendable (SendReport) -> Void = { _ in }
    ) async throws -> [SendReport] {
        let reports = Reports()
        async let play: Void = sender.play(script)
        await launcher.handOver(Sample.handOver()) { report in
            reports.take(report)
            act(report)
        }
        try await play
        return reports.all
    }

    // MARK: Handing over

    @Test("the request holds all that the sender needs, and its reports come in order up to the outcome")
    func sent() async throws {
        let written = Atomic<Int>(0)
        let seen = Mutex<SenderRequest?>(nil)
        let reports = Reports()
        var launcher = launcher
        launcher.requestWritten = { written.add(1, ordering: .relaxed) }
        let done = done
        async let play: Void = sender.play { line in
            let request = try line.request()
            seen.withLock { $0 = request }
            try line.answer(
                .accepted, .progress(SendProgress(done: 1, total: 3)), .progress(done), .outcome(.sent, done))
        }
        await launcher.handOver(Sample.handOver()) { reports.take($0) }
        try await play
        #expect(
            reports.all == [
                .accepted, .progress(SendProgress(done: 1, total: 3)), .progress(done), .ended(.sent, done),
            ])
        #expect(written.load(ordering: .relaxed) == 1)
        guard case .send(let request)? = seen.withLock({ $0 }) else { Issue.record("no send"); return }
        let handOver = Sample.handOver()
        #expect(request == SendRequest(handOver))
        #expect(request.attempt == handOver.attempt)
        #expect(request.campaign.name == handOver.campaign && request.campaign.version == 3)
        #expect(request.message.content.file == handOver.message.content.file && request.message.revision == 2)
        #expect(request.nominal == NominalTime(local: handOver.nominal!, timezone: "Europe/Paris"))
        #expect(request.address == nil)
    }

    @Test("each outcome is reported as it is told", arguments: [
        AttemptOutcome.sent, .failed(reason: "no"), .temporary(reason: "later", retryAfterSeconds: 60),
        .interrupted(reason: "killed"), .cancelled(reason: "wrong prices"), .revoked(reason: "stopped"),
    ])
    func outcomes(outcome: AttemptOutcome) async throws {
        let reports = try await handOver { line in
            _ = try line.request()
            try line.answer(.accepted, .outcome(outcome, SendProgress()))
        }
        #expect(reports == [.accepted, .ended(outcome, SendProgress())])
    }

    @Test("an outcome without accepted is one of something that never ran")
    func outcomeAlone() async throws {
        let reports = try await handOver { line in
            _ = try line.request()
            try line.answer(.outcome(.failed(reason: "surface newsletter is not known"), SendProgress()))
        }
        #expect(reports == [.ended(.failed(reason: "surface newsletter is not known"), SendProgress())])
    }

    @Test("a record that is there already is reported, with the attempt that it is about")
    func already() async throws {
        let other = Attempt(key: Sample.key, number: 2)
        let reports = try await handOver { line in
            _ = try line.request()
            try line.answer(.status(other, .running(SendProgress(done: 1))))
        }
        #expect(reports == [.already(AttemptRecord(attempt: other, status: .running(SendProgress(done: 1))))])
    }

    @Test("a busy sender began nothing, and one that refuses never will")
    func busyAndRefused() async throws {
        let busy = try await handOver { line in
            _ = try line.request()
            try line.answer(.busy(reason: "too many sends"))
        }
        #expect(busy == [.notBegun(reason: "too many sends")])
        let refused = try await handOver { line in
            _ = try line.request()
            try line.answer(.refused(reason: "user 1000 may not send"))
        }
        #expect(refused == [.ended(.failed(reason: "user 1000 may not send"), SendProgress())])
    }

    @Test("an end of file before accepted began nothing, and one after it leaves the send going on")
    func endOfFile() async throws {
        let atOnce = try await handOver { $0.hangUp() }
        guard case .notBegun? = atOnce.first, atOnce.count == 1 else { Issue.record("\(atOnce)"); return }
        let before = try await handOver { line in
            _ = try line.request()
            line.hangUp()
        }
        #expect(before == [.notBegun(reason: "the connection ended before an answer")])
        let after = try await handOver { line in
            _ = try line.request()
            try line.answer(.accepted, .progress(SendProgress(done: 1)))
            line.hangUp()
        }
        #expect(
            after == [
                .accepted, .progress(SendProgress(done: 1)),
                .lost(reason: "the connection ended before the outcome"),
            ])
    }

    @Test("an answer that comes in pieces is one answer")
    func pieces() async throws {
        let reports = try await handOver { line in
            _ = try line.request()
            for answer in [SenderAnswer.accepted, .outcome(.sent, SendProgress())] {
                for byte in try answer.frame().bytes { line.write([byte]) }
            }
        }
        #expect(reports == [.accepted, .ended(.sent, SendProgress())])
    }

    /// Bytes that are no answer, and what is said of them.
    static let garbageAnswers: [(String, [UInt8], String)] = [
        ("lengths of 0", [0, 0, 0, 0, 0, 0, 0, 0],
         "the message's head has 0 bytes; allowed are 1 to 1048576"),
        ("another protocol", Array("HTTP/1.1 400 Bad Request\r\n\r\n".utf8),
         "the message's head has 1213486160 bytes; allowed are 1 to 1048576"),
        ("a body larger than any answer's", [0, 0, 0, 2, 0, 8, 0, 1] + Array("{}x".utf8),
         "the message's body has 524289 bytes; allowed are 0 to 524288"),
        ("no answer's name", [0, 0, 0, 2, 0, 0, 0, 0] + Array("{}".utf8), "bad answer: answer is missing"),
        ("an answer without its values", [0, 0, 0, 17, 0, 0, 0, 0] + Array("{\"answer\":\"busy\"}".utf8),
         "bad answer: busy lacks one of its values"),
        ("an answer to another question",
         (try? SenderAnswer.attempts(Sample.key, []).frame().bytes) ?? [], "an answer to another question"),
    ]

    @Test("garbage before accepted began nothing; after it the send goes on and is asked about later",
        arguments: garbageAnswers)
    func garbage(name: String, bytes: [UInt8], reason: String) async throws {
        let before = try await handOver { line in
            _ = try line.request()
            line.write(bytes)
        }
        #expect(before == [.notBegun(reason: reason)], "\(name)")
        let isAccepted = DispatchSemaphore(value: 0)
        let after = try await handOver { line in
            _ = try line.request()
            try line.answer(.accepted)
            isAccepted.wait()
            line.write(bytes)
        } then: { _ in
            isAccepted.signal()
        }
        #expect(after == [.accepted, .lost(reason: reason)], "\(name)")
    }

    @Test("a message that the protocol has no room for fails without a connection")
    func tooLarge() async throws {
        let reports = Reports()
        let handOver = Sample.handOver(bytes: ProtocolLimits.bodyBytes + 1)
        await launcher.handOver(handOver) { reports.take($0) }
        guard case .ended(.failed(let reason), _)? = reports.all.first, reports.all.count == 1 else {
            Issue.record("\(reports.all)")
            return
        }
        #expect(reason.hasPrefix("the message's body has "))
    }

    @Test("a sender that says nothing is given up, also in the middle of an answer and of reading the request")
    mutating func silent() async throws {
        launcher.acceptTimeout = .milliseconds(20)
        // On a busy machine the time may be over before the request is there.
        let mute = try await handOver { _ = try? $0.request() }
        #expect(mute == [.notBegun(reason: "no answer came within 20ms")])
        let half = try await handOver { line in
            _ = try? line.request()
            line.write(Array(try SenderAnswer.accepted.frame().bytes.dropLast()))
        }
        #expect(half == [.notBegun(reason: "no answer came within 20ms")])
        let launcher = launcher
        let reports = Reports()
        async let play: Void = sender.play { _ in }
        await launcher.handOver(Sample.handOver(bytes: 8 * 1_024 * 1_024)) { reports.take($0) }
        try await play
        #expect(reports.all == [.notBegun(reason: "no answer came within 20ms")])
    }

    @Test("a socket that is absent, that nobody listens on or whose path is too long began nothing, and says why")
    func unreachable() async throws {
        let deafFolder = try Folder()
        let deaf = try StandInSender(in: deafFolder)
        let long = folder.path + "/" + String(repeating: "x", count: 108)
        for (path, reason) in [
            (folder.path + "/absent.sock", "No such file or directory"), (deaf.path, "Connection refused"),
            (long, "unixDomainSocketPathTooLong"),
        ] {
            let launcher = SenderLauncher(
                dialer: SocketDialer(path: path), group: MultiThreadedEventLoopGroup.singleton)
            let reports = Reports()
            await launcher.handOver(Sample.handOver()) { reports.take($0) }
            guard case .notBegun(let said)? = reports.all.first, reports.all.count == 1 else {
                Issue.record("\(reports.all)")
                continue
            }
            #expect(said == "\(path) can't be connected to: \(reason)")
            let error = try await #require(throws: LauncherError.self) { try await launcher.query([Sample.key]) }
            #expect(error.reason == said)
        }
    }
}
