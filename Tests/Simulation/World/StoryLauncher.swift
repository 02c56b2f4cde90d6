import CampaignEngine
import CampaignModel
import Recurrence
import SendProtocol

/// The way to the sender as one life of the daemon has it: the send protocol over connections that fail as the story
/// says. It waits for as long as the daemon's own launcher does.
struct StoryLauncher: SendLauncher {
    let machine: Machine
    let life: Life

    private static let acceptMilliseconds: Int64 = 60_000
    private static let answerMilliseconds: Int64 = 5_000
    private static let testMilliseconds: Int64 = 60_000

    func handOver(_ handOver: HandOver, report: @Sendable (SendReport) async -> Void) async {
        guard !life.isOver else { return }
        let attempt = handOver.attempt
        guard let link = await machine.dial(.send(SendRequest(handOver)), life) else {
            return await self.report(.notBegun(reason: "connection refused"), report)
        }
        var answer = await link.next(within: Self.acceptMilliseconds)
        var isAnswered = false
        while let present = answer {
            switch present {
            case .accepted:
                isAnswered = true
                await self.report(.accepted, report)
            case .progress(let progress): await self.report(.progress(progress), report)
            case .outcome(let outcome, let progress):
                await self.report(.ended(outcome, progress), report)
                return link.close()
            case .status(let about, let status):
                await self.report(.already(AttemptRecord(attempt: about, status: status)), report)
                return link.close()
            case .refused(let reason):
                await self.report(.ended(.failed(reason: reason), SendProgress()), report)
                return link.close()
            case .busy(let reason):
                await self.report(.notBegun(reason: reason), report)
                return link.close()
            case .attempts, .kept, .count, .sample, .recipients, .recipientsEnd, .composed, .piece, .suppression,
                .suppressed, .suppressedEnd:
                machine.judge.complain("an answer to another question about \(attempt): \(present)")
            }
            answer = await link.next(within: nil)
        }
        link.close()
        let reason = "the connection ended"
        await self.report(isAnswered ? .lost(reason: reason) : .notBegun(reason: reason), report)
    }

    func follow(_ attempt: Attempt, report: @Sendable (SendReport) async -> Void) async {
        guard !life.isOver else { return }
        if let link = await machine.dial(.follow(attempt), life) {
            while let answer = await link.next(within: nil) {
                switch answer {
                case .progress(let progress): await self.report(.progress(progress), report)
                case .outcome(let outcome, let progress):
                    await self.report(.ended(outcome, progress), report)
                    return link.close()
                case .status(let about, let status):
                    await self.report(.already(AttemptRecord(attempt: about, status: status)), report)
                    return link.close()
                default: return link.close()
                }
            }
        }
        await self.report(.lost(reason: "the connection ended"), report)
    }

    func query(_ keys: [OccurrenceKey]) async throws(LauncherError) -> [OccurrenceKey: [AttemptRecord]] {
        guard !keys.isEmpty else { return [:] }
        var found: [OccurrenceKey: [AttemptRecord]] = [:]
        let link = try await question(.query(keys))
        for key in keys {
            guard case .attempts(key, let reports) = await link.next(within: Self.answerMilliseconds) else {
                link.close()
                throw LauncherError("the connection ended before an answer")
            }
            if reports.isEmpty { continue }
            found[key] = reports.map {
                AttemptRecord(attempt: Attempt(key: key, number: $0.number), status: $0.status)
            }
        }
        link.close()
        return found
    }

    func revoke(_ attempt: Attempt, reason: String) async throws(LauncherError) -> AttemptRecord {
        let answer = try await ask(.revoke(attempt, reason: reason))
        guard case .status(let about, let status) = answer else { throw LauncherError("\(answer)") }
        return AttemptRecord(attempt: about, status: status)
    }

    func cancel(_ key: OccurrenceKey, reason: String) async throws(LauncherError) {
        let answer = try await ask(.cancel(key, reason: reason))
        guard case .attempts = answer else { throw LauncherError("\(answer)") }
    }

    func test(_ handOver: HandOver) async throws(LauncherError) -> TestAnswer {
        guard !life.isOver, let link = await machine.dial(.send(SendRequest(handOver)), life) else {
            throw LauncherError("connection refused")
        }
        var found: TestAnswer?
        while let answer = await link.next(within: Self.testMilliseconds) {
            switch answer {
            case .accepted, .progress: found = TestAnswer(outcome: nil, progress: SendProgress(), isRepeated: false)
            case .outcome(let outcome, let progress):
                link.close()
                return TestAnswer(outcome: outcome, progress: progress, isRepeated: false)
            case .status(_, .ended(let outcome, let progress)):
                link.close()
                return TestAnswer(outcome: outcome, progress: progress, isRepeated: true)
            default: break
            }
        }
        guard let found else { throw LauncherError("the connection ended before an answer") }
        return found
    }

    func forget(_ owners: [Slug], resultsBefore: Instant) async throws(LauncherError) -> [Slug] {
        let answer = try await ask(.forget(owners, resultsBefore: resultsBefore))
        guard case .kept(let kept) = answer else { throw LauncherError("\(answer)") }
        return kept
    }

    func count(_ audience: Slug) async throws(LauncherError) -> AudienceCount {
        guard !life.isOver, !machine.launcherIsDown else { throw LauncherError("connection refused") }
        await machine.pause(upTo: 2_000)
        return .counted(3)
    }

    func sample(_ audience: Slug, limit: Int) async throws(LauncherError) -> AudienceSample { .onlyTheSurfaceKnows }

    // MARK: One connection

    private func question(_ request: SenderRequest) async throws(LauncherError) -> Link {
        guard !life.isOver, let link = await machine.dial(request, life) else {
            throw LauncherError("connection refused")
        }
        return link
    }

    private func ask(_ request: SenderRequest) async throws(LauncherError) -> SenderAnswer {
        let link = try await question(request)
        let answer = await link.next(within: Self.answerMilliseconds)
        link.close()
        guard let answer else { throw LauncherError("the connection ended before an answer") }
        return answer
    }

    private func report(_ report: SendReport, _ take: @Sendable (SendReport) async -> Void) async {
        guard !life.isOver else { return }
        await take(report)
        if machine.repeatsReplies, !life.isOver, machine.draw.once(in: 2) { await take(report) }
    }
}

extension SendRequest {
    init(_ handOver: HandOver) {
        self.init(
            attempt: handOver.attempt,
            campaign: SentCampaign(
                name: handOver.campaign, title: handOver.title, version: handOver.version, channel: handOver.channel),
            surface: handOver.surface, audience: handOver.audience, address: handOver.address,
            message: SentMessage(
                name: handOver.message.name, revision: handOver.message.revision, content: handOver.message.content),
            due: handOver.due,
            nominal: handOver.nominal.flatMap { local in
                handOver.timezone.map { NominalTime(local: local, timezone: $0) }
            },
            origin: handOver.origin, data: handOver.data)
    }
}
