public import CampaignModel
internal import Glibc
public import Recurrence
internal import SystemdKit

/// The list of those who want no mail: a file to which each change is appended, and which is made anew when most of its
/// lines are of no account any more.
///
/// Sends read it while it is changed. So whole lines never change and never go: what a change that failed, or was
/// killed, has written of them stays, and whoever asked is told that it is not done and asks again. That does no harm:
/// to add twice is to add once.
public struct SuppressionList {
    private let statePath: String
    private let disk: any RecordDisk

    private var folderPath: String { statePath + "/suppressed" }
    private var path: String { folderPath + "/list" }

    /// For others who change it. Reading five million lines takes some seconds.
    private static let lockPatienceSeconds: UInt32 = 20
    /// A list of fewer lines is never made anew.
    private static let fewLines = 1_000
    /// So many lines of removals are not kept, however long the list is: an address is known by how many of them it
    /// has, and with the next order's they are fewer than 65,536.
    private static let mostRemovals = 40_000

    init(in statePath: String, disk: any RecordDisk) {
        self.statePath = statePath
        self.disk = disk
    }

    /// For a send, which asks again and again.
    public func reader() -> SuppressedAddresses { SuppressedAddresses(path: path, disk: disk) }

    // MARK: Changing it

    /// What is found of an order's addresses, and of the list as a whole.
    private struct Found {
        /// By what tells addresses apart: whether the list has it.
        var isThere: [String: Bool] = [:]
        var added = 0
        var removed = 0
        /// In bytes.
        var end = 0

        var kept: Int { added - removed }
    }

    /// Adds or removes addresses; on return that is synced.
    ///
    /// - Parameter entries: valid addresses; of one that comes twice the first counts.
    /// - Returns: how many were not, and how many were as they are to be already.
    public func change(
        _ kind: SuppressionOrder.Kind, _ entries: [Suppression], at now: Instant, isDryRun: Bool
    ) throws(SuppressionFault) -> (changed: Int, unchanged: Int) {
        if isDryRun {
            let file = try SuppressionFault.asking { () throws(SystemError) in try disk.open(path) }
            let wanted = try wanted(kind, entries, try look(for: entries, in: file))
            return (wanted.count, entries.count - wanted.count)
        }
        let folder = try SuppressionFault.asking(lockedFolder)
        defer { folder.unlock() }
        let opened = try SuppressionFault.asking { () throws(SystemError) in try disk.openToChange(path) }
        let file = if let opened { opened } else { try makeAnew { _ in } }
        let found = try look(for: entries, in: file)
        let wanted = try wanted(kind, entries, found)
        let lines = wanted.map { entry in
            switch kind {
            case .add: SuppressionLine.added(address: entry.address, at: entry.at ?? now, reason: entry.reason)
            case .remove: SuppressionLine.removed(address: entry.address, at: now)
            }
        }
        try SuppressionFault.asking { () throws(SystemError) in
            try append(lines.flatMap(\.bytes), to: file, at: found.end)
            // Also where it was all there: whoever wrote it may have been killed before.
            try file.sync()
            try folder.sync()
            try syncState()
        }
        let added = found.added + (kind == .add ? wanted.count : 0)
        let removed = found.removed + (kind == .remove ? wanted.count : 0)
        // What was changed is on disk; a list that stays long does no harm, and the next change tries again.
        if Self.isMostlyDead(added: added, removed: removed) { try? tidy(folder) }
        return (wanted.count, entries.count - wanted.count)
    }

    private static func isMostlyDead(added: Int, removed: Int) -> Bool {
        removed > mostRemovals || (added + removed > fewLines && 2 * removed > added - removed)
    }

    private func lockedFolder() throws(SystemError) -> any RecordFolder {
        try disk.makeFolder(folderPath)
        guard let folder = try disk.openFolder(folderPath) else {
            throw SystemError(call: "open", object: folderPath, code: ENOENT)
        }
        try folder.lock(patience: Self.lockPatienceSeconds)
        return folder
    }

    /// The folder's own name outlives a power cut.
    private func syncState() throws(SystemError) {
        guard let state = try disk.openFolder(statePath) else {
            throw SystemError(call: "open", object: statePath, code: ENOENT)
        }
        try state.sync()
    }

    private func look(for entries: [Suppression], in file: (any RecordFile)?) throws(SuppressionFault) -> Found {
        var found = Found()
        for entry in entries { found.isThere[entry.address.lowercased()] = false }
        guard let file else { return found }
        var read = SuppressionFile(file, path: path)
        try read.read { line in
            let isThere: Bool
            switch line {
            case .added:
                found.added += 1
                isThere = true
            case .removed:
                found.removed += 1
                isThere = false
            }
            let address = line.address.lowercased()
            if found.isThere[address] != nil { found.isThere[address] = isThere }
        }
        found.end = read.end
        return found
    }

    /// Those of an order that change something.
    private func wanted(
        _ kind: SuppressionOrder.Kind, _ entries: [Suppression], _ found: Found
    ) throws(SuppressionFault) -> [Suppression] {
        var isThere = found.isThere
        let wanted = entries.filter { entry in
            let address = entry.address.lowercased()
            defer { isThere[address] = kind == .add }
            return isThere[address] != (kind == .add)
        }
        if kind == .add, found.kept + wanted.count > Suppression.keptLimit {
            throw .full(kept: found.kept, new: wanted.count)
        }
        return wanted
    }

    private func append(_ bytes: [UInt8], to file: any RecordFile, at end: Int) throws(SystemError) {
        guard !bytes.isEmpty else { return }
        // What was torn.
        try file.truncate(to: end)
        try file.seek(to: end)
        try file.write(bytes)
    }

    // MARK: Reading it

    /// Gives the addresses of the list as they are kept, those that were added first before the others.
    ///
    /// - Parameters:
    ///   - addresses: of these alone; empty: of all.
    ///   - take: gets each, and says whether it wants more.
    public func read(
        _ addresses: [String] = [], _ take: (Suppression) -> Bool
    ) throws(SuppressionFault) {
        guard let file = try SuppressionFault.asking({ () throws(SystemError) in try disk.open(path) }) else { return }
        let asked = Set(addresses.map { $0.lowercased() })
        var wantsMore = true
        try readKept(in: file) { line in
            guard wantsMore, case .added(let address, let at, let reason) = line else { return }
            guard asked.isEmpty || asked.contains(address.lowercased()) else { return }
            wantsMore = take(Suppression(address: address, reason: reason, at: at))
        }
    }

    /// The lines by which the list has what it has.
    private func readKept(
        in file: any RecordFile, _ take: (SuppressionLine) throws(SuppressionFault) -> Void
    ) throws(SuppressionFault) {
        // How many removals of an address are still to come.
        var removals = RecipientTable()
        var first = SuppressionFile(file, path: path)
        try first.read { line in
            if case .removed(let address, _) = line { removals[address] = (removals[address] ?? 0) &+ 1 }
        }
        var second = SuppressionFile(file, path: path)
        try second.read(to: first.end) { line throws(SuppressionFault) in
            let left = removals[line.address] ?? 0
            switch line {
            case .removed: removals[line.address] = left &- 1
            case .added: if left == 0 { try take(line) }
            }
        }
    }

    // MARK: Making it anew

    private func tidy(_ folder: any RecordFolder) throws(SuppressionFault) {
        guard let file = try SuppressionFault.asking({ () throws(SystemError) in try disk.open(path) }) else { return }
        _ = try makeAnew { add throws(SuppressionFault) in try readKept(in: file, add) }
        try SuppressionFault.asking { () throws(SystemError) in try folder.sync() }
    }

    private typealias Add = (SuppressionLine) throws(SuppressionFault) -> Void

    private static let pieceBytes = 64 * 1_024

    /// Writes a list, and gives it the name of the list. The folder is not synced.
    private func makeAnew(_ fill: (Add) throws(SuppressionFault) -> Void) throws(SuppressionFault) -> any RecordFile {
        let newPath = folderPath + "/list.new"
        // Of somebody who was killed.
        if disk.exists(newPath) { try SuppressionFault.asking { () throws(SystemError) in try disk.unlink(newPath) } }
        let file = try SuppressionFault.asking { () throws(SystemError) in try disk.create(newPath) }
        var bytes = SuppressionFile.header
        func write() throws(SuppressionFault) {
            try SuppressionFault.asking { () throws(SystemError) in try file.write(bytes) }
            bytes.removeAll(keepingCapacity: true)
        }
        try fill { line throws(SuppressionFault) in
            bytes += line.bytes
            if bytes.count >= Self.pieceBytes { try write() }
        }
        try write()
        try SuppressionFault.asking { () throws(SystemError) in
            try file.sync()
            try disk.rename(newPath, to: path)
        }
        return file
    }
}
