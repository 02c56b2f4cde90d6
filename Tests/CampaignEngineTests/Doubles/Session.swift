import CampaignEngine
import CampaignModel
import Recurrence
import Synchronization

/// One life of a daemon between the ledger, the sender and the journal. When it is over nothing that its engine still
/// does reaches any of them, as after SIGKILL; while it lasts its ledger may fail.
final class Session: Sendable {
    private let state = Mutex(State())
    /// Whether it is over, for those who wait for that.
    let ended = Watched(false)

    private struct State {
        var isOver = false
        var endsAt: EnginePoint?
        var readsFailAt: EnginePoint?
        var writesFail = false
        var readsFail = false
        /// The campaign whose decisions can't be written.
        var damaged: Slug?
        /// The campaign whose claims the ledger has already.
        var claimed: Slug?
        /// The campaign whose row can't be read.
        var unreadable: Slug?
        var progressWrites = 0
        var writes = 0
        var marksFail = false
        var freeBytes: Int64? = 1 << 30
    }

    var isOver: Bool { state.withLock { $0.isOver } }

    func end() {
        state.withLock { $0.isOver = true }
        ended.change { $0 = true }
    }

    func endAt(_ point: EnginePoint) { state.withLock { $0.endsAt = point } }
    func failReadsAt(_ point: EnginePoint) { state.withLock { $0.readsFailAt = point } }

    func reach(_ point: EnginePoint) {
        let isOver = state.withLock { state in
            if state.endsAt == point { state.isOver = true }
            if state.readsFailAt == point {
                state.readsFail = true
                state.readsFailAt = nil
            }
            return state.isOver
        }
        if isOver { ended.change { $0 = true } }
    }

    func failWrites(_ fails: Bool) { state.withLock { $0.writesFail = fails } }
    func failReads(_ fails: Bool) { state.withLock { $0.readsFail = fails } }

    func damage(_ campaign: Slug?) { state.withLock { $0.damaged = campaign } }

    func spoil(_ campaign: Slug?) { state.withLock { $0.unreadable = campaign } }

    func sound(_ state: CampaignState?) throws(LedgerError) -> CampaignState? {
        if let state, state.campaign.name == self.state.withLock({ $0.unreadable }) {
            throw .unsound(row: "campaign \(state.campaign.name)", reason: "is spoilt by the test")
        }
        return state
    }

    /// The room that the ledger's file system has.
    func leave(_ bytes: Int64?) { state.withLock { $0.freeBytes = bytes } }
    var freeBytes: Int64? { state.withLock { $0.freeBytes } }

    /// The cursor alone can't be written.
    func failMarks(_ fails: Bool) { state.withLock { $0.marksFail = fails } }
    var marksFail: Bool { state.withLock { $0.marksFail } }
    /// Tries to write, the journal's cursor left out.
    var writes: Int { state.withLock { $0.writes } }
    var progressWrites: Int { state.withLock { $0.progressWrites } }
    func noteProgressWrite() { state.withLock { $0.progressWrites += 1 } }

    func takeKeys(of campaign: Slug?) { state.withLock { $0.claimed = campaign } }

    func fault(of decisions: [Decision]) -> LedgerError? {
        let claimed = state.withLock { $0.claimed }
        let taken = decisions.first { $0.campaign.name == claimed }?.claims.first
        if let taken { return .keyTaken(taken.key) }
        let damaged = state.withLock { $0.damaged }
        guard let damaged, decisions.contains(where: { $0.campaign.name == damaged }) else { return nil }
        return .unsound(row: "campaign \(damaged)", reason: "is damaged by the test")
    }

    func checkRead() throws(LedgerError) {
        if state.withLock({ $0.isOver || $0.readsFail }) { throw .failed("disk I/O error") }
    }

    func checkWrite() throws(LedgerError) {
        let fails = state.withLock { state in
            state.writes += 1
            return state.isOver || state.writesFail
        }
        if fails { throw .failed("database or disk is full") }
    }
}

/// The sender as one session reaches it.
struct SessionLauncher: SendLauncher {
    let session: Session
    let sender: ScriptedSender

    func handOver(_ handOver: HandOver, report: @Sendable (SendReport) async -> Void) async {
        guard !session.isOver else { return }
        await sender.handOver(handOver) { if !session.isOver { await report($0) } }
    }

    func follow(_ attempt: Attempt, report: @Sendable (SendReport) async -> Void) async {
        guard !session.isOver else { return }
        await sender.follow(attempt) { if !session.isOver { await report($0) } }
    }

    func query(_ keys: [OccurrenceKey]) async throws(LauncherError) -> [OccurrenceKey: [AttemptRecord]] {
        guard !session.isOver else { throw LauncherError("the daemon is gone") }
        return try await sender.query(keys)
    }

    func revoke(_ attempt: Attempt, reason: String) async throws(LauncherError) -> AttemptRecord {
        guard !session.isOver else { throw LauncherError("the daemon is gone") }
        return try await sender.revoke(attempt, reason: reason)
    }

    func cancel(_ key: OccurrenceKey, reason: String) async throws(LauncherError) {
        guard !session.isOver else { throw LauncherError("the daemon is gone") }
        try await sender.cancel(key, reason: reason)
    }

    func test(_ handOver: HandOver) async throws(LauncherError) -> TestAnswer {
        guard !session.isOver else { throw LauncherError("the daemon is gone") }
        return try await sender.test(handOver)
    }

    func forget(_ owners: [Slug], resultsBefore: Instant) async throws(LauncherError) -> [Slug] {
        guard !session.isOver else { throw LauncherError("the daemon is gone") }
        return try await sender.forget(owners, resultsBefore: resultsBefore)
    }

    func count(_ audience: Slug) async throws(LauncherError) -> AudienceCount {
        guard !session.isOver else { throw LauncherError("the daemon is gone") }
        return try await sender.count(audience)
    }

    func sample(_ audience: Slug, limit: Int) async throws(LauncherError) -> AudienceSample {
        try await sender.sample(audience, limit: limit)
    }
}

/// The journal as one session reaches it.
struct SessionSink: EventSink {
    let session: Session
    let sink: RecordingSink

    func deliver(_ events: [RecordedEvent]) async throws {
        guard !session.isOver else { throw RecordingSink.Failure() }
        try await sink.deliver(events)
    }
}
