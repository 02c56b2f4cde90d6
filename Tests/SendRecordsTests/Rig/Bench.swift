import CampaignModel
import SendProtocol
import SendRecords
import SimulatedDisk

/// One simulated machine on which senders run one after the other, and what they did in the world.
final class Bench {
    let machine: SimulatedMachine
    let breaker: Breaker
    /// How attempts end, by number; `sent` where nothing else is planned.
    var planned: [Int: AttemptOutcome] = [:]
    /// Every beginning of a surface, in order.
    var begun: [Attempt] = []
    /// What was found wrong on the way.
    var complaints: [String] = []
    /// Happens while a surface runs.
    var meanwhile: (() -> Void)?

    static let refusal = "surface nowhere is not known"
    static let start: Int64 = 1_800_000_000

    init(seed: UInt64) {
        machine = SimulatedMachine(seed: seed, now: Self.start)
        breaker = Breaker(machine)
    }

    /// What a new process answers to a request.
    @discardableResult
    func ask(_ request: SenderRequest) -> [SenderAnswer] {
        ask(request, by: machine.process())
    }

    func ask(_ request: SenderRequest, by disk: SimulatedDisk) -> [SenderAnswer] {
        let step = { [breaker] name in breaker.step(name, by: disk.processID) }
        let peer = RecordingPeer(disk, step: step) { [unowned self] in lookAtDisk(after: $0, to: request) }
        let keeper = RecordKeeper(
            state: StateDirectory(path: SimulatedMachine.statePath, disk: disk), peer: peer, complain: { _ in },
            reach: { step("reach \($0)") })
        _ = keeper.answer(request, through: PlannedDelivering(self, disk, step: step))
        disk.kill()
        return peer.answers
    }

    /// What a new sender knows of the attempt.
    func status(_ attempt: Attempt) -> AttemptStatus {
        guard case .attempts(_, let reports)? = ask(.query([attempt.key])).last else {
            complaints.append("no answer about \(attempt)")
            return .none
        }
        return reports.first { $0.number == attempt.number }?.status ?? .none
    }

    // MARK: Durability

    /// What is told is on the disk, whatever a power cut takes.
    private func lookAtDisk(after answer: SenderAnswer, to request: SenderRequest) {
        switch (answer, request) {
        case (.accepted, .send(let request)):
            if durableStatus(request.attempt) == .none { complaints.append("accepted, and the record may be lost") }
        case (.outcome(let outcome, let progress), .send(let request)):
            expectDurable(request.attempt, .ended(outcome, progress))
        case (.status(let attempt, let status), _):
            expectDurable(attempt, status)
        case (.attempts(let key, let reports), _):
            for report in reports { expectDurable(Attempt(key: key, number: report.number), report.status) }
            guard case .cancel(_, let reason) = request else { return }
            for report in reports {
                guard case .running = report.status else { continue }
                let folder = try? durable.folder(of: key)
                if folder?.wishToEnd(report.number) != reason { complaints.append("told, and the wish may be lost") }
            }
        default: break
        }
    }

    private func expectDurable(_ attempt: Attempt, _ told: AttemptStatus) {
        guard case .ended(let outcome, _) = told else { return }
        let found = durableStatus(attempt)
        guard case .ended(let kept, _) = found else {
            complaints.append("told \(told), and \(found) would be left")
            return
        }
        // Of an attempt that nobody ended, how far it came is a guess.
        if case .interrupted = outcome { return }
        if kept != outcome || found != told { complaints.append("told \(told), and \(found) would be left") }
    }

    private var durable: StateDirectory {
        StateDirectory(path: SimulatedMachine.statePath, disk: machine.durable())
    }

    private func durableStatus(_ attempt: Attempt) -> AttemptStatus {
        (try? durable.folder(of: attempt.key)?.status(of: attempt.number)) ?? .none
    }
}
