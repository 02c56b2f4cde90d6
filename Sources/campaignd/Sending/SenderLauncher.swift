import CampaignEngine
import CampaignModel
import ControlAPI
import Glibc
import NIOCore
import Recurrence
import SendProtocol

/// Speaks the send protocol with campaign-send, one connection a request.
struct SenderLauncher: SendLauncher {
    let dialer: any SenderDialer
    let group: any EventLoopGroup
    /// Told when a `send` request is written and not answered.
    var requestWritten: @Sendable () -> Void = {}

    /// For each answer to a question, which comes from disk; a sender that takes longer is as good as down.
    var answerTimeout = Duration.seconds(5)
    /// For an audience to be counted or sampled: a little longer than campaign-send itself takes before it gives up.
    var audienceTimeout = Duration.seconds(10)
    /// For each batch of recipients' results: before the first one and between two, the files of several attempts at a
    /// million recipients may be read to their end.
    var resultsTimeout = Duration.seconds(300)
    /// For the list of those who want no mail to be read, perhaps by several one after the other, and changed. A client
    /// waits a little longer.
    var suppressionTimeout = Duration.seconds(25)
    /// For thousands of old records to be removed.
    var forgetTimeout = Duration.seconds(60)
    /// For a test, from its request to its end: somebody waits for it.
    var testTimeout = Duration.seconds(SendTestView.patienceSeconds)
    /// Until `accepted`: a unit with its sandbox to start on a busy machine, and the record's syncs.
    var acceptTimeout = Duration.seconds(60)

    func handOver(_ handOver: HandOver, report: @Sendable (SendReport) async -> Void) async {
        let frame: Frame
        do {
            frame = try SenderRequest.send(SendRequest(handOver)).frame()
        } catch {
            // What can't be written now can't be later either.
            await report(.ended(.failed(reason: "\(error)"), SendProgress()))
            return
        }
        var stage = Stage()
        do {
            try await exchange(
                frame, patience: .forTheFirstAnswer(acceptTimeout), whenWritten: requestWritten
            ) { answer in
                await stage.take(answer, about: handOver.attempt, report)
            }
        } catch {
            stage.failure = "\(error)"
        }
        if !stage.isAnswered {
            await report(.notBegun(reason: stage.failure ?? "the connection ended before an answer"))
        } else if !stage.isOver {
            await report(.lost(reason: stage.failure ?? "the connection ended before the outcome"))
        }
    }

    func follow(_ attempt: Attempt, report: @Sendable (SendReport) async -> Void) async {
        var stage = Stage()
        do {
            try await exchange(SenderRequest.follow(attempt).frame(), patience: .endless) { answer in
                await stage.take(answer, about: attempt, report)
            }
        } catch {
            stage.failure = "\(error)"
        }
        if !stage.isOver { await report(.lost(reason: stage.failure ?? "the connection ended before the outcome")) }
    }

    func test(_ handOver: HandOver) async throws(LauncherError) -> TestAnswer {
        var found: TestAnswer?
        do {
            let frame = try SenderRequest.send(SendRequest(handOver)).frame()
            try await exchange(frame, patience: .forAllAnswers(testTimeout)) { answer in
                switch answer {
                case .accepted:
                    found = TestAnswer(outcome: nil, progress: SendProgress(), isRepeated: false)
                    return .more
                case .progress(let progress):
                    found = TestAnswer(outcome: nil, progress: progress, isRepeated: false)
                    return .more
                case .outcome(let outcome, let progress):
                    found = TestAnswer(outcome: outcome, progress: progress, isRepeated: false)
                    return .enough
                case .status(_, .ended(let outcome, let progress)):
                    found = TestAnswer(outcome: outcome, progress: progress, isRepeated: true)
                    return .enough
                case .status(_, .running(let progress)):
                    found = TestAnswer(outcome: nil, progress: progress, isRepeated: true)
                    return .enough
                default: return Self.unexpected(answer)
                }
            }
        } catch {
            // One that has begun goes on, whatever becomes of the connection.
            guard found != nil else { throw LauncherError("\(error)") }
        }
        guard let found else { throw LauncherError("the connection ended before an answer") }
        return found
    }

    func query(_ keys: [OccurrenceKey]) async throws(LauncherError) -> [OccurrenceKey: [AttemptRecord]] {
        guard !keys.isEmpty else { return [:] }
        var records: [OccurrenceKey: [AttemptRecord]] = [:]
        var answered = 0
        try await ask(.query(keys), within: answerTimeout) { answer in
            guard case .attempts(let key, let reports) = answer else { return Self.unexpected(answer) }
            guard key == keys[answered] else { return .failure("an answer about another key") }
            answered += 1
            if !reports.isEmpty {
                records[key] = reports.map {
                    AttemptRecord(attempt: Attempt(key: key, number: $0.number), status: $0.status)
                }
            }
            return answered == keys.count ? .enough : .more
        }
        return records
    }

    func revoke(_ attempt: Attempt, reason: String) async throws(LauncherError) -> AttemptRecord {
        try await askOnce(.revoke(attempt, reason: reason), within: answerTimeout) { answer in
            guard case .status(let about, let status) = answer else { return nil }
            return AttemptRecord(attempt: about, status: status)
        }
    }

    func cancel(_ key: OccurrenceKey, reason: String) async throws(LauncherError) {
        try await askOnce(.cancel(key, reason: reason), within: answerTimeout) { answer in
            if case .attempts = answer { () } else { nil }
        }
    }

    func forget(_ owners: [Slug], resultsBefore: Instant) async throws(LauncherError) -> [Slug] {
        try await askOnce(.forget(owners, resultsBefore: resultsBefore), within: forgetTimeout) { answer in
            if case .kept(let kept) = answer { kept } else { nil }
        }
    }

    func count(_ audience: Slug) async throws(LauncherError) -> AudienceCount {
        try await askOnce(.count(audience), within: audienceTimeout) { answer in
            if case .count(let count) = answer { count } else { nil }
        }
    }

    func sample(_ audience: Slug, limit: Int) async throws(LauncherError) -> AudienceSample {
        try await askOnce(.sample(audience, limit: limit), within: audienceTimeout) { answer in
            if case .sample(let sample) = answer { sample } else { nil }
        }
    }

    // MARK: One connection

    /// What a handler wants after an answer.
    enum Appetite {
        case more, enough
        case failure(String)
    }

    static func unexpected(_ answer: SenderAnswer) -> Appetite {
        switch answer {
        case .busy(let reason), .refused(let reason): .failure(reason)
        case .accepted, .progress, .outcome, .status, .attempts, .kept, .count, .sample, .recipients, .recipientsEnd,
            .composed, .piece, .suppression, .suppressed, .suppressedEnd:
            .failure("an answer to another question")
        }
    }

    /// A question with one answer: what `read` makes of it, nil for an answer to another question.
    func askOnce<Value>(
        _ request: SenderRequest, within timeout: Duration, _ read: (SenderAnswer) -> Value?
    ) async throws(LauncherError) -> Value {
        var found: Value?
        try await ask(request, within: timeout) { answer in
            found = read(answer)
            return found == nil ? Self.unexpected(answer) : .enough
        }
        guard let found else { throw LauncherError("the connection ended before an answer") }
        return found
    }

    func ask(
        _ request: SenderRequest, within timeout: Duration, _ take: (SenderAnswer) async -> Appetite
    ) async throws(LauncherError) {
        var isEnough = false
        do {
            try await exchange(request.frame(), patience: .forEachAnswer(timeout)) { answer in
                let appetite = await take(answer)
                if case .enough = appetite { isEnough = true }
                return appetite
            }
        } catch {
            throw LauncherError("\(error)")
        }
        if !isEnough { throw LauncherError("the connection ended before an answer") }
    }

    /// Writes the request and gives each answer to `take` until it has enough or the connection ends.
    private func exchange(
        _ request: Frame, patience: AnswerDeadline.Patience, whenWritten: () -> Void = {},
        _ take: (SenderAnswer) async -> Appetite
    ) async throws {
        let channel = try await dialer.dial(on: group)
        var deadline = AnswerDeadline(closing: channel.channel, patience)
        defer { deadline.cancel() }
        do {
            try await channel.executeThenClose { inbound, outbound in
                try await outbound.write(channel.channel.allocator.buffer(bytes: request.bytes))
                whenWritten()
                var decoder = FrameDecoder(bodyLimit: ProtocolLimits.pieceBytes)
                for try await buffer in inbound {
                    for frame in try decoder.read(buffer.readableBytesView) {
                        let answer = try SenderAnswer(frame)
                        deadline.answered()
                        switch await take(answer) {
                        case .more: deadline.awaitNext()
                        case .enough: return
                        case .failure(let reason): throw LauncherError(reason)
                        }
                    }
                }
                if let complaint = deadline.complaint { throw LauncherError(complaint) }
            }
        } catch let error as IOError {
            throw LauncherError("it ended before it had answered: \(String(cString: strerror(error.errnoCode)))")
        } catch let error as ChannelError {
            // Of a connection that the deadline closed while the request was written.
            throw LauncherError(deadline.complaint ?? "\(error)")
        }
    }
}

/// How far an exchange about one attempt has come.
private struct Stage {
    /// The sender has said something that settles whether it began.
    var isAnswered = false
    var isOver = false
    var failure: String?

    mutating func take(
        _ answer: SenderAnswer, about attempt: Attempt, _ report: @Sendable (SendReport) async -> Void
    ) async -> SenderLauncher.Appetite {
        switch answer {
        case .accepted:
            isAnswered = true
            await report(.accepted)
            return .more
        case .progress(let progress):
            await report(.progress(progress))
            return .more
        case .outcome(let outcome, let progress):
            isAnswered = true
            isOver = true
            await report(.ended(outcome, progress))
            return .enough
        case .status(let about, let status):
            isAnswered = true
            isOver = true
            await report(.already(AttemptRecord(attempt: about, status: status)))
            return .enough
        case .refused(let reason):
            isAnswered = true
            isOver = true
            await report(.ended(.failed(reason: reason), SendProgress()))
            return .enough
        case .busy(let reason):
            failure = reason
            return .enough
        case .attempts, .kept, .count, .sample, .recipients, .recipientsEnd, .composed, .piece, .suppression,
            .suppressed, .suppressedEnd:
            return .failure("an answer to another question")
        }
    }
}

extension SendRequest {
    init(_ handOver: HandOver) {
        let nominal = handOver.nominal.flatMap { local in
            handOver.timezone.map { NominalTime(local: local, timezone: $0) }
        }
        self.init(
            attempt: handOver.attempt,
            campaign: SentCampaign(
                name: handOver.campaign, title: handOver.title, version: handOver.version, channel: handOver.channel),
            surface: handOver.surface, audience: handOver.audience, address: handOver.address,
            message: SentMessage(
                name: handOver.message.name, revision: handOver.message.revision, content: handOver.message.content),
            due: handOver.due, nominal: nominal, origin: handOver.origin, data: handOver.data)
    }
}
