import SimulatedDisk
import Synchronization

/// Breaks something in place of one of the steps that a process takes: its calls of the disk, what it tells, and what
/// it does in the world.
final class Breaker: Sendable {
    enum Trouble: Hashable, Sendable {
        case powerCut(SimulatedMachine.Loss)
        case kill
        /// From here on the disk is full.
        case fullDisk
        /// From here on nothing can be changed or synced.
        case brokenDisk
    }

    private struct Watch {
        var process: Int32
        var trouble: Trouble
        var left: Int
        var steps: [String] = []
    }

    private let machine: SimulatedMachine
    private let watch = Mutex<Watch?>(nil)

    init(_ machine: SimulatedMachine) {
        self.machine = machine
        machine.onCall { [unowned self] call in step(call.name, by: call.process) }
    }

    /// The trouble comes in place of step `number`, from 1 on, of the process.
    func arm(_ trouble: Trouble, at number: Int, of process: Int32) {
        watch.withLock { $0 = Watch(process: process, trouble: trouble, left: number) }
    }

    /// - Returns: the steps that were taken, the last one that which the trouble came in place of; and whether it came.
    func disarm() -> (steps: [String], hasCome: Bool) {
        watch.withLock { watch in
            defer { watch = nil }
            return (watch?.steps ?? [], (watch?.left ?? 1) <= 0)
        }
    }

    func step(_ name: String, by process: Int32) {
        let due = watch.withLock { watch -> Trouble? in
            guard watch?.process == process, watch.map({ $0.left > 0 }) == true else { return nil }
            watch?.steps.append(name)
            watch?.left -= 1
            return watch?.left == 0 ? watch?.trouble : nil
        }
        switch due {
        case .powerCut(let loss): machine.cutPower(losing: loss)
        case .kill: machine.kill(process)
        case .fullDisk: machine.isFull = true
        case .brokenDisk: machine.isBroken = true
        case nil: break
        }
    }
}
