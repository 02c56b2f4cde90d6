import CampaignModel
import SendProtocol
import SendRecords
import SimulatedDisk
import SystemdKit

/// One process of campaign-send: a coroutine that runs the real verbs until it waits for its surface.
///
/// `@unchecked Sendable`: all of a story happens on one thread at a time.
final class SenderProcess: @unchecked Sendable {
    private unowned let house: SenderHouse
    private let machine: Machine
    let disk: SimulatedDisk
    private let link: Link
    private var coroutine: Coroutine?
    private(set) var isDead = false
    private(set) var attempt: Attempt?
    private var wakeNumber = 0
    private var isParked = false

    init(house: SenderHouse, machine: Machine, disk: SimulatedDisk, link: Link) {
        self.house = house
        self.machine = machine
        self.disk = disk
        self.link = link
    }

    var isOver: Bool { isDead || coroutine?.isOver ?? false }
    var key: OccurrenceKey? { attempt?.key }

    func run(_ request: SenderRequest) {
        if case .send(let send) = request { attempt = send.attempt }
        let coroutine = Coroutine { [self] _ in
            let keeper = RecordKeeper(
                state: StateDirectory(path: SimulatedMachine.statePath, disk: disk),
                peer: LinkPeer(link: link, process: self), complain: { _ in }, reach: { _ in })
            _ = keeper.answer(request, through: StorySurfaces(process: self, machine: machine, house: house))
            if case .cancel(let key, _) = request, !isDead { machine.time.after(1) { self.house.wake(key) } }
        }
        self.coroutine = coroutine
        coroutine.resume()
        closeIfOver()
    }

    /// Waits, unless somebody wakes it before.
    func wait(_ milliseconds: Int64) {
        guard !isDead, let coroutine else { return }
        wakeNumber += 1
        let number = wakeNumber
        machine.time.after(milliseconds) { if self.wakeNumber == number { self.wake() } }
        isParked = true
        coroutine.park()
    }

    func wake() {
        guard isParked, let coroutine else { return }
        isParked = false
        wakeNumber += 1
        coroutine.resume()
        closeIfOver()
    }

    private func closeIfOver() {
        if coroutine?.isOver == true { link.finish() }
    }

    /// SIGKILL. Its code runs on to its end and reaches nothing.
    func end() -> Bool {
        guard !isOver else { return false }
        isDead = true
        disk.kill()
        machine.time.after(0) {
            self.wake()
            self.link.finish()
        }
        return true
    }
}

/// The process's side of its connection.
private final class LinkPeer: AnswerPeer {
    private let link: Link
    private let process: SenderProcess
    private(set) var isLost = false

    init(link: Link, process: SenderProcess) {
        self.link = link
        self.process = process
    }

    func send(_ answer: SenderAnswer) {
        guard !isLost, !process.isDead else { return }
        if !link.tell(answer) { isLost = true }
    }

    func finish() {}
    func lose() { isLost = true }
}

/// The surfaces of a story: each send takes a while and ends as it is drawn.
struct StorySurfaces: Delivering {
    let process: SenderProcess
    let machine: Machine
    let house: SenderHouse

    func work(for request: SendRequest) throws(SendRefusal) -> Slug {
        guard request.surface != Slug("surface2") else { throw SendRefusal(reason: "there is no surface2") }
        return request.surface
    }

    func watch(_ attempt: Attempt, in folder: KeyFolder) throws(SystemError) -> StoryStop {
        StoryStop(folder: folder, number: attempt.number)
    }

    func deliver(
        _ work: Slug, _ request: SendRequest, as accepted: AcceptedAttempt, until stop: StoryStop
    ) -> Delivery {
        guard !process.isDead else { return Delivery(.interrupted(reason: "killed")) }
        house.surfaceBegins(request.attempt)
        var left = Int64(machine.draw.span(50...(machine.draw.once(in: 12) ? 9_000_000 : 200_000)))
        var progress = SendProgress()
        while left > 0 {
            let step = min(left, 60_000)
            process.wait(step)
            if process.isDead { return Delivery(.interrupted(reason: "killed")) }
            left -= step
            if let outcome = stop.askedEnd() {
                house.surfaceEnds(request.attempt, outcome)
                return Delivery(outcome, progress)
            }
            progress = SendProgress(done: (progress.done ?? 0) + 1)
            try? accepted.append(progress)
            if process.isDead { return Delivery(.interrupted(reason: "killed")) }
        }
        let outcome = drawnOutcome()
        house.surfaceEnds(request.attempt, outcome)
        return Delivery(outcome, progress)
    }

    private func drawnOutcome() -> AttemptOutcome {
        machine.draw.weighted([
            (machine.isCalm ? 90 : 60, AttemptOutcome.sent), (10, .temporary(reason: "busy", retryAfterSeconds: nil)),
            (3, .temporary(reason: "busy", retryAfterSeconds: machine.draw.number(1...4_000))),
            (6, .failed(reason: "no")), (4, .interrupted(reason: "ended by signal 9")),
        ])
    }
}

/// A wish in the key's folder.
struct StoryStop: StopWatching {
    let folder: KeyFolder
    let number: Int

    func askedEnd() -> AttemptOutcome? { folder.wishToEnd(number).map { .cancelled(reason: $0) } }
}
