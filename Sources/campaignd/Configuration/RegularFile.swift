import Glibc

/// Reads small files and folders of the configuration.
enum RegularFile {
    /// The file's bytes, one more than `limit` at most; nil where there is none.
    static func read(_ path: String, limit: Int) throws(ConfigurationError) -> [UInt8]? {
        let descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
        guard descriptor >= 0 else {
            if errno == ENOENT { return nil }
            throw failure(path, errno)
        }
        defer { close(descriptor) }
        var information = stat()
        guard fstat(descriptor, &information) == 0 else { throw failure(path, errno) }
        guard information.st_mode & S_IFMT == S_IFREG else {
            throw ConfigurationError(description: "\(path): is not a regular file")
        }
        var bytes: [UInt8] = []
        var piece = [UInt8](repeating: 0, count: 65_536)
        while bytes.count <= limit {
            let count = Glibc.read(descriptor, &piece, piece.count)
            if count == 0 { break }
            if count < 0 {
                if errno == EINTR { continue }
                throw failure(path, errno)
            }
            bytes += piece[..<count]
        }
        return bytes
    }

    /// The names in a folder, hidden ones left out; none where there is no folder.
    static func names(in path: String) throws(ConfigurationError) -> [String] {
        guard let folder = opendir(path) else {
            if errno == ENOENT { return [] }
            throw failure(path, errno)
        }
        defer { closedir(folder) }
        var names: [String] = []
        while let entry = readdir(folder) {
            let name = withUnsafePointer(to: &entry.pointee.d_name) { tuple in
                tuple.withMemoryRebound(to: CChar.self, capacity: Int(NAME_MAX) + 1) { String(cString: $0) }
            }
            if !name.hasPrefix(".") { names.append(name) }
        }
        return names
    }

    private static func failure(_ path: String, _ code: CInt) -> ConfigurationError {
        ConfigurationError(description: "\(path): can't be read: \(String(cString: strerror(code)))")
    }
}
