import SendRecords
package import SystemdKit
import Glibc

/// An open file of a ``SimulatedDisk``.
package final class SimulatedFile: RecordFile {
    private let machine: SimulatedMachine
    private let disk: SimulatedDisk
    private let path: String
    private let node: Int
    private let id: Int
    private var place = 0

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

    package var descriptor: Int32? { nil }

    /// Another process has it open too, as a child inherits it, until that process is killed.
    package func share(with process: SimulatedDisk) {
        machine.share(id, with: process.processID)
    }

    private func content() throws(SystemError) -> [UInt8] {
        switch disk.view {
        case .durable: try machine.durably { $0.content(of: node, .durable) ?? [] }
        case .now: try machine.look("read", path, by: disk.processID) { $0.drive.content(of: node, .now) ?? [] }
        }
    }

    package func read(limit: Int) throws(SystemError) -> [UInt8] {
        let bytes = Array(try content().dropFirst(place))
        guard bytes.count <= limit else { throw SystemError(call: "read", object: path, code: EFBIG) }
        place += bytes.count
        return bytes
    }

    package func read(atMost count: Int) throws(SystemError) -> [UInt8] {
        let bytes = Array(try content().dropFirst(place).prefix(count))
        place += bytes.count
        return bytes
    }

    package func seek(toLast bytes: Int) throws(SystemError) -> Bool {
        let size = try content().count
        place = max(0, size - bytes)
        return size > 0
    }

    package func rewind() throws(SystemError) {
        place = 0
    }

    package func seek(to place: Int) throws(SystemError) {
        self.place = place
    }

    package func write(_ bytes: [UInt8]) throws(SystemError) {
        try change("write", .written(bytes, at: place), needing: place + bytes.count)
        place += bytes.count
    }

    package func truncate(to size: Int) throws(SystemError) {
        try change("ftruncate", .truncated(to: size), needing: 0)
    }

    package func reserve(_ bytes: Int) throws(SystemError) {
        try change("fallocate", .grown(to: bytes), needing: bytes)
    }

    /// - Parameter needing: the room that the file must have for it, in bytes.
    private func change(
        _ name: String, _ change: FileContent.Change, needing room: Int
    ) throws(SystemError) {
        try disk.make(name, path) { state throws(SystemError) in
            if room > state.drive.files[node]?.now.count ?? 0 { try state.needRoom(name, path) }
            state.drive.change(node, change, now: state.now)
        }
    }

    package func sync() throws(SystemError) {
        // What is looked at as durable is synced.
        if disk.view == .durable { return }
        try disk.make("fsync", path) { $0.sync(node) }
    }

    package func lock() throws(SystemError) {
        guard try disk.make("flock", path, { $0.locks.lock(id, isShared: false) }) else {
            throw SystemError(call: "flock", object: path, code: EWOULDBLOCK)
        }
    }

    /// The hook hears nothing of it: it is how a status is read.
    package func lockShared() throws(SystemError) -> Bool {
        guard disk.view == .now else { return true }
        return try machine.look("flock", path, by: disk.processID) { $0.locks.lock(id, isShared: true) }
    }

    package func unlock() {
        try? disk.make("flock", path) { $0.locks.unlock(id) }
    }
}
