public import CampaignModel
internal import Glibc
internal import Recurrence
public import SystemdKit

/// The truth of sends: what was accepted, what runs, how it ended.
///
///     STATE/keys/=KEY/      one folder a key, its name with %2F for each `/`; 0700, files 0600
///         1.attempt     the record of attempt 1: JSON with the key itself. Locked with flock(2) while its sender or
///                       its surface's first process lives. A record made complete holds its outcome too
///         1.progress    one JSON object a line, each the whole progress so far; the last whole line counts
///         1.outcome     how it ended: JSON. Before that 1.room, whose blocks are reserved
///         1.recipients  what became of each recipient, a line each; of a mail surface. See RecipientLine
///         1.removed     that was there, and was removed when it was old; empty
///         1.cancel      somebody wants it to end: JSON with the reason
///         1.work/       the message's files, while the surface runs
///         1.new, 1.cancelling   a record and a wish before they got their names
///
///     STATE/suppressed/     the addresses that want no mail. Locked while it is changed. See SuppressionList
///         list          a line each change
///         list.new      a list made anew before it gets its name
///
/// A key's folder itself is locked (flock(2) too) while a record is made in it, so that two attempts of a key can't
/// begin at once. Nothing here is ever changed in place; progress, recipients' results and suppressions are appended.
public struct StateDirectory {
    /// Where it lies; it is there already.
    public let path: String
    private let disk: any RecordDisk

    private var keysPath: String { path + "/keys" }

    /// The records below `path`, on that disk.
    public init(path: String, disk: any RecordDisk) {
        self.path = path
        self.disk = disk
    }

    /// Who wants no mail.
    public var suppressions: SuppressionList { SuppressionList(in: path, disk: disk) }

    /// The key as the name of a folder that people can read, and scripts use without quoting. The first character keeps
    /// `.` and `..` out. The daemon's keys have a handful of `/`: a name stays far below the file system's 255 bytes,
    /// and one that doesn't is an error when it is made.
    static func folderName(of key: OccurrenceKey) -> String {
        key.text.reduce(into: "=") { name, character in
            switch character {
            case "/": name += "%2F"
            case "%": name += "%25"
            default: name.append(character)
            }
        }
    }

    /// The key whose folder has this name; nil where no key has.
    static func key(ofFolder name: String) -> OccurrenceKey? {
        let text = name.dropFirst().split(separator: "%2F", omittingEmptySubsequences: false)
            .map { $0.split(separator: "%25", omittingEmptySubsequences: false).joined(separator: "%") }
            .joined(separator: "/")
        guard let key = OccurrenceKey(text), folderName(of: key) == name else { return nil }
        return key
    }

    /// The key's folder; nil where no attempt of it ever began.
    public func folder(of key: OccurrenceKey) throws(SystemError) -> KeyFolder? {
        let folderPath = keysPath + "/" + Self.folderName(of: key)
        guard let opened = try disk.openFolder(folderPath) else { return nil }
        return KeyFolder(key: key, path: folderPath, disk: disk, opened: opened)
    }

    /// The key's folder, made and synced where it is missing.
    func makeFolder(of key: OccurrenceKey) throws(SystemError) -> KeyFolder {
        // Whoever made a record in it came by here. One without any may have a maker that was killed before its sync.
        if let folder = try folder(of: key), try folder.hasRecords() { return folder }
        try make(keysPath, in: path)
        let folderPath = keysPath + "/" + Self.folderName(of: key)
        try make(folderPath, in: keysPath)
        guard let folder = try folder(of: key) else {
            throw SystemError(call: "open", object: folderPath, code: ENOENT)
        }
        return folder
    }

    /// Synced also where somebody else has just made it: they may not have come to it yet.
    private func make(_ folder: String, in parent: String) throws(SystemError) {
        try disk.makeFolder(folder)
        guard let opened = try disk.openFolder(parent) else {
            throw SystemError(call: "open", object: parent, code: ENOENT)
        }
        try opened.sync()
    }

    // MARK: Retention

    /// A ledger that is put back from a backup of the last 30 days can't send again what was sent.
    static let keptSeconds: Int64 = 30 * 86_400
    /// Folders changed at a request: about a second's work. The rest is kept until the next one.
    private static let forgottenFolders = 10_000

    /// Removes the folders of these owners' keys in which nothing runs and nothing changed for ``keptSeconds``; and
    /// from all others recipients' results, where all attempts ended and nothing was added since an instant.
    ///
    /// - Parameter resultsBefore: that instant; nil leaves the results.
    /// - Returns: the owners of which some folder is still there.
    func forget(_ owners: [Slug], resultsBefore: Instant?) throws(SystemError) -> [Slug] {
        let now = disk.now
        guard disk.exists(keysPath) else { return [] }
        let wanted = Set(owners.map(\.text))
        var kept: Set<String> = []
        var left = Self.forgottenFolders
        for name in try disk.names(in: keysPath) {
            guard let key = Self.key(ofFolder: name) else { continue }
            if wanted.contains(String(key.owner)) {
                if left > 0, try folder(of: key)?.forget(unchangedSince: now - Self.keptSeconds) ?? true {
                    left -= 1
                    continue
                }
                kept.insert(String(key.owner))
            }
            guard let resultsBefore, left > 0 else { continue }
            let instant = resultsBefore.secondsSinceEpoch
            if try folder(of: key)?.removeResults(unchangedSince: instant) ?? false { left -= 1 }
        }
        return owners.filter { kept.contains($0.text) }
    }
}
