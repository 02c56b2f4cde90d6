import CampaignEngine
import CampaignModel
import Recurrence

/// A sender that keeps records as the real one does, outlives every engine, and does with each attempt what the test
/// has written for it.
final class ScriptedSender: SendLauncher {
    /// What happens to one attempt that is handed over.
    enum Script: Sendable {
        /// Accepted, and over at once.
        case end(AttemptOutcome)
        /// Accepted; goes on until ``finish(_:_:)`` or a cancel.
        case hold
        /// Not answered until ``letBegin(_:)`` or a revocation; then goes on until it is finished.
        case wait
        /// Nothing begins.
        case refuse(String)
        /// Accepted, and the connection is lost at once; the send goes on until it is finished.
        case lose
        /// Accepted, and the connection is lost before it said so.
        case loseUnheard
        /// Begun, and nothing said on the connection before its end.
        case mute
        /// Says that a record is there already, and has none.
        case lie
    }

    struct State: Sendable {
        var script: @Sendable (HandOver) -> Script = { _ in .end(.sent) }
        /// Nothing answers.
        var isDown = false
        /// What lasts of each attempt.
        var records: [OccurrenceKey: [Int: AttemptStatus]] = [:]
        var mayBegin: Set<OccurrenceKey> = []
        /// Surfaces started, in order.
        var started: [Attempt] = []
        var handOvers: [HandOver] = []
        var follows: [Attempt] = []
        var queries: [[OccurrenceKey]] = []
        var revocations: [Attempt] = []
        var cancels: [OccurrenceKey] = []
        /// Progress to tell on the connection of a running attempt, in order.
        var progress: [OccurrenceKey: [SendProgress]] = [:]
        var mostAtOnce = 0
        /// What it counts in any audience.
        var audience = AudienceCount.counted(3)
        var counts: [Slug] = []
        var forgets: [[Slug]] = []
        /// Before which instants results of recipients were to go.
        var resultsBefore: [Instant] = []
        /// Owners of which something can't be forgotten yet.
        var kept: Set<Slug> = []

        private(set) var running = 0

        func record(_ attempt: Attempt) -> AttemptStatus { records[attempt.key]?[attempt.number] ?? .none }

        /// The record that keeps this attempt from beginning.
        func inTheWay(of attempt: Attempt) -> AttemptRecord? {
            let all = records[attempt.key] ?? [:]
            let other = all.first { $0.value.isRunning || $0.value.isSent } ?? all.first { $0.key == attempt.number }
            return other.map { AttemptRecord(attempt: Attempt(key: attempt.key, number: $0.key), status: $0.value) }
        }

        mutating func set(_ attempt: Attempt, _ status: AttemptStatus) {
            let before = records[attempt.key, default: [:]].updateValue(status, forKey: attempt.number)
            running += (status.isRunning ? 1 : 0) - (before?.isRunning == true ? 1 : 0)
        }

        /// All records are lost.
        mutating func forgetAll() {
            records = [:]
            running = 0
        }

        mutating func start(_ attempt: Attempt) {
            set(attempt, .running(SendProgress()))
            started.append(attempt)
            mostAtOnce = max(mostAtOnce, running)
        }
    }

    let state = Watched(State())

    // MARK: What the test says

    func write(_ script: @escaping @Sendable (HandOver) -> Script) { state.change { $0.script = script } }
    func goDown() { state.change { $0.isDown = true } }
    func comeBack() { state.change { $0.isDown = false } }
    func letBegin(_ key: OccurrenceKey) { state.change { _ = $0.mayBegin.insert(key) } }

    func finish(_ attempt: Attempt, _ outcome: AttemptOutcome, _ progress: SendProgress = SendProgress()) {
        state.change { $0.set(attempt, .ended(outcome, progress)) }
    }

    func tell(_ progress: SendProgress, of key: OccurrenceKey) {
        state.change { $0.progress[key, default: []].append(progress) }
    }

    @discardableResult
    func until(_ condition: @escaping @Sendable (State) -> Bool) async -> Bool { await state.until(condition) }

    // MARK: SendLauncher

    func handOver(_ handOver: HandOver, report: @Sendable (SendReport) async -> Void) async {
        let attempt = handOver.attempt
        let script = state.change { state -> Script in
            state.handOvers.append(handOver)
            return state.isDown ? .refuse("connection refused") : state.script(handOver)
        }
        if case .refuse(let reason) = script { return await report(.notBegun(reason: reason)) }
        if case .lie = script { return await report(.already(AttemptRecord(attempt: attempt, status: .none))) }
        if case .wait = script {
            await state.until { $0.mayBegin.contains(attempt.key) || $0.inTheWay(of: attempt) != nil }
        }
        let inTheWay = state.change { state -> AttemptRecord? in
            if let record = state.inTheWay(of: attempt) { return record }
            state.start(attempt)
            return nil
        }
        if let inTheWay { return await report(.already(inTheWay)) }
        switch script {
        case .loseUnheard: return await report(.notBegun(reason: "the connection ended before an answer"))
        case .lose:
            await report(.accepted)
            return await report(.lost(reason: "the connection ended before the outcome"))
        case .end(let outcome):
            await report(.accepted)
            finish(attempt, outcome)
        case .mute: break
        case .hold, .wait, .refuse, .lie: await report(.accepted)
        }
        await listen(to: attempt, report)
    }

    func follow(_ attempt: Attempt, report: @Sendable (SendReport) async -> Void) async {
        let isDown = state.change { state in
            state.follows.append(attempt)
            return state.isDown
        }
        if isDown { return await report(.lost(reason: "connection refused")) }
        await listen(to: attempt, report)
    }

    private func listen(to attempt: Attempt, _ report: @Sendable (SendReport) async -> Void) async {
        var told = 0
        while await state.until({ [told] in
            $0.record(attempt).isOver || ($0.progress[attempt.key] ?? []).count > told
        }) {
            let (status, progress) = state.change { ($0.record(attempt), $0.progress[attempt.key] ?? []) }
            while told < progress.count {
                await report(.progress(progress[told]))
                told += 1
            }
            guard case .ended(let outcome, let last) = status else { continue }
            return await report(.ended(outcome, last))
        }
    }

    func query(_ keys: [OccurrenceKey]) async throws(LauncherError) -> [OccurrenceKey: [AttemptRecord]] {
        let (isDown, records) = state.change { state in
            state.queries.append(keys)
            let known = keys.map { ($0, state.records[$0]) }
            return (state.isDown, Dictionary(uniqueKeysWithValues: known).compactMapValues(\.self))
        }
        if isDown { throw LauncherError("connection refused") }
        var answer: [OccurrenceKey: [AttemptRecord]] = [:]
        for key in keys {
            answer[key] = records[key]?.map { number, status in
                AttemptRecord(attempt: Attempt(key: key, number: number), status: status)
            }
        }
        return answer
    }

    func revoke(_ attempt: Attempt, reason: String) async throws(LauncherError) -> AttemptRecord {
        let answer = state.change { state -> AttemptRecord? in
            state.revocations.append(attempt)
            guard !state.isDown else { return nil }
            if state.record(attempt) == .none { state.set(attempt, .ended(.revoked(reason: reason), SendProgress())) }
            return AttemptRecord(attempt: attempt, status: state.record(attempt))
        }
        guard let answer else { throw LauncherError("no answer within 5 s") }
        return answer
    }

    func cancel(_ key: OccurrenceKey, reason: String) async throws(LauncherError) {
        let isDown = state.change { state in
            state.cancels.append(key)
            guard !state.isDown else { return true }
            for (number, status) in state.records[key] ?? [:] where status.isRunning {
                state.set(Attempt(key: key, number: number), .ended(.cancelled(reason: reason), SendProgress()))
            }
            return false
        }
        if isDown { throw LauncherError("connection refused") }
    }

    func test(_ handOver: HandOver) async throws(LauncherError) -> TestAnswer {
        let answer = Watched<TestAnswer?>(nil)
        await self.handOver(handOver) { report in
            answer.change { answer in
                switch report {
                case .accepted, .lost: answer = TestAnswer(outcome: nil, progress: SendProgress(), isRepeated: false)
                case .progress(let progress):
                    answer = TestAnswer(outcome: nil, progress: progress, isRepeated: false)
                case .ended(let outcome, let progress):
                    answer = TestAnswer(outcome: outcome, progress: progress, isRepeated: false)
                case .already(let record):
                    guard case .ended(let outcome, let progress) = record.status else { return }
                    answer = TestAnswer(outcome: outcome, progress: progress, isRepeated: true)
                case .notBegun: break
                }
            }
        }
        guard let found = answer.value else { throw LauncherError("connection refused") }
        return found
    }

    func forget(_ owners: [Slug], resultsBefore: Instant) async throws(LauncherError) -> [Slug] {
        let kept = state.change { state -> [Slug]? in
            state.forgets.append(owners)
            state.resultsBefore.append(resultsBefore)
            guard !state.isDown else { return nil }
            for owner in owners where !state.kept.contains(owner) {
                state.records = state.records.filter { $0.key.owner != owner.text[...] }
            }
            return owners.filter(state.kept.contains)
        }
        guard let kept else { throw LauncherError("connection refused") }
        return kept
    }

    func count(_ audience: Slug) async throws(LauncherError) -> AudienceCount {
        let count = state.change { state -> AudienceCount? in
            state.counts.append(audience)
            return state.isDown ? nil : state.audience
        }
        guard let count else { throw LauncherError("connection refused") }
        return count
    }

    func sample(_ audience: Slug, limit: Int) async throws(LauncherError) -> AudienceSample { .onlyTheSurfaceKnows }
}

extension AttemptStatus {
    var isRunning: Bool { if case .running = self { true } else { false } }
    var isOver: Bool { if case .ended = self { true } else { false } }
    var isSent: Bool { if case .ended(.sent, _) = self { true } else { false } }
}
