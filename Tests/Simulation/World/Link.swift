import CampaignModel
import SendProtocol

/// One connection between the daemon and a sender's process: answers come in order, after a while, or never.
///
/// `@unchecked Sendable`: all of a story happens on one thread at a time.
final class Link: @unchecked Sendable {
    let machine: Machine
    private(set) var isOpen = true
    private var arrived: [SenderAnswer] = []
    private var waiter: UnsafeContinuation<SenderAnswer?, Never>?
    private var waits = 0
    private var lastArrival: Int64 = 0

    init(machine: Machine) {
        self.machine = machine
    }

    /// The sender's end: false where the connection is gone, so that nothing more is told.
    func tell(_ answer: SenderAnswer) -> Bool {
        guard isOpen else { return false }
        if machine.losesReplies, machine.draw.once(in: 4) {
            close()
            return false
        }
        let delay = machine.sendersAreSlow ? Int64(machine.draw.span(1...20_000)) : Int64(machine.draw.number(1...40))
        // The bytes go through the real protocol, both ways.
        guard let frame = try? answer.frame(), let read = try? SenderAnswer(frame) else {
            machine.judge.complain("an answer can't be written and read: \(answer)")
            return false
        }
        lastArrival = max(lastArrival, machine.time.steady + delay)
        machine.time.at(lastArrival) { self.arrive(read) }
        return true
    }

    private func arrive(_ answer: SenderAnswer) {
        guard isOpen || waiter != nil else { return }
        if let waiter {
            self.waiter = nil
            waiter.resume(returning: answer)
        } else {
            arrived.append(answer)
        }
    }

    /// The sender has said all; what is on its way still arrives.
    func finish() {
        machine.time.at(max(lastArrival, machine.time.steady) + 1) { self.close() }
    }

    /// Both ends are gone.
    func close() {
        isOpen = false
        if let waiter {
            self.waiter = nil
            waiter.resume(returning: nil)
        }
    }

    /// The daemon is gone: whoever waits there does so for ever.
    func abandon() {
        isOpen = false
        waiter = nil
        arrived = []
    }

    /// The daemon's end: the next answer; nil at the connection's end, or after so many milliseconds.
    func next(within milliseconds: Int64?) async -> SenderAnswer? {
        if !arrived.isEmpty { return arrived.removeFirst() }
        guard isOpen else { return nil }
        waits += 1
        let wait = waits
        if let milliseconds {
            machine.time.after(milliseconds) { if self.waits == wait, self.waiter != nil { self.close() } }
        }
        return await withUnsafeContinuation { waiter = $0 }
    }
}
