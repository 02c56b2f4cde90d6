internal import Glibc
public import SystemdKit

/// The disk on which the records of sends lie, as one process sees it: the calls that ``StateDirectory`` is made of.
///
/// ``SystemDisk`` is the machine's; the tests have one that loses what was not synced. Each call is one step that a
/// crash or a power cut may come before or after. Nothing but ``RecordFile/sync()`` and ``RecordFolder/sync()`` makes
/// anything last, and without them nothing is promised of the order in which changes come to the disk.
///
/// Paths are absolute. An error names the call of the man page, the path and the number of errno(3).
public protocol RecordDisk {
    /// A number that no other process on this machine has now: it makes the names of temporary files differ.
    var processID: Int32 { get }

    /// Seconds since 1970 by the clock that dates the files.
    var now: Int64 { get }

    /// Opens a file for reading.
    ///
    /// - Returns: nil where there is none.
    func open(_ path: String) throws(SystemError) -> (any RecordFile)?

    /// Opens a file for reading and writing, at its beginning.
    ///
    /// - Returns: nil where there is none.
    func openToChange(_ path: String) throws(SystemError) -> (any RecordFile)?

    /// Makes a new file of mode 0600, open for reading and writing.
    ///
    /// - Throws: ``SystemError``, `EEXIST` where the name is taken.
    func create(_ path: String) throws(SystemError) -> any RecordFile

    /// Opens a folder.
    ///
    /// - Returns: nil where there is none.
    func openFolder(_ path: String) throws(SystemError) -> (any RecordFolder)?

    /// Makes a folder of mode 0700.
    ///
    /// - Returns: false where the name is taken already.
    @discardableResult
    func makeFolder(_ path: String) throws(SystemError) -> Bool

    /// The names in a folder, without `.` and `..`, in no order that means anything.
    func names(in path: String) throws(SystemError) -> [String]

    /// Whether the name is there; false also where that can't be told.
    func exists(_ path: String) -> Bool

    /// When the file or folder was modified last, in seconds since 1970; nil where that can't be told.
    func modifiedAt(_ path: String) -> Int64?

    /// Which file has the name now, and how long it is. stat(2)
    ///
    /// - Returns: nil where there is none.
    func mark(of path: String) throws(SystemError) -> FileMark?

    /// Gives the file a second name; a name that is taken stays what it is. link(2)
    ///
    /// - Throws: ``SystemError``, `EEXIST` where the new name is taken.
    func link(_ path: String, to newPath: String) throws(SystemError)

    /// Gives the file another name in place of its own. rename(2)
    func rename(_ path: String, to newPath: String) throws(SystemError)

    /// Removes a file's name. unlink(2)
    ///
    /// - Throws: ``SystemError``, `ENOENT` where there is none, `EISDIR` where it is a folder.
    func unlink(_ path: String) throws(SystemError)

    /// Removes an empty folder. rmdir(2)
    func removeEmptyFolder(_ path: String) throws(SystemError)
}

/// What tells whether a file that only grows, and is replaced by another one now and then, holds something new.
public struct FileMark: Hashable, Sendable {
    /// The number of the file; no other one has it while this one is open.
    public let file: UInt64
    /// In bytes.
    public let size: Int

    /// A file by its number, and its length.
    public init(file: UInt64, size: Int) {
        self.file = file
        self.size = size
    }
}

extension RecordDisk {
    /// The whole file; nil where there is none.
    ///
    /// - Parameter limit: in bytes.
    /// - Throws: ``SystemError``, `EFBIG` where it has more than `limit` bytes.
    public func read(_ path: String, limit: Int) throws(SystemError) -> [UInt8]? {
        try open(path)?.read(limit: limit)
    }

    /// Removes a folder of plain files and folders; what can't be removed stays, and the next one tries again.
    func removeFolder(_ path: String) {
        removeFolder(path, depth: 0)
    }

    private func removeFolder(_ path: String, depth: Int) {
        // A surface may have made folders in its work folder; deeper ones than any does are left.
        guard depth < 16 else { return }
        for name in (try? names(in: path)) ?? [] {
            let child = path + "/" + name
            do throws(SystemError) {
                try unlink(child)
            } catch {
                if error.code == EISDIR { removeFolder(child, depth: depth + 1) }
            }
        }
        try? removeEmptyFolder(path)
    }
}
