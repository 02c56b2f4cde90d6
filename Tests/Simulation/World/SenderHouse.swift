import CampaignModel
import SeededRandom
import SendProtocol
import SendRecords
import SimulatedDisk

/// campaign-send on the machine of a story: its processes, their disk, and the surfaces that they run. The records and
/// the verbs are the real ones; processes are played by coroutines.
///
/// `@unchecked Sendable`: all of a story happens on one thread at a time.
final class SenderHouse: @unchecked Sendable {
    weak var machine: Machine?
    private let disk: SimulatedMachine
    /// Looks at the disk, as a process that only reads.
    private var observer: StateDirectory
    private let durable: StateDirectory
    private var processes: [SenderProcess] = []
    private var boots = 0
    /// Surfaces that began, and how they ended if they did; the truth of what was delivered.
    private var surfaces: [Attempt: AttemptOutcome?] = [:]
    private var startedKeys: Set<OccurrenceKey> = []
    private var deliveredKeys: Set<OccurrenceKey> = []
    /// The next call that changes the disk at which something ends, for all processes or the next one.
    var fatalCall: (left: Int, down: Int64?)?

    init(seed: UInt64) {
        disk = SimulatedMachine(seed: seed)
        observer = StateDirectory(path: SimulatedMachine.statePath, disk: disk.process())
        durable = StateDirectory(path: SimulatedMachine.statePath, disk: disk.durable())
        disk.onCall { [unowned self] call in reach(call.process) }
        disk.onWait { [unowned self] call in
            guard let process = process(call.process) else { return false }
            process.wait(5)
            return true
        }
    }

    private var story: Machine {
        guard let machine else { preconditionFailure("a story's senders live on its machine") }
        return machine
    }

    // MARK: Processes

    /// A process is started for a connection.
    func serve(_ request: SenderRequest, on link: Link) {
        let boot = boots
        if case .follow(let attempt) = request { return follow(attempt, on: link, boot: boot) }
        disk.now = story.time.now
        let process = SenderProcess(house: self, machine: story, disk: disk.process(), link: link)
        processes.removeAll(where: \.isOver)
        processes.append(process)
        process.run(request)
    }

    /// The machine was on all the time since.
    func isUp(since boot: Int) -> Bool { boots == boot }
    var boot: Int { boots }

    func kill(_ process: SenderProcess) {
        guard process.end() else { return }
        story.judge.note(excuse: "a sender that was killed")
    }

    func killRunning() { for process in processes where !process.isOver { kill(process) } }

    /// The power goes: what was not synced may be gone.
    func losePower() {
        boots += 1
        for process in processes where !process.isOver { _ = process.end() }
        processes = []
        disk.cutPower()
        observer = StateDirectory(path: SimulatedMachine.statePath, disk: disk.process())
    }

    func fillDisk(_ isFull: Bool) { disk.isFull = isFull }

    private func process(_ number: Int32) -> SenderProcess? {
        processes.first { $0.disk.processID == number && !$0.isOver }
    }

    /// Before a call that changes the disk.
    private func reach(_ number: Int32) {
        guard let process = process(number) else { return }
        // Others have their turn in between, for long where the disk is slow.
        if story.draw.once(in: story.sendersAreSlow ? 8 : 25) {
            process.wait(Int64(story.draw.span(1...(story.sendersAreSlow ? 60_000 : 200))))
        }
        guard let fatal = fatalCall else { return }
        fatalCall?.left -= 1
        guard fatal.left <= 1 else { return }
        fatalCall = nil
        if let down = fatal.down { story.cutPower(down: down) } else { kill(process) }
    }

    /// Somebody left a wish: who runs the key looks for it.
    func wake(_ key: OccurrenceKey) {
        for process in processes where process.key == key { process.wake() }
    }

    // MARK: Following

    /// Looks every few seconds, as campaign-send does where no event comes.
    private func follow(_ attempt: Attempt, on link: Link, boot: Int) {
        guard link.isOpen, isUp(since: boot) else { return link.close() }
        switch status(of: attempt) {
        case .running(let progress):
            _ = link.tell(.progress(progress))
            story.time.after(Int64(story.draw.number(100...60_000))) { self.follow(attempt, on: link, boot: boot) }
        case .none:
            _ = link.tell(.status(attempt, .none))
            link.finish()
        case .ended(let outcome, let progress):
            _ = link.tell(.outcome(outcome, progress))
            link.finish()
        }
    }

    // MARK: Surfaces

    func surfaceBegins(_ attempt: Attempt) {
        let judge = story.judge
        judge.figures.surfaceStarts += 1
        judge.require(surfaces[attempt] == nil, "the surface is started twice for \(attempt)")
        let wasSent = !sentAttempts(of: attempt.key).isEmpty
        judge.require(!wasSent, "the surface is started again after \(attempt.key) was sent")
        let running = surfaces.contains { $0.key.key == attempt.key && $0.value == nil && isRunning($0.key) }
        judge.require(!running, "the surface is started for \(attempt) while another attempt runs")
        judge.surfaceStarts(attempt)
        story.tell { "surface begins \(attempt)" }
        surfaces[attempt] = .some(nil)
        startedKeys.insert(attempt.key)
    }

    func surfaceEnds(_ attempt: Attempt, _ outcome: AttemptOutcome) {
        story.tell { "surface ends \(attempt): \(outcome)" }
        surfaces[attempt] = outcome
        if outcome == .sent { deliveredKeys.insert(attempt.key) }
    }

    private func isRunning(_ attempt: Attempt) -> Bool {
        processes.contains { $0.key == attempt.key && $0.attempt == attempt && !$0.isOver }
    }

    // MARK: The truth

    func status(of attempt: Attempt) -> AttemptStatus {
        (try? observer.folder(of: attempt.key)?.status(of: attempt.number)) ?? .none
    }

    func outcome(of attempt: Attempt) -> AttemptOutcome? {
        if case .ended(let outcome, _) = status(of: attempt) { outcome } else { nil }
    }

    /// The attempts of a key whose records say `sent` whatever happens to the power.
    func sentAttempts(of key: OccurrenceKey) -> [Int] {
        let reports = (try? durable.folder(of: key)?.reports()) ?? []
        return reports.filter { if case .ended(.sent, _) = $0.status { true } else { false } }.map(\.number)
    }

    func isRunning(_ key: OccurrenceKey) -> Bool { processes.contains { $0.key == key && !$0.isOver } }
    func wasStarted(_ key: OccurrenceKey) -> Bool { startedKeys.contains(key) }
    func wasDelivered(_ key: OccurrenceKey) -> Bool { deliveredKeys.contains(key) }
}
