package import SendRecords
package import SystemdKit
import Glibc

/// The disk of a ``SimulatedMachine`` as one of its processes sees it.
package struct SimulatedDisk: RecordDisk, Sendable {
    private let machine: SimulatedMachine
    /// 0 for nobody's, which can only look.
    package let processID: Int32
    let view: Drive.View

    init(machine: SimulatedMachine, processID: Int32, view: Drive.View) {
        self.machine = machine
        self.processID = processID
        self.view = view
    }

    package var now: Int64 { machine.now }

    /// Whether the process lives.
    package var isAlive: Bool { machine.isAlive(processID) }

    /// Ends the process, as SIGKILL and as its own end do.
    package func kill() {
        machine.kill(processID)
    }

    // MARK: Looking

    private func look<Result: Sendable>(
        _ name: String, _ path: String, _ body: (Drive) throws(SystemError) -> Result
    ) throws(SystemError) -> Result {
        switch view {
        case .durable: try machine.durably(body)
        case .now: try machine.look(name, path, by: processID) { state throws(SystemError) in try body(state.drive) }
        }
    }

    package func open(_ path: String) throws(SystemError) -> (any RecordFile)? {
        let node = try look("open", path) { drive throws(SystemError) -> Int? in
            guard let node = drive.node(path, view) else { return nil }
            guard drive.files[node] != nil else { throw SystemError(call: "open", object: path, code: EISDIR) }
            return node
        }
        return try node.map { node throws(SystemError) in try opened(node, path) }
    }

    package func openToChange(_ path: String) throws(SystemError) -> (any RecordFile)? { try open(path) }

    package func mark(of path: String) throws(SystemError) -> FileMark? {
        try look("stat", path) { drive in
            guard let node = drive.node(path, view), let content = drive.content(of: node, view) else { return nil }
            return FileMark(file: UInt64(node), size: content.count)
        }
    }

    package func openFolder(_ path: String) throws(SystemError) -> (any RecordFolder)? {
        let node = try look("open", path) { drive throws(SystemError) -> Int? in
            guard let node = drive.node(path, view) else { return nil }
            guard drive.folders[node] != nil else { throw SystemError(call: "open", object: path, code: ENOTDIR) }
            return node
        }
        return try node.map { node throws(SystemError) in
            SimulatedFolder(machine: machine, disk: self, path: path, node: node, id: try openID(node, path))
        }
    }

    private func opened(_ node: Int, _ path: String) throws(SystemError) -> SimulatedFile {
        SimulatedFile(machine: machine, disk: self, path: path, node: node, id: try openID(node, path))
    }

    /// 0 for one that is only looked at.
    private func openID(_ node: Int, _ path: String) throws(SystemError) -> Int {
        guard view == .now else { return 0 }
        return try machine.look("open", path, by: processID) { $0.locks.open(node, by: processID) }
    }

    /// In the order of their bytes, so that a run repeats.
    package func names(in path: String) throws(SystemError) -> [String] {
        try look("opendir", path) { drive throws(SystemError) in
            guard let node = drive.node(path, view) else {
                throw SystemError(call: "opendir", object: path, code: ENOENT)
            }
            guard let entries = drive.entries(of: node, view) else {
                throw SystemError(call: "opendir", object: path, code: ENOTDIR)
            }
            return entries.keys.sorted()
        }
    }

    package func exists(_ path: String) -> Bool {
        (try? look("access", path) { $0.node(path, view) != nil }) ?? false
    }

    package func modifiedAt(_ path: String) -> Int64? {
        (try? look("lstat", path) { drive in drive.node(path, view).flatMap { drive.modifiedAt($0) } }) ?? nil
    }

    // MARK: Changing

    func make<Result: Sendable>(
        _ name: String, _ path: String, _ effect: (inout SimulatedMachine.State) throws(SystemError) -> Result
    ) throws(SystemError) -> Result {
        guard view == .now else { throw SystemError(call: name, object: path, code: EROFS) }
        return try machine.make(SimulatedCall(name: name, path: path, process: processID), effect)
    }

    package func create(_ path: String) throws(SystemError) -> any RecordFile {
        let node = try make("open", path) { state throws(SystemError) in
            state.drive.sweepIfLarge(except: state.locks.nodes)
            guard state.drive.node(path) == nil else { throw SystemError(call: "open", object: path, code: EEXIST) }
            try state.needRoom("open", path)
            return try state.drive.addFile(path, now: state.now)
        }
        return try opened(node, path)
    }

    @discardableResult
    package func makeFolder(_ path: String) throws(SystemError) -> Bool {
        if try look("mkdir", path, { $0.node(path, view) != nil }) { return false }
        return try make("mkdir", path) { state throws(SystemError) in
            guard state.drive.node(path) == nil else { return false }
            try state.needRoom("mkdir", path)
            _ = try state.drive.addFolder(path, now: state.now)
            return true
        }
    }

    package func link(_ path: String, to newPath: String) throws(SystemError) {
        try make("link", newPath) { state throws(SystemError) in
            guard state.drive.node(newPath) == nil else {
                throw SystemError(call: "link", object: newPath, code: EEXIST)
            }
            try state.needRoom("link", newPath)
            try state.drive.link(path, to: newPath, now: state.now)
        }
    }

    /// Takes no room: one name goes where another comes.
    package func rename(_ path: String, to newPath: String) throws(SystemError) {
        try make("rename", newPath) { state throws(SystemError) in
            try state.drive.rename(path, to: newPath, now: state.now)
        }
    }

    package func unlink(_ path: String) throws(SystemError) {
        try expectThere("unlink", path) { $0.files[$1] == nil ? EISDIR : nil }
        try make("unlink", path) { state throws(SystemError) in try state.drive.unlink(path, now: state.now) }
    }

    package func removeEmptyFolder(_ path: String) throws(SystemError) {
        try expectThere("rmdir", path) { drive, node in
            drive.entries(of: node, .now).map { $0.isEmpty ? nil : ENOTEMPTY } ?? ENOTDIR
        }
        try make("rmdir", path) { state throws(SystemError) in
            try state.drive.removeEmptyFolder(path, now: state.now)
        }
    }

    /// What fails at once changes nothing, and the hook hears nothing of it.
    private func expectThere(
        _ call: String, _ path: String, _ fault: (Drive, Int) -> CInt?
    ) throws(SystemError) {
        let code = try look(call, path) { drive in drive.node(path).map { fault(drive, $0) } ?? ENOENT }
        if let code { throw SystemError(call: call, object: path, code: code) }
    }
}
