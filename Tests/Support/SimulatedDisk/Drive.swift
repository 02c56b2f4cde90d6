import Glibc
import SeededRandom
import SystemdKit

/// What lies on the disk, without anything of who looks at it.
struct Drive {
    /// Whether names and bytes are those of now, or those that a power cut leaves which takes all that was not synced.
    enum View {
        case now, durable
    }

    private(set) var files: [Int: FileContent] = [:]
    private(set) var folders: [Int: FolderEntries]
    private var nextNode = 1
    /// How many files and folders there may be before the unreachable ones are swept out.
    private var sweepAt = 1_024

    private static let root = 0

    init(now: Int64) {
        folders = [Self.root: FolderEntries(modifiedAt: now)]
    }

    // MARK: Finding

    /// - Returns: nil where there is nothing of that name.
    func node(_ path: String, _ view: View = .now) -> Int? {
        var node = Self.root
        for name in path.utf8.split(separator: UInt8(ascii: "/")) {
            guard let next = entries(of: node, view)?[String(decoding: name, as: UTF8.self)] else { return nil }
            node = next
        }
        return node
    }

    func entries(of folder: Int, _ view: View) -> [String: Int]? {
        guard let entries = folders[folder] else { return nil }
        return view == .now ? entries.now : entries.synced
    }

    func content(of file: Int, _ view: View) -> [UInt8]? {
        guard let content = files[file] else { return nil }
        return view == .now ? content.now : content.synced
    }

    func modifiedAt(_ node: Int) -> Int64? { files[node]?.modifiedAt ?? folders[node]?.modifiedAt }

    /// The folder of a path's last name, and that name.
    ///
    /// - Throws: ``SystemError``, `ENOENT` where the folder is missing and `ENOTDIR` where it is none.
    private func place(_ path: String, _ call: String) throws(SystemError) -> (folder: Int, name: String) {
        let slash = path.utf8.lastIndex(of: UInt8(ascii: "/")) ?? path.startIndex
        guard let folder = node(String(path[..<slash])) else {
            throw SystemError(call: call, object: path, code: ENOENT)
        }
        guard folders[folder] != nil else { throw SystemError(call: call, object: path, code: ENOTDIR) }
        return (folder, String(path[slash...].dropFirst()))
    }

    // MARK: Changing names

    mutating func addFile(_ path: String, now: Int64) throws(SystemError) -> Int {
        let node = try add(path, "open", now: now)
        files[node] = FileContent(modifiedAt: now)
        return node
    }

    mutating func addFolder(_ path: String, now: Int64) throws(SystemError) -> Int {
        let node = try add(path, "mkdir", now: now)
        folders[node] = FolderEntries(modifiedAt: now)
        return node
    }

    private mutating func add(_ path: String, _ call: String, now: Int64) throws(SystemError) -> Int {
        let (folder, name) = try place(path, call)
        guard folders[folder]?.now[name] == nil else { throw SystemError(call: call, object: path, code: EEXIST) }
        let node = nextNode
        nextNode += 1
        set(name, in: folder, to: node, now: now)
        return node
    }

    mutating func link(_ path: String, to newPath: String, now: Int64) throws(SystemError) {
        guard let file = node(path) else { throw SystemError(call: "link", object: path, code: ENOENT) }
        guard files[file] != nil else { throw SystemError(call: "link", object: path, code: EPERM) }
        let (folder, name) = try place(newPath, "link")
        guard folders[folder]?.now[name] == nil else { throw SystemError(call: "link", object: newPath, code: EEXIST) }
        set(name, in: folder, to: file, now: now)
    }

    mutating func rename(_ path: String, to newPath: String, now: Int64) throws(SystemError) {
        guard let file = node(path) else { throw SystemError(call: "rename", object: path, code: ENOENT) }
        let (oldFolder, oldName) = try place(path, "rename")
        let (folder, name) = try place(newPath, "rename")
        guard files[file] != nil, node(newPath).map({ files[$0] != nil }) ?? true else {
            throw SystemError(call: "rename", object: newPath, code: EISDIR)
        }
        set(name, in: folder, to: file, now: now)
        set(oldName, in: oldFolder, to: nil, now: now)
    }

    mutating func unlink(_ path: String, now: Int64) throws(SystemError) {
        guard let file = node(path) else { throw SystemError(call: "unlink", object: path, code: ENOENT) }
        guard files[file] != nil else { throw SystemError(call: "unlink", object: path, code: EISDIR) }
        let (folder, name) = try place(path, "unlink")
        set(name, in: folder, to: nil, now: now)
    }

    mutating func removeEmptyFolder(_ path: String, now: Int64) throws(SystemError) {
        guard let removed = node(path) else { throw SystemError(call: "rmdir", object: path, code: ENOENT) }
        guard let entries = folders[removed] else { throw SystemError(call: "rmdir", object: path, code: ENOTDIR) }
        guard entries.now.isEmpty else { throw SystemError(call: "rmdir", object: path, code: ENOTEMPTY) }
        let (folder, name) = try place(path, "rmdir")
        set(name, in: folder, to: nil, now: now)
    }

    private mutating func set(_ name: String, in folder: Int, to node: Int?, now: Int64) {
        folders[folder]?.set(name, to: node)
        folders[folder]?.modifiedAt = now
    }

    // MARK: Changing content

    mutating func change(_ file: Int, _ change: FileContent.Change, now: Int64) {
        files[file]?.apply(change)
        files[file]?.modifiedAt = now
    }

    mutating func sync(_ node: Int) {
        files[node]?.sync()
        folders[node]?.sync()
    }

    // MARK: Losing

    /// The power is cut, and all that was not synced is gone.
    mutating func loseAllUnsynced() {
        for folder in folders.keys { folders[folder]?.loseAllUnsynced() }
        for file in files.keys { files[file]?.loseAllUnsynced() }
        sweep(except: [])
    }

    /// The power is cut, and of what was not synced some is gone.
    mutating func lose(_ generator: inout SeededGenerator) {
        for folder in folders.keys.sorted() { folders[folder]?.lose(&generator) }
        for file in files.keys.sorted() { files[file]?.lose(&generator) }
        sweep(except: [])
    }

    /// Forgets what no name leads to, if much was made since the last time.
    ///
    /// - Parameter opened: what somebody has open.
    mutating func sweepIfLarge(except opened: @autoclosure () -> some Sequence<Int>) {
        guard files.count + folders.count > sweepAt else { return }
        sweep(except: opened())
        sweepAt = 2 * (files.count + folders.count) + 1_024
    }

    private mutating func sweep(except opened: some Sequence<Int>) {
        var reached: Set<Int> = [Self.root]
        var waiting = [Self.root] + opened
        while let node = waiting.popLast() {
            reached.insert(node)
            waiting += (folders[node]?.nodes ?? []).filter { !reached.contains($0) }
        }
        files = files.filter { reached.contains($0.key) }
        folders = folders.filter { reached.contains($0.key) }
    }
}
