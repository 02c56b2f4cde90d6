import CampaignEngine
import CampaignModel
import Recurrence
import SendProtocol
import Synchronization

@testable import campaignd

/// A clock that moves only when it is told to.
final class FuzzClock: WallClock {
    private let reading: Mutex<ClockReading>

    init(at now: Instant) {
        reading = Mutex(ClockReading(now: now, steady: .seconds(1_000)))
    }

    func read() -> ClockReading { reading.withLock { $0 } }
    func alarm(at instant: Instant?) {}

    func pass(_ seconds: Int64) {
        reading.withLock {
            $0 = ClockReading(now: $0.now + seconds, steady: $0.steady + .seconds(max(seconds, 1)))
        }
    }
}

/// A sender that treats every attempt in one way.
struct FuzzSender: SendLauncher {
    enum Manner: CaseIterable {
        /// Nobody answers.
        case away
        /// It begins nothing, and knows of nothing.
        case busy
        case sends, fails, putsOff, isInterrupted, revokes
        /// It goes on for ever.
        case runs
    }

    let manner: Manner

    private var status: AttemptStatus {
        let progress = SendProgress(done: .max, total: .max, failed: 0, note: "note")
        return switch manner {
        case .away, .busy: .none
        case .sends: .ended(.sent, progress)
        case .fails: .ended(.failed(reason: "reason"), progress)
        case .putsOff: .ended(.temporary(reason: "reason", retryAfterSeconds: .max), progress)
        case .isInterrupted: .ended(.interrupted(reason: "reason"), progress)
        case .revokes: .ended(.revoked(reason: "reason"), progress)
        case .runs: .running(progress)
        }
    }

    private func answer() throws(LauncherError) {
        if manner == .away { throw LauncherError("nobody answers") }
    }

    func handOver(_ handOver: HandOver, report: @Sendable (SendReport) async -> Void) async {
        if status != .none { await report(.accepted) }
        await tell(report)
    }

    func follow(_ attempt: Attempt, report: @Sendable (SendReport) async -> Void) async {
        await tell(report)
    }

    private func tell(_ report: @Sendable (SendReport) async -> Void) async {
        switch status {
        case .none: await report(.notBegun(reason: "reason"))
        case .running(let progress):
            await report(.progress(progress))
            await report(.lost(reason: "reason"))
        case .ended(let outcome, let progress): await report(.ended(outcome, progress))
        }
    }

    func query(_ keys: [OccurrenceKey]) async throws(LauncherError) -> [OccurrenceKey: [AttemptRecord]] {
        try answer()
        guard manner != .busy else { return [:] }
        return Dictionary(
            keys.map { ($0, [AttemptRecord(attempt: Attempt(key: $0, number: 1), status: status)]) }
        ) { first, _ in first }
    }

    func revoke(_ attempt: Attempt, reason: String) async throws(LauncherError) -> AttemptRecord {
        try answer()
        let revoked = AttemptStatus.ended(.revoked(reason: reason), SendProgress())
        return AttemptRecord(attempt: attempt, status: manner == .busy ? revoked : status)
    }

    func cancel(_ key: OccurrenceKey, reason: String) async throws(LauncherError) { try answer() }

    func test(_ handOver: HandOver) async throws(LauncherError) -> TestAnswer {
        try answer()
        return TestAnswer(outcome: .sent, progress: SendProgress(), isRepeated: false)
    }

    func forget(_ owners: [Slug], resultsBefore: Instant) async throws(LauncherError) -> [Slug] {
        try answer()
        return manner == .busy ? owners : []
    }

    func count(_ audience: Slug) async throws(LauncherError) -> AudienceCount {
        try answer()
        return .counted(.max)
    }

    func sample(_ audience: Slug, limit: Int) async throws(LauncherError) -> AudienceSample {
        try answer()
        return .recipients([])
    }
}

extension FuzzSender: RecipientSource {
    func recipients(
        of key: OccurrenceKey, states: Set<RecipientState>?, to take: ([RecipientResult]) async throws -> Void
    ) async throws -> Bool {
        try answer()
        return false
    }
}

extension FuzzSender: SuppressionSource {
    func change(_ order: SuppressionOrder) async throws(LauncherError) -> SuppressionOutcome {
        try answer()
        return SuppressionOutcome(changed: order.entries.count, unchanged: 0)
    }

    func suppressed(
        _ addresses: [String], to take: ([Suppression]) async throws -> Void
    ) async throws -> SuppressionOutcome? {
        try answer()
        return nil
    }
}

extension FuzzSender: MessageComposer {
    func compose(
        _ request: ComposeRequest, to take: ([UInt8]) async throws -> Void
    ) async throws -> Composition {
        try answer()
        return .failed("there is no list")
    }
}

/// Takes the history and keeps nothing of it.
struct FuzzSink: EventSink {
    func deliver(_ events: [RecordedEvent]) async throws {}
}
