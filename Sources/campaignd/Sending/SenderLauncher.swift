import CampaignEngine
import CampaignModel
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

    func query(_ keys: [OccurrenceKey]) async throws(LauncherError) -> [OccurrenceKey: [AttemptRecord]] {
        guard !keys.isEmpty else { return [:] }
        var records: [OccurrenceKey: [AttemptRecord]] = [:]
        var answered = 0
        try await ask(.query(keys)) { answer in
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
        var record: AttemptRecord?
        try await ask(.revoke(attempt, reason: reason)) { answer in
            guard case .status(let about, let status) = answer else { return Self.unexpected(answer) }
            record = AttemptRecord(attempt: about, status: status)
            return .enough
        }
        guard let record else { throw LauncherError("the connection ended before an answer") }
        return record
    }

    func cancel(_ key: OccurrenceKey, reason: String) async throws(LauncherError) {
        try await ask(.cancel(key, reason: reason)) { answer in
            guard case .attempts = answer else { return Self.unexpected(answer) }
            return .enough
        }
    }

    func count(_ audience: Slug) async throws(LauncherError) -> AudienceCount {
        var found: AudienceCount?
        try await ask(.count(audience), within: audienceTimeout) { answer in
            guard case .count(let count) = answer else { return Self.unexpected(answer) }
            found = count
            return .enough
        }
        guard let found else { throw LauncherError("the connection ended before an answer") }
        return found
    }

    func sample(_ audience: Slug, limit: Int) async throws(LauncherError) -> AudienceSample {
        var found: AudienceSample?
        try await ask(.sample(audience, limit: limit), within: audienceTimeout) { answer in
            guard case .sample(let sample) = answer else { return Self.unexpected(answer) }
            found = sample
            return .enough
        }
        guard let found else { throw LauncherError("the connection ended before an answer") }
        return found
    }

    // MARK: One connection

    /// What a handler wants after an answer.
    enum Appetite {
        case more, enough
        case failure(String)
    }

    private static func unexpected(_ answer: SenderAnswer) -> Appetite {
        switch answer {
        case .busy(let reason), .refused(let reason): .failure(reason)
        case .accepted, .progress, .outcome, .status, .attempts, .count, .sample:
            .failure("an answer to another question")
        }
    }

    private func ask(
        _ request: SenderRequest, within timeout: Duration? = nil, _ take: (SenderAnswer) async -> Appetite
    ) async throws(LauncherError) {
        var isEnough = false
        do {
            try await exchange(request.frame(), patience: .forEachAnswer(timeout ?? answerTimeout)) { answer in
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
                var decoder = FrameDecoder(bodyLimit: 0)
                for try await buffer in inbound {
                    for frame in try decoder.read(buffer.readableBytesView) {
                        let answer = try SenderAnswer(frame)
                        deadline.answered()
                        switch await take(answer) {
                        case .more: continue
                        case .enough: return
                        case .failure(let reason): throw LauncherError(reason)
                        }
                    }
                }
                if let complaint = deadline.complaint { throw LauncherError(complaint) }
            }
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
        case .attempts, .count, .sample:
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
            surface: handOver.surface, audience: handOver.audience,
            message: SentMessage(
                name: handOver.message.name, revision: handOver.message.revision, content: handOver.message.content),
            due: handOver.due, nominal: nominal, origin: handOver.origin, data: handOver.data)
    }
}
