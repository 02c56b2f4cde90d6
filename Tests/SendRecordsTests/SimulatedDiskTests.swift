import Glibc
import SendRecords
import SimulatedDisk
import Synchronization
import SystemdKit
import Testing

/// What the simulated disk loses, and what it keeps; the walks rest on it.
@Suite struct SimulatedDiskTests {
    private let path = SimulatedMachine.statePath

    /// What is left of a file of two bytes that were synced and two that were not.
    private func tail(_ seed: UInt64) throws -> [UInt8]? {
        let machine = SimulatedMachine(seed: seed)
        let disk = machine.process()
        let file = try disk.create(path + "/a")
        try file.write([1, 2])
        try file.sync()
        try disk.openFolder(path)?.sync()
        try file.write([3, 4])
        machine.cutPower()
        return try machine.process().read(path + "/a", limit: 9)
    }

    @Test("unsynced bytes survive whole, in part or not at all, and the same seed chooses the same")
    func content() throws {
        let found = try (UInt64(1)...60).map { try tail($0) }
        #expect(Set(found) == [[1, 2], [1, 2, 3], [1, 2, 3, 4]])
        #expect(try (UInt64(1)...60).map { try tail($0) } == found)
    }

    @Test("unsynced names come and go each by themselves: of a rename either, both or none")
    func names() throws {
        let found = try (UInt64(1)...60).map { seed in
            let machine = SimulatedMachine(seed: seed)
            let disk = machine.process()
            _ = try disk.create(path + "/old")
            try disk.openFolder(path)?.sync()
            try disk.rename(path + "/old", to: path + "/new")
            machine.cutPower()
            return try machine.process().names(in: path)
        }
        #expect(Set(found) == [["old"], ["new"], ["new", "old"], []])
    }

    @Test("later writes may be there without earlier ones, with zeros between")
    func order() throws {
        let found = try (UInt64(1)...200).map { seed in
            let machine = SimulatedMachine(seed: seed)
            let disk = machine.process()
            let file = try disk.create(path + "/a")
            try disk.openFolder(path)?.sync()
            try file.write([1])
            try file.write([2])
            machine.cutPower()
            return try machine.process().read(path + "/a", limit: 9)
        }
        #expect(Set(found) == [[], [0], [1], [1, 2], [0, 2]])
    }

    @Test("what was synced is there after a cut, and the durable view shows it before", arguments: UInt64(1)...20)
    func durable(seed: UInt64) throws {
        let machine = SimulatedMachine(seed: seed)
        let disk = machine.process()
        let file = try disk.create(path + "/a")
        try file.write([1])
        try file.sync()
        let durable = machine.durable()
        #expect(try durable.names(in: path) == [])
        try disk.openFolder(path)?.sync()
        try file.write([2])
        #expect(try durable.read(path + "/a", limit: 9) == [1])
        #expect(throws: SystemError.self) { _ = try durable.create(path + "/b") }
        machine.cutPower(losing: .everything)
        #expect(try machine.process().read(path + "/a", limit: 9) == [1])
    }

    @Test("a killed process has no locks, and none of its calls does anything")
    func kill() throws {
        let machine = SimulatedMachine(seed: 0)
        let (disk, other) = (machine.process(), machine.process())
        let file = try disk.create(path + "/a")
        try file.lock()
        disk.kill()
        #expect(try other.open(path + "/a")?.lockShared() == true)
        #expect(throws: SystemError.self) { try file.write([1]) }
        #expect(throws: SystemError.self) { _ = try disk.create(path + "/b") }
        #expect(!disk.exists(path + "/a"))
        #expect(try other.names(in: path) == ["a"])
        #expect(try other.read(path + "/a", limit: 1) == [])
    }

    @Test("a child that inherited the lock holds it after its parent's death")
    func inherited() throws {
        let machine = SimulatedMachine(seed: 0)
        let (parent, child, other) = (machine.process(), machine.process(), machine.process())
        let file = try #require(try parent.create(path + "/a") as? SimulatedFile)
        try file.lock()
        file.share(with: child)
        parent.kill()
        #expect(try other.open(path + "/a")?.lockShared() == false)
        child.kill()
        #expect(try other.open(path + "/a")?.lockShared() == true)
    }

    @Test("a hook is called before each call that changes or syncs, and may end the process in its place")
    func hook() throws {
        let machine = SimulatedMachine(seed: 0)
        let disk = machine.process()
        let seen = Mutex<[String]>([])
        machine.onCall { call in
            seen.withLock { $0.append(call.name) }
            if call.name == "link" { machine.kill(call.process) }
        }
        let file = try disk.create(path + "/a")
        try file.write([1])
        try? disk.unlink(path + "/none")
        #expect(throws: SystemError.self) { try disk.link(path + "/a", to: path + "/b") }
        #expect(throws: SystemError.self) { try file.sync() }
        #expect(seen.withLock { $0 } == ["open", "write", "link"])
        #expect(try machine.process().names(in: path) == ["a"])
    }

    @Test("a full disk refuses what needs room, and not what has it")
    func full() throws {
        let machine = SimulatedMachine(seed: 0)
        let disk = machine.process()
        let file = try disk.create(path + "/a")
        try file.reserve(2)
        machine.isFull = true
        try file.write([1, 2])
        #expect(throws: SystemError(call: "write", object: path + "/a", code: ENOSPC)) { try file.write([3]) }
        #expect(throws: SystemError(call: "open", object: path + "/b", code: ENOSPC)) { try disk.create(path + "/b") }
        try disk.rename(path + "/a", to: path + "/c")
        #expect(try disk.read(path + "/c", limit: 2) == [1, 2])
    }

    @Test("a process waits for a folder's lock as long as its hook says, and is killed where nobody lets go")
    func waiting() throws {
        let machine = SimulatedMachine(seed: 0)
        let (disk, other) = (machine.process(), machine.process())
        let held = try #require(try disk.openFolder(path))
        let wanted = try #require(try other.openFolder(path))
        try held.lock(patience: 10)
        machine.onWait { call in
            machine.kill(disk.processID)
            return call.process == other.processID
        }
        try wanted.lock(patience: 10)
        let third = machine.process()
        let late = try #require(try third.openFolder(path))
        machine.onWait(nil)
        #expect(throws: SystemError.self) { try late.lock(patience: 10) }
        #expect(!third.isAlive && other.isAlive)
    }
}
