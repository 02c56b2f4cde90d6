import SeededRandom

/// The names in a folder with the files and folders they stand for: as they are now, as they were last synced, and what
/// each stood for between.
struct FolderEntries {
    private(set) var now: [String: Int] = [:]
    private(set) var synced: [String: Int] = [:]
    var modifiedAt: Int64
    /// For each name that changed since: what it stood for after each change, nil where it was gone.
    private var unsynced: [String: [Int?]] = [:]

    init(modifiedAt: Int64) {
        self.modifiedAt = modifiedAt
    }

    /// All that some name stands for, or may again after a power cut.
    var nodes: [Int] { Array(now.values) + Array(synced.values) + unsynced.values.joined().compactMap { $0 } }

    /// - Parameter node: nil takes the name away.
    mutating func set(_ name: String, to node: Int?) {
        now[name] = node
        unsynced[name, default: []].append(node)
    }

    mutating func sync() {
        synced = now
        unsynced = [:]
    }

    mutating func loseAllUnsynced() {
        now = synced
        unsynced = [:]
    }

    /// What a power cut may leave: each name by itself stands for what was synced or for anything that came later. So
    /// of a rename there may be both names, either, or none.
    mutating func lose(_ generator: inout SeededGenerator) {
        now = synced
        for (name, later) in unsynced.sorted(by: { $0.key < $1.key }) {
            let kept = Int.random(in: 0...later.count, using: &generator)
            if kept > 0 { now[name] = later[kept - 1] }
        }
        sync()
    }
}
