import CampaignEngine
import CampaignModel
import Recurrence
import SendProtocol
import Testing

@testable import campaignd

/// What the daemon asks of a sender that a test plays. Each play ends only when the daemon has closed its end of the
/// connection.
@Suite(.timeLimit(.minutes(10))) struct SenderQuestionTests {
    private let folder: Folder
    private let sender: StandInSender
    private var launcher: SenderLauncher

    init() throws {
        folder = try Folder()
        sender = try StandInSender(in: folder)
        launcher = try sender.launcher()
    }

    @Test("a running attempt is followed to its end")
    func follow() async throws {
        let reports = Reports()
        let launcher = launcher
        async let play: Void = sender.play { line in
            guard try line.request() == .follow(Sample.attempt(2)) else { return }
            try line.answer(.progress(SendProgress(done: 2)), .outcome(.sent, SendProgress(done: 3)))
        }
        await launcher.follow(Sample.attempt(2)) { reports.take($0) }
        try await play
        #expect(reports.all == [.progress(SendProgress(done: 2)), .ended(.sent, SendProgress(done: 3))])
    }

    @Test("what is followed and has no record is told so, and a lost connection is no end")
    func followNothing() async throws {
        let launcher = launcher
        let none = Reports()
        async let play: Void = sender.play { line in
            _ = try line.request()
            try line.answer(.status(Sample.attempt(), .none))
        }
        await launcher.follow(Sample.attempt()) { none.take($0) }
        try await play
        #expect(none.all == [.already(AttemptRecord(attempt: Sample.attempt(), status: .none))])
        let lost = Reports()
        async let second: Void = sender.play { line in
            _ = try line.request()
            line.hangUp()
        }
        await launcher.follow(Sample.attempt()) { lost.take($0) }
        try await second
        #expect(lost.all == [.lost(reason: "the connection ended before the outcome")])
    }

    /// What a question gave, or why it gave nothing.
    private func asking<Value: Sendable>(
        _ script: @escaping @Sendable (StandInSender.Line) throws -> Void,
        _ ask: (SenderLauncher) async throws(LauncherError) -> Value
    ) async throws -> Result<Value, LauncherError> {
        async let play: Void = sender.play(script)
        let result: Result<Value, LauncherError>
        do throws(LauncherError) {
            result = .success(try await ask(launcher))
        } catch {
            result = .failure(error)
        }
        try await play
        return result
    }

    @Test("many keys are asked about at once, and those without a record are left out")
    func query() async throws {
        let answer = try await asking { line in
            guard try line.request() == .query([Sample.key, Sample.otherKey]) else { return }
            try line.answer(
                .attempts(
                    Sample.key,
                    [
                        AttemptReport(number: 1, status: .ended(.interrupted(reason: "killed"), SendProgress())),
                        AttemptReport(number: 2, status: .running(SendProgress(done: 1))),
                    ]),
                .attempts(Sample.otherKey, []))
        } _: { launcher throws(LauncherError) in
            try await launcher.query([Sample.key, Sample.otherKey])
        }
        #expect(
            try answer.get() == [
                Sample.key: [
                    AttemptRecord(
                        attempt: Sample.attempt(1), status: .ended(.interrupted(reason: "killed"), SendProgress())),
                    AttemptRecord(attempt: Sample.attempt(2), status: .running(SendProgress(done: 1))),
                ]
            ])
        #expect(try await launcher.query([]) == [:])
    }

    /// A script that answers a query of both keys otherwise than it should, and what is said of it.
    static let badAnswers: [(String, [SenderAnswer])] = [
        ("an answer about another key", [.attempts(Sample.otherKey, [])]),
        ("an answer to another question", [.attempts(Sample.key, []), .accepted]),
        ("the connection ended before an answer", [.attempts(Sample.key, [])]),
        ("the connection ended before an answer", []),
        ("too many questions", [.busy(reason: "too many questions")]),
        ("not from you", [.refused(reason: "not from you")]),
    ]

    @Test("a query that is not answered whole gives nothing", arguments: badAnswers)
    func badQuery(reason: String, answers: [SenderAnswer]) async throws {
        let answer = try await asking { line in
            _ = try line.request()
            for answer in answers { try line.answer(answer) }
            line.hangUp()
        } _: { launcher throws(LauncherError) in
            try await launcher.query([Sample.key, Sample.otherKey])
        }
        #expect(answer == .failure(LauncherError(reason)))
    }

    @Test("a sender that stalls before, between or in the middle of answers is given up", arguments: 0...2)
    mutating func silentQuery(whole: Int) async throws {
        launcher.answerTimeout = .milliseconds(20)
        let answer = try await asking { line in
            // On a busy machine the time may be over before the request is there.
            _ = try? line.request()
            if whole > 0 { try line.answer(.attempts(Sample.key, [])) }
            if whole > 1 { line.write(Array(try SenderAnswer.attempts(Sample.otherKey, []).frame().bytes.dropLast())) }
        } _: { launcher throws(LauncherError) in
            try await launcher.query([Sample.key, Sample.otherKey])
        }
        #expect(answer == .failure(LauncherError("no answer came within 20ms")))
    }

    @Test("an audience is counted and sampled, within a time of its own")
    mutating func audience() async throws {
        launcher.answerTimeout = .milliseconds(1)
        let people = try #require(Slug("people"))
        for count in [AudienceCount.counted(7), .onlyTheSurfaceKnows, .failed("people.csv is not there")] {
            let answer = try await asking { line in
                guard try line.request() == .count(people) else { return }
                try line.answer(.count(count))
            } _: { launcher throws(LauncherError) in
                try await launcher.count(people)
            }
            #expect(answer == .success(count))
        }
        let ann = Recipient(columns: [Recipient.Column(name: "email", value: "ann@example.org")])
        let sample = try await asking { line in
            guard try line.request() == .sample(people, limit: 3) else { return }
            try line.answer(.sample(.recipients([ann])))
        } _: { launcher throws(LauncherError) in
            try await launcher.sample(people, limit: 3)
        }
        #expect(sample == .success(.recipients([ann])))
    }

    @Test("a count that is not answered, or by something else, gives nothing")
    mutating func noCount() async throws {
        launcher.audienceTimeout = .milliseconds(20)
        let people = try #require(Slug("people"))
        let silent = try await asking { _ = try? $0.request() } _: { launcher throws(LauncherError) in
            try await launcher.count(people)
        }
        #expect(silent == .failure(LauncherError("no answer came within 20ms")))
        launcher.audienceTimeout = .seconds(10)
        let other = try await asking { line in
            _ = try line.request()
            try line.answer(.sample(.onlyTheSurfaceKnows))
        } _: { launcher throws(LauncherError) in
            try await launcher.count(people)
        }
        #expect(other == .failure(LauncherError("an answer to another question")))
    }

    @Test("a revocation is answered with the record that stands, whatever it is")
    func revoke() async throws {
        for status in [AttemptStatus.ended(.revoked(reason: "stopped"), SendProgress()), .running(SendProgress())] {
            let answer = try await asking { line in
                guard try line.request() == .revoke(Sample.attempt(), reason: "stopped") else { return }
                try line.answer(.status(Sample.attempt(), status))
            } _: { launcher throws(LauncherError) in
                try await launcher.revoke(Sample.attempt(), reason: "stopped")
            }
            #expect(answer == .success(AttemptRecord(attempt: Sample.attempt(), status: status)))
        }
        let lost = try await asking { line in
            _ = try line.request()
            line.hangUp()
        } _: { launcher throws(LauncherError) in
            try await launcher.revoke(Sample.attempt(), reason: "stopped")
        }
        #expect(lost == .failure(LauncherError("the connection ended before an answer")))
    }

    @Test("a cancellation is done when it is answered")
    func cancel() async throws {
        let answer = try await asking { line in
            guard try line.request() == .cancel(Sample.key, reason: "wrong prices") else { return }
            try line.answer(.attempts(Sample.key, [AttemptReport(number: 1, status: .running(SendProgress()))]))
        } _: { launcher throws(LauncherError) in
            try await launcher.cancel(Sample.key, reason: "wrong prices")
            return true
        }
        #expect(answer == .success(true))
    }

    @Test("what the sender keeps of what it was to forget is told")
    func forget() async throws {
        let owners: [Slug] = [Slug("abcdefghijklmnop")!, Slug("proof")!]
        let instant = Instant(secondsSinceEpoch: 1_800_000_000)
        let answer = try await asking { line in
            guard try line.request() == .forget(owners, resultsBefore: instant) else { return }
            try line.answer(.kept([owners[1]]))
        } _: { launcher throws(LauncherError) in try await launcher.forget(owners, resultsBefore: instant) }
        #expect(try answer.get() == [owners[1]])
    }

    static let testEnds: [([SenderAnswer], TestAnswer)] = [
        ([.accepted, .progress(SendProgress(done: 1)), .outcome(.sent, SendProgress(done: 3))],
         TestAnswer(outcome: .sent, progress: SendProgress(done: 3), isRepeated: false)),
        ([.outcome(.failed(reason: "no surface"), SendProgress())],
         TestAnswer(outcome: .failed(reason: "no surface"), progress: SendProgress(), isRepeated: false)),
        ([.status(Sample.attempt(), .ended(.sent, SendProgress(done: 2)))],
         TestAnswer(outcome: .sent, progress: SendProgress(done: 2), isRepeated: true)),
        ([.status(Sample.attempt(), .running(SendProgress(done: 1)))],
         TestAnswer(outcome: nil, progress: SendProgress(done: 1), isRepeated: true)),
        // The connection ends; the test goes on.
        ([.accepted, .progress(SendProgress(done: 1))],
         TestAnswer(outcome: nil, progress: SendProgress(done: 1), isRepeated: false)),
    ]

    @Test("a test answers how it ended, or that it goes on", arguments: testEnds.indices)
    func test(index: Int) async throws {
        let (answers, expected) = Self.testEnds[index]
        let answer = try await asking { line in
            guard case .send = try line.request() else { return }
            for answer in answers { try line.answer(answer) }
            line.hangUp()
        } _: { launcher throws(LauncherError) in try await launcher.test(Sample.handOver()) }
        #expect(try answer.get() == expected)
    }

    @Test("a test that did not begin, and one that hangs before it begins, are faults of the sender")
    func testNotBegun() async throws {
        for isSilent in [false, true] {
            var launcher = launcher
            if isSilent { launcher.testTimeout = .milliseconds(50) }
            let impatient = launcher
            async let play: Void = sender.play { line in
                _ = try line.request()
                if !isSilent { line.hangUp() }
            }
            do {
                _ = try await impatient.test(Sample.handOver())
                Issue.record("it was taken for a test that has begun")
            } catch {
                #expect(error.reason.contains(isSilent ? "no answer came within 50" : "ended before an answer"))
            }
            try await play
        }
    }
}
