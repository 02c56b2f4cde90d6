import Glibc

/// A socket that this process bound to a path, and can tell from another one's that came later.
struct BoundUnixSocket: Sendable {
    let path: String
    let descriptor: Int32
    /// The file's device and inode.
    private let identity: FileIdentity

    private struct FileIdentity: Equatable {
        var device: UInt64
        var inode: UInt64
    }

    /// Binds a new socket and gives its file the permissions `mode`. It does not listen yet: until it does, nobody
    /// can connect, so there is no moment at which the permissions are others.
    static func bind(
        path text: String, mode: UInt32, replacingStale: Bool
    ) throws(VarlinkServerError) -> BoundUnixSocket {
        let path: UnixSocketPath
        do {
            path = try UnixSocketPath(text)
        } catch .tooLong(let bytes) {
            throw .pathTooLong(path: text, bytes: bytes, limit: UnixSocketPath.maximumBytes)
        } catch {
            throw .invalidPath(text)
        }
        try clear(path, replacingStale: replacingStale)
        let descriptor = UnixSocketPath.makeSocket()
        guard descriptor >= 0 else { throw .system(operation: "make a socket for", subject: text, code: errno) }
        guard path.withAddress({ Glibc.bind(descriptor, $0, $1) }) == 0 else {
            let code = errno
            close(descriptor)
            if code == EADDRINUSE { throw .addressInUse(path: text) }
            throw .system(operation: "bind", subject: text, code: code)
        }
        guard chmod(text, mode_t(mode)) == 0, let file = status(text) else {
            let code = errno
            unlink(text)
            close(descriptor)
            throw .system(operation: "set the permissions of", subject: text, code: code)
        }
        return BoundUnixSocket(path: text, descriptor: descriptor, identity: file.identity)
    }

    /// Removes the file, unless another one has taken its place.
    func remove() {
        if let file = Self.status(path), file.identity == identity { unlink(path) }
    }

    /// Holds a descriptor that was passed to what a server can use.
    static func checkListening(_ descriptor: Int32) throws(VarlinkServerError) {
        func option(_ name: Int32) throws(VarlinkServerError) -> Int32 {
            var value: Int32 = 0
            var size = socklen_t(MemoryLayout<Int32>.size)
            guard getsockopt(descriptor, SOL_SOCKET, name, &value, &size) == 0 else {
                throw .unusableDescriptor(descriptor, reason: String(cString: strerror(errno)))
            }
            return value
        }
        guard try option(SO_DOMAIN) == AF_UNIX else { throw .unusableDescriptor(descriptor, reason: "not AF_UNIX") }
        guard try option(SO_TYPE) == Int32(SOCK_STREAM.rawValue) else {
            throw .unusableDescriptor(descriptor, reason: "not SOCK_STREAM")
        }
        guard try option(SO_ACCEPTCONN) == 1 else { throw .unusableDescriptor(descriptor, reason: "does not listen") }
    }

    /// Makes room at the path, where that is allowed. Two processes that do this at the same moment are kept apart by
    /// a lock of theirs, not here.
    private static func clear(_ path: UnixSocketPath, replacingStale: Bool) throws(VarlinkServerError) {
        guard let file = status(path.path) else { return }
        guard file.isSocket else { throw .notASocket(path: path.path) }
        let probe = UnixSocketPath.makeSocket()
        guard probe >= 0 else { throw .system(operation: "make a socket for", subject: path.path, code: errno) }
        // Not blocking: a listener whose queue is full answers EAGAIN, and is alive.
        _ = fcntl(probe, F_SETFL, O_NONBLOCK)
        let result = path.withAddress { connect(probe, $0, $1) }
        let code = errno
        close(probe)
        guard result != 0, code == ECONNREFUSED else { throw .addressInUse(path: path.path) }
        guard replacingStale else { throw .staleSocket(path: path.path) }
        guard unlink(path.path) == 0 || errno == ENOENT else {
            throw .system(operation: "remove", subject: path.path, code: errno)
        }
    }

    /// What is at the path itself, a symbolic link not followed; nil where nothing is, or nothing can be seen.
    private static func status(_ path: String) -> (isSocket: Bool, identity: FileIdentity)? {
        var result = stat()
        guard lstat(path, &result) == 0 else { return nil }
        return (
            result.st_mode & S_IFMT == S_IFSOCK,
            FileIdentity(device: UInt64(result.st_dev), inode: UInt64(result.st_ino))
        )
    }
}
