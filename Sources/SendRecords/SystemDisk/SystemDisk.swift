internal import CProcess
internal import Glibc
public import SystemdKit

/// The machine's disk. Modes are set whatever the umask says, and no descriptor goes to a child by itself.
public struct SystemDisk: RecordDisk {
    private static let fileMode: mode_t = 0o600
    private static let folderMode: mode_t = 0o700

    /// The disk, as this process sees it.
    public init() {}

    public var processID: Int32 { getpid() }

    public var now: Int64 { Int64(time(nil)) }

    public func open(_ path: String) throws(SystemError) -> (any RecordFile)? {
        try open(path, O_RDONLY)
    }

    public func openToChange(_ path: String) throws(SystemError) -> (any RecordFile)? {
        try open(path, O_RDWR)
    }

    private func open(_ path: String, _ access: CInt) throws(SystemError) -> (any RecordFile)? {
        let raw = Glibc.open(path, access | O_CLOEXEC | O_NOCTTY)
        if raw >= 0 { return SystemFile(owning: raw, path: path) }
        if errno == ENOENT { return nil }
        throw SystemError(call: "open", object: path, code: errno)
    }

    public func create(_ path: String) throws(SystemError) -> any RecordFile {
        let raw = Glibc.open(path, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, Self.fileMode)
        guard raw >= 0 else { throw SystemError(call: "open", object: path, code: errno) }
        let file = SystemFile(owning: raw, path: path)
        guard fchmod(raw, Self.fileMode) == 0 else { throw SystemError(call: "chmod", object: path, code: errno) }
        return file
    }

    public func openFolder(_ path: String) throws(SystemError) -> (any RecordFolder)? {
        let raw = Glibc.open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        if raw >= 0 { return SystemFolder(owning: raw, path: path) }
        if errno == ENOENT { return nil }
        throw SystemError(call: "open", object: path, code: errno)
    }

    @discardableResult
    public func makeFolder(_ path: String) throws(SystemError) -> Bool {
        if mkdir(path, Self.folderMode) != 0 {
            if errno == EEXIST { return false }
            throw SystemError(call: "mkdir", object: path, code: errno)
        }
        guard chmod(path, Self.folderMode) == 0 else { throw SystemError(call: "chmod", object: path, code: errno) }
        return true
    }

    public func names(in path: String) throws(SystemError) -> [String] {
        guard let stream = opendir(path) else { throw SystemError(call: "opendir", object: path, code: errno) }
        defer { closedir(stream) }
        var names: [String] = []
        errno = 0
        while let entry = readdir(stream) {
            let name = withUnsafeBytes(of: &entry.pointee.d_name) { bytes in
                String(decoding: bytes.prefix { $0 != 0 }, as: UTF8.self)
            }
            if name != "." && name != ".." { names.append(name) }
            errno = 0
        }
        guard errno == 0 else { throw SystemError(call: "readdir", object: path, code: errno) }
        return names
    }

    public func exists(_ path: String) -> Bool { access(path, F_OK) == 0 }

    public func modifiedAt(_ path: String) -> Int64? {
        let seconds = cprocess_modified_at(path)
        return seconds >= 0 ? seconds : nil
    }

    public func mark(of path: String) throws(SystemError) -> FileMark? {
        var file: UInt = 0
        let size = cprocess_file_mark(path, &file)
        if size >= 0 { return FileMark(file: UInt64(file), size: Int(size)) }
        if errno == ENOENT { return nil }
        throw SystemError(call: "stat", object: path, code: errno)
    }

    public func link(_ path: String, to newPath: String) throws(SystemError) {
        guard Glibc.link(path, newPath) == 0 else { throw SystemError(call: "link", object: newPath, code: errno) }
    }

    public func rename(_ path: String, to newPath: String) throws(SystemError) {
        guard Glibc.rename(path, newPath) == 0 else { throw SystemError(call: "rename", object: newPath, code: errno) }
    }

    public func unlink(_ path: String) throws(SystemError) {
        guard Glibc.unlink(path) == 0 else { throw SystemError(call: "unlink", object: path, code: errno) }
    }

    public func removeEmptyFolder(_ path: String) throws(SystemError) {
        guard rmdir(path) == 0 else { throw SystemError(call: "rmdir", object: path, code: errno) }
    }
}
