import Glibc
import SystemdKit

/// The few file operations that the state directory is made of. Modes are set whatever the umask says.
enum Disk {
    static let fileMode: mode_t = 0o600
    static let folderMode: mode_t = 0o700

    /// The whole file; nil where there is none.
    ///
    /// - Throws: ``SystemError``, `EFBIG` where it has more than `limit` bytes.
    static func read(_ path: String, limit: Int) throws(SystemError) -> [UInt8]? {
        let raw = Glibc.open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY)
        if raw < 0 {
            if errno == ENOENT { return nil }
            throw SystemError(call: "open", object: path, code: errno)
        }
        let file = Descriptor(raw)
        return try read(file.raw, path, limit: limit)
    }

    static func read(_ descriptor: CInt, _ path: String, limit: Int) throws(SystemError) -> [UInt8] {
        var bytes: [UInt8] = []
        var piece = [UInt8](repeating: 0, count: 64 * 1_024)
        while true {
            let count = Glibc.read(descriptor, &piece, piece.count)
            if count < 0 {
                if errno == EINTR { continue }
                throw SystemError(call: "read", object: path, code: errno)
            }
            if count == 0 { return bytes }
            bytes += piece[..<count]
            guard bytes.count <= limit else { throw SystemError(call: "read", object: path, code: EFBIG) }
        }
    }

    /// A new file, open for reading and writing.
    static func create(_ path: String) throws(SystemError) -> Descriptor {
        let raw = Glibc.open(path, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, fileMode)
        guard raw >= 0 else { throw SystemError(call: "open", object: path, code: errno) }
        let file = Descriptor(raw)
        guard fchmod(raw, fileMode) == 0 else { throw SystemError(call: "chmod", object: path, code: errno) }
        return file
    }

    static func write(_ bytes: [UInt8], to descriptor: CInt, _ path: String) throws(SystemError) {
        var written = 0
        while written < bytes.count {
            let count = bytes.withUnsafeBytes { buffer in
                Glibc.write(descriptor, buffer.baseAddress?.advanced(by: written), buffer.count - written)
            }
            if count > 0 {
                written += count
            } else if errno != EINTR {
                throw SystemError(call: "write", object: path, code: errno)
            }
        }
    }

    static func sync(_ descriptor: CInt, _ path: String) throws(SystemError) {
        guard fsync(descriptor) == 0 else { throw SystemError(call: "fsync", object: path, code: errno) }
    }

    /// - Returns: false where the folder was there already.
    static func makeFolder(_ path: String) throws(SystemError) -> Bool {
        if mkdir(path, folderMode) != 0 {
            if errno == EEXIST { return false }
            throw SystemError(call: "mkdir", object: path, code: errno)
        }
        guard chmod(path, folderMode) == 0 else { throw SystemError(call: "chmod", object: path, code: errno) }
        return true
    }

    /// - Returns: nil where there is none.
    static func openFolder(_ path: String) throws(SystemError) -> Descriptor? {
        let raw = Glibc.open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        if raw >= 0 { return Descriptor(raw) }
        if errno == ENOENT { return nil }
        throw SystemError(call: "open", object: path, code: errno)
    }

    /// The names in a folder, without `.` and `..`.
    static func names(in path: String) throws(SystemError) -> [String] {
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

    /// Removes a folder of plain files and folders; what can't be removed stays, and the next one tries again.
    static func removeFolder(_ path: String, depth: Int = 0) {
        // A surface may have made folders in its work folder; deeper ones than any does are left.
        guard depth < 16 else { return }
        for name in (try? names(in: path)) ?? [] {
            let child = path + "/" + name
            if unlink(child) != 0, errno == EISDIR { removeFolder(child, depth: depth + 1) }
        }
        rmdir(path)
    }
}
