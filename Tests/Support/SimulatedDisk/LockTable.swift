/// Who has which file or folder locked, as flock(2) has it: a lock belongs to an open file, and goes when nobody has
/// that open any more.
struct LockTable {
    private struct Opened {
        let node: Int
        /// The processes that have it open.
        var holders: Set<Int32>
        var lock: Kind?
    }

    private enum Kind {
        case shared, exclusive
    }

    private var opened: [Int: Opened] = [:]
    /// By file or folder: its open files that have a lock.
    private var locked: [Int: Set<Int>] = [:]
    private var nextID = 0

    var nodes: [Int] { opened.values.map(\.node) }

    mutating func open(_ node: Int, by process: Int32) -> Int {
        nextID += 1
        opened[nextID] = Opened(node: node, holders: [process])
        return nextID
    }

    /// A child inherits an open file.
    mutating func share(_ id: Int, with process: Int32) {
        opened[id]?.holders.insert(process)
    }

    mutating func close(_ id: Int, by process: Int32) {
        opened[id]?.holders.remove(process)
        guard opened[id]?.holders.isEmpty == true else { return }
        unlock(id)
        opened[id] = nil
    }

    mutating func endAll() {
        opened = [:]
        locked = [:]
    }

    mutating func end(_ process: Int32) {
        for id in opened.keys.sorted() { close(id, by: process) }
    }

    /// - Returns: false where another open file's lock stands against it.
    mutating func lock(_ id: Int, isShared: Bool) -> Bool {
        guard let node = opened[id]?.node else { return false }
        let others = (locked[node] ?? []).filter { $0 != id }
        let isFree = isShared ? others.allSatisfy { opened[$0]?.lock == .shared } : others.isEmpty
        guard isFree else { return false }
        opened[id]?.lock = isShared ? .shared : .exclusive
        locked[node, default: []].insert(id)
        return true
    }

    mutating func unlock(_ id: Int) {
        guard let node = opened[id]?.node else { return }
        opened[id]?.lock = nil
        locked[node]?.remove(id)
        if locked[node]?.isEmpty == true { locked[node] = nil }
    }
}
