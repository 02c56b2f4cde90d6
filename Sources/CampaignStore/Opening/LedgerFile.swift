import Glibc

/// The ledger as a file: what is at its path, judged before SQLite touches it, and how a new one comes there.
struct LedgerFile {
    let path: String

    enum Presence: Equatable {
        case absent
        case present
    }

    /// SQLite's file header, <https://www.sqlite.org/fileformat.html#the_database_header>.
    private static let headerLength = 100
    private static let magic = Array("SQLite format 3\0".utf8)
    private static let applicationIDOffset = 68
    /// Campaigns and messages are their owner's alone.
    static let mode: mode_t = 0o600

    /// Where a new ledger is made before it gets its name, so that a ledger under its own name is always whole.
    var unfinishedPath: String { path + ".new" }
    private var writeAheadLogPath: String { path + "-wal" }
    private var directory: String {
        guard let slash = path.lastIndex(of: "/") else { return "." }
        return slash == path.startIndex ? "/" : String(path[..<slash])
    }

    /// How much room the file system has for those who are not root; nil where it does not say.
    static func freeBytes(beside path: String) -> Int64? {
        var status = statvfs()
        guard statvfs(path, &status) == 0 else { return nil }
        return Int64(clamping: UInt64(status.f_bavail) * UInt64(status.f_frsize))
    }

    /// How large the ledger at `path` is, its write-ahead log included; nil where the file system does not say.
    static func sizeInBytes(at path: String) -> Int64? {
        let file = LedgerFile(path: path)
        var status = stat()
        guard stat(file.path, &status) == 0 else { return nil }
        let bytes = Int64(status.st_size)
        // There is a log only while the ledger is open.
        return stat(file.writeAheadLogPath, &status) == 0 ? bytes + Int64(status.st_size) : bytes
    }

    enum Purpose {
        case reading
        case writing
    }

    /// Tells whether there is a ledger to open; changes nothing but, for writing, modes that are wider than ``mode``.
    func inspect(for purpose: Purpose = .writing) throws(StoreError) -> Presence {
        var directoryStatus = stat()
        guard stat(directory, &directoryStatus) == 0 else {
            if errno == ENOENT { throw .missingDirectory(directory) }
            throw refusal(of: directory)
        }
        let access = purpose == .writing ? O_RDWR : O_RDONLY
        let descriptor = open(path, access | O_CLOEXEC | O_NONBLOCK)
        guard descriptor >= 0 else {
            guard errno == ENOENT else { throw refusal(of: path) }
            try refuseOrphanedLog()
            return .absent
        }
        defer { close(descriptor) }
        var status = stat()
        guard fstat(descriptor, &status) == 0 else { throw refusal(of: path) }
        guard status.st_mode & S_IFMT == S_IFREG else { throw .notALedger(path: path, reason: "it is not a file") }
        guard status.st_size > 0 else { throw .empty(path) }
        try judgeHeader(descriptor)
        let isTooWide = purpose == .writing && status.st_mode & 0o777 & ~Self.mode != 0
        if isTooWide, fchmod(descriptor, Self.mode) != 0 { throw refusal(of: path) }
        return .present
    }

    private func judgeHeader(_ descriptor: CInt) throws(StoreError) {
        var header = [UInt8](repeating: 0, count: Self.headerLength)
        guard pread(descriptor, &header, header.count, 0) == header.count, header.starts(with: Self.magic) else {
            throw .notALedger(path: path, reason: "it does not begin as an SQLite database does")
        }
        let field = header[Self.applicationIDOffset..<Self.applicationIDOffset + 4]
        let id = field.reduce(UInt32(0)) { $0 << 8 | UInt32($1) }
        guard id == Schema.applicationID else {
            throw .notALedger(
                path: path, reason: "it is the SQLite database of another program (application id \(id))")
        }
    }

    /// A log without its database holds sends that a new ledger would forget.
    private func refuseOrphanedLog() throws(StoreError) {
        var status = stat()
        guard stat(writeAheadLogPath, &status) == 0, status.st_size > 0 else { return }
        throw .damaged(path: path, reason: "the file is gone, and its write-ahead log \(writeAheadLogPath) is not")
    }

    /// Makes the empty file that a new ledger is written into, and removes what a crash left of an earlier one.
    func beginUnfinished() throws(StoreError) {
        try Self.makeEmpty(unfinishedPath, replacing: true)
    }

    /// Gives the finished ledger its name; on return both are on disk.
    ///
    /// link(2), not rename(2): it never replaces what may have come there meanwhile.
    func finish() throws(StoreError) {
        try Self.sync(unfinishedPath)
        guard link(unfinishedPath, path) == 0 else { throw refusal(of: path) }
        guard unlink(unfinishedPath) == 0 else { throw refusal(of: unfinishedPath) }
        try Self.sync(directory)
    }

    /// Gives a finished backup its name, in place of an older one; on return both are on disk.
    static func rename(_ unfinished: String, to path: String) throws(StoreError) {
        try sync(unfinished)
        guard Glibc.rename(unfinished, path) == 0 else { throw refusal(of: path, code: errno) }
        try sync(LedgerFile(path: path).directory)
    }

    /// Makes an empty file of mode 0600 for SQLite to fill, which would make one after the umask.
    static func makeEmpty(_ path: String, replacing: Bool) throws(StoreError) {
        if replacing { remove(path) }
        let descriptor = open(path, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, mode)
        guard descriptor >= 0 else { throw refusal(of: path, code: errno) }
        defer { close(descriptor) }
        guard fchmod(descriptor, mode) == 0 else { throw refusal(of: path, code: errno) }
    }

    /// Removes a database that was not finished, with SQLite's files beside it.
    static func remove(_ path: String) {
        for suffix in ["", "-journal", "-wal", "-shm"] { unlink(path + suffix) }
    }

    private static func sync(_ path: String) throws(StoreError) {
        let descriptor = open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { throw refusal(of: path, code: errno) }
        defer { close(descriptor) }
        guard fsync(descriptor) == 0 else { throw refusal(of: path, code: errno) }
    }

    /// The error for what errno(3) says now.
    private func refusal(of object: String) -> StoreError {
        Self.refusal(of: object, code: errno)
    }

    static func refusal(of object: String, code: CInt) -> StoreError {
        switch code {
        case EROFS: .readOnly(object)
        case EISDIR: .notALedger(path: object, reason: "it is a folder")
        case ENOSPC, EDQUOT, EIO: .failed("\(object): \(String(cString: strerror(code)))")
        default: .noPermission(path: object, reason: String(cString: strerror(code)))
        }
    }
}
