import SendRecords
import SystemdKit

/// An open folder of a ``SimulatedDisk``.
final class SimulatedFolder: RecordFolder {
    private let machine: SimulatedMachine
    private let disk: SimulatedDisk
    private let path: String
    private let node: Int
    private let id: Int

    init(machine: SimulatedMachine, disk: SimulatedDisk, path: String, node: Int, id: Int) {
        self.machine = machine
        self.disk = disk
        self.path = path
        self.node = node
        self.id = id
    }

    deinit {
        machine.close(id, by: disk.processID)
    }

    func sync() throws(SystemError) {
        // What is looked at as durable is synced.
        if disk.view == .durable { return }
        try disk.make("fsync", path) { $0.sync(node) }
    }

    /// No time passes here: who waits too long is for ``SimulatedMachine/onWait(_:)`` to say.
    func lock(patience seconds: UInt32) throws(SystemError) {
        let call = SimulatedCall(name: "flock", path: path, process: disk.processID)
        try machine.wait(call) { $0.locks.lock(id, isShared: false) }
    }

    func unlock() {
        try? disk.make("flock", path) { $0.locks.unlock(id) }
    }
}
