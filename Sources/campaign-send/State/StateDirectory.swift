import CampaignModel
import Glibc
import SystemdKit

/// The truth of sends: what was accepted, what runs, how it ended.
///
///     STATE/keys/=KEY/      one folder a key, its name with %2F for each `/`; 0700, files 0600
///         1.attempt     the record of attempt 1: JSON with the key itself. Locked with flock(2) while its sender or
///                       its surface's first process lives. A record made complete holds its outcome too
///         1.progress    one JSON object a line, each the whole progress so far; the last whole line counts
///         1.outcome     how it ended: JSON. Before that 1.room, whose blocks are reserved
///         1.cancel      somebody wants it to end: JSON with the reason
///         1.work/       the message's files, while the surface runs
///         1.new, 1.cancelling   a record and a wish before they got their names
///
/// The folder itself is locked (flock(2) too) while a record is made in it, so that two attempts of a key can't begin
/// at once. Nothing here is ever changed in place but the progress.
struct StateDirectory {
    let path: String

    private var keysPath: String { path + "/keys" }

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

    /// The key's folder; nil where no attempt of it ever began.
    func folder(of key: OccurrenceKey) throws(SystemError) -> KeyFolder? {
        let folderPath = keysPath + "/" + Self.folderName(of: key)
        guard let descriptor = try Disk.openFolder(folderPath) else { return nil }
        return KeyFolder(key: key, path: folderPath, descriptor: descriptor)
    }

    /// The key's folder, made and synced where it is missing.
    func makeFolder(of key: OccurrenceKey) throws(SystemError) -> KeyFolder {
        if let folder = try folder(of: key) { return folder }
        try make(keysPath, in: path)
        let folderPath = keysPath + "/" + Self.folderName(of: key)
        try make(folderPath, in: keysPath)
        guard let descriptor = try Disk.openFolder(folderPath) else {
            throw SystemError(call: "open", object: folderPath, code: ENOENT)
        }
        return KeyFolder(key: key, path: folderPath, descriptor: descriptor)
    }

    /// Synced also where somebody else has just made it: they may not have come to it yet.
    private func make(_ folder: String, in parent: String) throws(SystemError) {
        _ = try Disk.makeFolder(folder)
        guard let descriptor = try Disk.openFolder(parent) else {
            throw SystemError(call: "open", object: parent, code: ENOENT)
        }
        try Disk.sync(descriptor.raw, parent)
    }
}
