import Glibc

/// Reads the directory of the zone database. This is the one file of the library that talks to the
/// operating system.
enum ZoneFiles {
    /// What tells one content of a file from another without reading it: a file that is replaced or
    /// rewritten has another of these.
    struct Identity: Hashable {
        let device: UInt64
        let inode: UInt64
        let sizeBytes: Int64
        let modified: [Int]
    }

    enum Failure: Error, Equatable {
        /// Nothing of that name, or a directory or device.
        case absent
        /// The reason, as strerror(3) has it.
        case unreadable(String)
        case tooLarge
    }

    /// Opens a regular file, following links, and gives its identity and a way to its content. Opening does
    /// not wait, not even for a FIFO.
    static func withFile<Result>(
        _ path: String, _ body: (Identity, _ content: (Extent) throws(Failure) -> [UInt8]) throws(Failure) -> Result
    ) throws(Failure) -> Result {
        let descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY)
        guard descriptor >= 0 else { throw failure(errno) }
        defer { close(descriptor) }
        var status = stat()
        guard fstat(descriptor, &status) == 0 else { throw failure(errno) }
        guard status.st_mode & S_IFMT == S_IFREG else { throw .absent }
        return try body(identity(status)) { (extent) throws(Failure) in
            switch extent {
            case .whole:
                let bytes = try content(descriptor, limit: sizeLimitBytes + 1)
                guard bytes.count <= sizeLimitBytes else { throw .tooLarge }
                return bytes
            case .beginning(let count):
                return try content(descriptor, limit: count)
            }
        }
    }

    /// How much of a file is wanted.
    enum Extent {
        case whole
        /// So many bytes, or fewer where the file ends.
        case beginning(Int)
    }

    /// The largest zone of the database has 4 KB with every year written out, its text form 115 KB. More
    /// than this is no zone.
    static let sizeLimitBytes = 1 << 20

    private static func content(_ descriptor: Int32, limit: Int) throws(Failure) -> [UInt8] {
        var bytes: [UInt8] = []
        var chunk = [UInt8](repeating: 0, count: min(limit, 1 << 14))
        // Each turn adds at least a byte, up to the limit.
        while bytes.count < limit {
            let count = read(descriptor, &chunk, min(chunk.count, limit - bytes.count))
            if count < 0 {
                if errno == EINTR { continue }
                throw failure(errno)
            }
            if count == 0 { break }
            bytes += chunk[..<count]
        }
        return bytes
    }

    private static func identity(_ status: stat) -> Identity {
        Identity(
            device: UInt64(status.st_dev), inode: UInt64(status.st_ino), sizeBytes: Int64(status.st_size),
            modified: [status.st_mtim.tv_sec, status.st_mtim.tv_nsec, status.st_ctim.tv_sec, status.st_ctim.tv_nsec])
    }

    private static func failure(_ code: Int32) -> Failure {
        switch code {
        case ENOENT, ENOTDIR, ELOOP, ENAMETOOLONG: .absent
        default: .unreadable(String(cString: strerror(code)))
        }
    }

    static func isDirectory(_ path: String) -> Bool {
        var status = stat()
        return stat(path, &status) == 0 && status.st_mode & S_IFMT == S_IFDIR
    }

    /// A file below a directory, as a path relative to it.
    struct Entry {
        let name: String
        let sizeBytes: Int64
        let modifiedSeconds: Int64
        let modifiedNanoseconds: Int64
    }

    /// Directories are entered this deep: `America/Argentina/Salta` needs 3.
    static let depthLimit = 4
    /// The database has some 600 names, 1,800 with the two copies that some systems keep beside them.
    static let entryLimit = 10_000

    /// The regular files below a directory, links followed, in the order of their names; what is below it and cannot
    /// be read is left out. Depth and number are bounded, and so are loops of links.
    static func entries(below directory: String) throws(Failure) -> [Entry] {
        guard let stream = opendir(directory) else { throw failure(errno) }
        closedir(stream)
        var found: [Entry] = []
        var left = entryLimit
        list(directory, prefix: "", depth: 1, left: &left, into: &found)
        return found.sorted { $0.name < $1.name }
    }

    private static func list(
        _ directory: String, prefix: String, depth: Int, left: inout Int, into found: inout [Entry]
    ) {
        guard let stream = opendir(directory) else { return }
        defer { closedir(stream) }
        while left > 0, let entry = readdir(stream) {
            let name = withUnsafePointer(to: &entry.pointee.d_name) { pointer in
                pointer.withMemoryRebound(to: CChar.self, capacity: MemoryLayout.size(ofValue: pointer.pointee)) {
                    String(cString: $0)
                }
            }
            guard name != ".", name != ".." else { continue }
            left -= 1
            let path = directory + "/" + name
            var status = stat()
            guard stat(path, &status) == 0 else { continue }
            switch status.st_mode & S_IFMT {
            case S_IFREG:
                found.append(Entry(
                    name: prefix + name, sizeBytes: Int64(status.st_size),
                    modifiedSeconds: Int64(status.st_mtim.tv_sec), modifiedNanoseconds: Int64(status.st_mtim.tv_nsec)))
            case S_IFDIR where depth < depthLimit:
                list(path, prefix: prefix + name + "/", depth: depth + 1, left: &left, into: &found)
            default:
                continue
            }
        }
    }
}
