import CampaignModel
import SendProtocol
import SimulatedDisk

/// Plays a story again and again, with trouble in place of each step of its process in turn, and judges what is left.
struct Walk {
    let story: Story
    let trouble: Breaker.Trouble
    let seed: UInt64
    /// The number of a sync that the program lacks, from the story's request on; nil where it lacks none.
    var lackingSync: Int?

    /// More steps than any story has: a walk that gets so far does not end.
    private static let stepLimit = 200

    struct Result {
        /// What is wrong, a sentence each.
        var complaints: [String] = []
        /// In place of which steps the trouble came.
        var steps: [String] = []
        /// Syncs of the request where no trouble comes.
        var syncs = 0
    }

    func run() -> Result {
        var result = Result()
        for number in 1...Self.stepLimit {
            let round = Round(walk: self, number: number)
            result.complaints += round.play()
            guard let step = round.step else {
                result.syncs = round.syncs
                return result
            }
            result.steps.append(step)
        }
        result.complaints.append("\(story.name): \(Self.stepLimit) steps, and more")
        return result
    }
}

/// One time through the story.
private final class Round {
    private let walk: Walk
    private let number: Int
    private let bench: Bench
    private var told: [SenderAnswer] = []
    /// By the process that sends meanwhile, where there is one.
    private var toldBySend: [SenderAnswer] = []
    private var known: [Attempt: AttemptStatus] = [:]
    /// The step that the trouble came in place of; nil where there was none so late.
    private(set) var step: String?
    private(set) var syncs = 0

    init(walk: Walk, number: Int) {
        self.walk = walk
        self.number = number
        bench = Bench(seed: walk.seed &+ UInt64(number) << 32)
    }

    func play() -> [String] {
        walk.story.before(bench)
        for attempt in walk.story.bystanders { known[attempt] = bench.status(attempt) }
        let disk = bench.machine.process()
        let syncsBefore = bench.machine.syncs
        if let lacking = walk.lackingSync { bench.machine.ignoreSyncs { $0 == syncsBefore + lacking } }
        bench.breaker.arm(walk.trouble, at: number, of: disk.processID)
        if walk.story.isDuringSend {
            bench.meanwhile = { [unowned self] in told = bench.ask(walk.story.request, by: disk) }
            toldBySend = bench.ask(Sample.send())
            bench.meanwhile = nil
        } else {
            told = bench.ask(walk.story.request, by: disk)
        }
        let (steps, hasCome) = bench.breaker.disarm()
        step = hasCome ? steps.last : nil
        syncs = bench.machine.syncs - syncsBefore
        bench.machine.isFull = false
        bench.machine.isBroken = false
        judge()
        let place = step.map { "\(walk.trouble) at step \(number), \($0)" } ?? "no trouble"
        return bench.complaints.map { "\(walk.story.name), seed \(walk.seed), \(place), told \(told): \($0)" }
    }

    private func expect(_ holds: Bool, _ complaint: @autoclosure () -> String) {
        if !holds { bench.complaints.append(complaint()) }
    }

    private func judge() {
        if step == nil, let ending = walk.story.ending { expect(told.last == ending, "the last is not \(ending)") }
        for (attempt, status) in known {
            let found = bench.status(attempt)
            expect(found == status, "\(attempt) was \(status), and is \(found)")
        }
        for answer in told { judge(answer) }
        switch walk.story.request {
        case .send(let request): judge(request)
        case .revoke(let attempt, _):
            let status = bench.status(attempt)
            judgeAgain(attempt, status, Sample.send(attempt.number, of: attempt.key))
        case .query(let keys): for key in keys { judgeAgain(Attempt(key: key, number: 1)) }
        case .cancel(let key, let reason): judgeCancel(Sample.attempt(of: key), reason)
        case .forget(let owners, _): judgeForgotten(owners)
        case .follow, .count, .sample, .recipients, .compose, .suppress, .suppressed: break
        }
        expect(Set(bench.begun).count == bench.begun.count, "begun: \(bench.begun)")
    }

    /// What was told is still so.
    private func judge(_ answer: SenderAnswer) {
        switch (answer, walk.story.request) {
        case (.accepted, .send(let request)):
            expect(bench.status(request.attempt) != .none, "accepted, and there is no record")
        case (.outcome(let outcome, let progress), .send(let request)):
            let found = bench.status(request.attempt)
            expect(found == .ended(outcome, progress), "told \(outcome), and \(found) is recorded")
        case (.status(let attempt, let status), _):
            let found = bench.status(attempt)
            expect(found == status, "told \(status), and \(found) is recorded")
        case (.attempts(let key, let reports), _):
            for report in reports {
                if case .running = report.status { continue }
                let found = bench.status(Attempt(key: key, number: report.number))
                expect(isSame(found, report.status), "told \(report.status), and \(found) is recorded")
            }
        default: break
        }
    }

    /// Of an attempt that nobody ended, how far it came is a guess.
    private func isSame(_ found: AttemptStatus, _ told: AttemptStatus) -> Bool {
        if case (.ended(.interrupted, _), .ended(.interrupted, _)) = (found, told) { return true }
        return found == told
    }

    /// The attempt never began, or ended as it was to, or nobody knows; and a full disk makes no doubt.
    private func judge(_ request: SendRequest) {
        let attempt = request.attempt
        let status = bench.status(attempt)
        let hasBegun = bench.begun.contains(attempt)
        switch status {
        case .none: expect(!hasBegun, "it began, and there is no record")
        case .running: bench.complaints.append("nobody runs it, and it is said to run")
        case .ended(.sent, _): expect(hasBegun, "sent, and it never began")
        case .ended(.interrupted, _):
            expect(walk.trouble != .fullDisk, "interrupted by a full disk")
            expect(step != nil || walk.story.ending == nil, "interrupted by nothing")
        case .ended(.failed(let reason), _): expect(reason == Bench.refusal && !hasBegun, "failed: \(reason)")
        case .ended: bench.complaints.append("it ended as \(status)")
        }
        if walk.trouble == .fullDisk, hasBegun {
            guard case .outcome? = told.last else { return bench.complaints.append("begun, and no outcome") }
        }
        judgeAgain(attempt, status, walk.story.request)
    }

    /// Once the cancel was answered, the sender ends so; if the power took it too, or its disk, nobody knows how far it
    /// came.
    private func judgeCancel(_ attempt: Attempt, _ reason: String) {
        let status = bench.status(attempt)
        let isSenderSpared = step == nil || [.kill, .fullDisk].contains(walk.trouble)
        if !isSenderSpared {
            guard case .ended(.interrupted, _) = status else { return bench.complaints.append("it is \(status)") }
            expect(toldBySend == [.accepted], "the sender has told \(toldBySend)")
        } else {
            guard case .ended(let outcome, let progress) = status else {
                return bench.complaints.append("it is \(status)")
            }
            expect(toldBySend.last == .outcome(outcome, progress), "\(status), and told was \(toldBySend)")
            let wasAnswered = if case .attempts? = told.last { true } else { false }
            let isAsWished = outcome == .cancelled(reason: reason) || (outcome == .sent && !wasAnswered)
            expect(isAsWished, "it ended as \(outcome)")
        }
        judgeAgain(attempt)
    }

    /// What is old may be gone, and the next request takes it; the others are bystanders.
    private func judgeForgotten(_ owners: [Slug]) {
        expect(bench.ask(walk.story.request) == [.kept(owners)], "the next one tells something else")
        expect(bench.status(Sample.attempt()) == .none, "the next one leaves it")
        for attempt in walk.story.bystanders { expect(bench.status(attempt) == known[attempt], "\(attempt) changed") }
    }

    private func judgeAgain(_ attempt: Attempt) {
        judgeAgain(attempt, bench.status(attempt), Sample.send(attempt.number, of: attempt.key))
    }

    /// The same attempt once more, as a daemon asks for it that has heard nothing.
    private func judgeAgain(_ attempt: Attempt, _ status: AttemptStatus, _ request: SenderRequest) {
        let before = bench.begun
        let again = bench.ask(request)
        if status == .none {
            switch again.last {
            case .outcome: break
            case .status(let other, _)? where other != attempt: break
            default: bench.complaints.append("there was no record, and then \(again)")
            }
        } else {
            guard case .status(_, let told)? = again.first, again.count == 1 else {
                return bench.complaints.append("\(status), and then \(again)")
            }
            expect(told == status && bench.begun == before, "\(status), and then \(told)")
        }
        let last = bench.status(attempt)
        expect(last == bench.status(attempt) && (status == .none || last == status), "\(status) is \(last) later")
    }
}
