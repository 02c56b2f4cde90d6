import SeededRandom
import SystemdKit
import Glibc
import Synchronization

/// A machine in memory with one disk and any number of processes, each of which sees the disk through a
/// ``SimulatedDisk`` of its own.
///
///     let machine = SimulatedMachine(seed: 7)
///     machine.onCall { call in if call.name == "link" { machine.cutPower() } }
///     let state = StateDirectory(path: SimulatedMachine.statePath, disk: machine.process())
///
/// A process may be killed: its locks go, and each later call of its disk fails and does nothing. The power may be cut:
/// all processes are killed, and of what was not synced the seed chooses what stays (``FileContent``,
/// ``FolderEntries``). Under the same seed and the same calls everything is the same.
///
/// Threads may hand it to one another. Hooks are called on the thread of the call, while nothing is locked.
package final class SimulatedMachine: Sendable {
    /// A folder that is there from the beginning, synced.
    package static let statePath = "/state"

    struct State: Sendable {
        var drive: Drive
        var locks = LockTable()
        var generator: SeededGenerator
        var now: Int64
        var isFull = false
        var isBroken = false
        var syncs = 0
        var ignoredSyncs: @Sendable (Int) -> Bool = { _ in false }
        var living: Set<Int32> = []
        var lastProcess: Int32 = 1
        var onCall: (@Sendable (SimulatedCall) -> Void)?
        var onWait: (@Sendable (SimulatedCall) -> Bool)?
    }

    private let state: Mutex<State>

    /// - Parameter now: seconds since 1970.
    package init(seed: UInt64, now: Int64 = 0) {
        var drive = Drive(now: now)
        if let folder = try? drive.addFolder(Self.statePath, now: now) {
            drive.sync(folder)
        }
        if let root = drive.node("/") { drive.sync(root) }
        state = Mutex(State(drive: drive, generator: SeededGenerator(seed: seed), now: now))
    }

    /// The clock that dates files, in seconds since 1970.
    package var now: Int64 {
        get { state.withLock { $0.now } }
        set { state.withLock { $0.now = newValue } }
    }

    /// A full disk: what needs more room than it has already fails with `ENOSPC`.
    package var isFull: Bool {
        get { state.withLock { $0.isFull } }
        set { state.withLock { $0.isFull = newValue } }
    }

    /// A broken disk: nothing is changed or synced any more, each try fails with `EIO`. What is there can be read.
    package var isBroken: Bool {
        get { state.withLock { $0.isBroken } }
        set { state.withLock { $0.isBroken = newValue } }
    }

    /// How many times anything was synced.
    package var syncs: Int { state.withLock { $0.syncs } }

    /// Makes a program lack some of its syncs: those whose number, from 1 on, `isIgnored` holds for say that they are
    /// done and do nothing. It must not call the machine.
    package func ignoreSyncs(_ isIgnored: @escaping @Sendable (Int) -> Bool) {
        state.withLock { $0.ignoredSyncs = isIgnored }
    }

    /// Has `body` called before each call that changes something, syncs it, or takes or lets go a lock; nil ends that.
    /// It may kill the process or cut the power: then the call does nothing and fails. It is not called for what would
    /// change nothing, such as the removal of a name that is not there.
    package func onCall(_ body: (@Sendable (SimulatedCall) -> Void)?) {
        state.withLock { $0.onCall = body }
    }

    /// Has `body` called while a process waits for a folder's lock, again and again until it is free. Where it returns
    /// false, or where there is none, whoever holds the lock hangs, and the process that waits is killed.
    package func onWait(_ body: (@Sendable (SimulatedCall) -> Bool)?) {
        state.withLock { $0.onWait = body }
    }

    // MARK: Processes

    /// A new process's disk.
    package func process() -> SimulatedDisk {
        state.withLock { state in
            state.lastProcess += 1
            state.living.insert(state.lastProcess)
            return SimulatedDisk(machine: self, processID: state.lastProcess, view: .now)
        }
    }

    /// Ends the process, as SIGKILL and as its own end do.
    package func kill(_ process: Int32) {
        state.withLock { state in
            state.living.remove(process)
            state.locks.end(process)
        }
    }

    package func isAlive(_ process: Int32) -> Bool {
        state.withLock { $0.living.contains(process) }
    }

    /// What a power cut takes of that which was not synced.
    package enum Loss: Hashable, Sendable {
        case everything
        /// Names and contents each by themselves, and contents in part; the machine's seed chooses.
        case some
    }

    /// Kills all processes and loses what was not synced.
    package func cutPower(losing loss: Loss = .some) {
        state.withLock { state in
            state.living = []
            state.locks.endAll()
            switch loss {
            case .everything: state.drive.loseAllUnsynced()
            case .some: state.drive.lose(&state.generator)
            }
        }
    }

    /// What would be there now after a power cut that loses everything that was not synced; nobody has anything locked.
    /// It can only be read.
    package func durable() -> SimulatedDisk {
        SimulatedDisk(machine: self, processID: 0, view: .durable)
    }

    // MARK: Calls

    /// Makes a call that has an effect: the hook first, then the effect if the process still lives.
    func make<Result: Sendable>(
        _ call: SimulatedCall, _ effect: (inout State) throws(SystemError) -> Result
    ) throws(SystemError) -> Result {
        let hook = try look(call.name, call.path, by: call.process) { $0.onCall }
        hook?(call)
        return try look(call.name, call.path, by: call.process) { state throws(SystemError) in
            if state.isBroken, call.name != "flock" {
                throw SystemError(call: call.name, object: call.path, code: EIO)
            }
            return try effect(&state)
        }
    }

    /// Looks, without the hook.
    func look<Result: Sendable>(
        _ name: String, _ path: String, by process: Int32, _ body: (inout State) throws(SystemError) -> Result
    ) throws(SystemError) -> Result {
        try state.withLock { state throws(SystemError) in
            guard state.living.contains(process) else {
                // No number that means anything to the program.
                throw SystemError(call: name, object: "\(path) by a process that has ended", code: EOWNERDEAD)
            }
            return try body(&state)
        }
    }

    /// Waits for a lock: the hook of ``onWait(_:)`` until it is free.
    func wait(_ call: SimulatedCall, _ take: (inout State) -> Bool) throws(SystemError) {
        var isTaken = try make(call) { take(&$0) }
        while !isTaken {
            let hook = try look(call.name, call.path, by: call.process) { $0.onWait }
            if hook?(call) != true { kill(call.process) }
            isTaken = try look(call.name, call.path, by: call.process) { take(&$0) }
        }
    }

    func durably<Result: Sendable>(_ body: (Drive) throws(SystemError) -> Result) throws(SystemError) -> Result {
        try state.withLock { state throws(SystemError) in try body(state.drive) }
    }

    /// Lets go what a process had open; it may have ended long ago.
    func close(_ id: Int, by process: Int32) {
        state.withLock { $0.locks.close(id, by: process) }
    }

    func share(_ id: Int, with process: Int32) {
        state.withLock { $0.locks.share(id, with: process) }
    }
}

extension SimulatedMachine.State {
    /// - Throws: ``SystemError``, `ENOSPC` on a full disk.
    func needRoom(_ call: String, _ path: String) throws(SystemError) {
        if isFull { throw SystemError(call: call, object: path, code: ENOSPC) }
    }

    mutating func sync(_ node: Int) {
        syncs += 1
        if !ignoredSyncs(syncs) { drive.sync(node) }
    }
}
