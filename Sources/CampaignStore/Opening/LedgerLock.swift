import Glibc
import Synchronization

/// The lock that makes one daemon the only writer of a ledger: flock(2) on the file `lock` beside it, which holds
/// the holder's process id.
///
/// The kernel lets go of it when the process ends, however it ends. It is closed on exec, so that no program
/// started by the daemon keeps it.
public final class LedgerLock: Sendable {
    /// The lock's file name in the state directory.
    public static let fileName = "lock"
    /// Room for any process id and a line feed.
    private static let contentLimit = 32

    /// The lock's file.
    public let path: String
    /// Nil once it is released.
    private let held: Mutex<CInt?>

    /// Takes the lock, making its file (mode 0600) where there is none.
    ///
    /// - Throws: ``LedgerLockError``, ``LedgerLockError/held(path:pid:)`` while another process has it.
    public init(directory: String) throws(LedgerLockError) {
        path = directory + "/" + Self.fileName
        let descriptor = open(path, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0o600)
        guard descriptor >= 0 else { throw .failed(path: path, reason: String(cString: strerror(errno))) }
        do {
            try Self.lock(descriptor, path)
        } catch {
            close(descriptor)
            throw error
        }
        held = Mutex(descriptor)
    }

    deinit {
        release()
    }

    /// Lets go of the lock; a second call does nothing.
    public func release() {
        held.withLock { descriptor in
            guard let open = descriptor else { return }
            // Emptied before it is free, so that nobody reads the pid of a daemon that is gone.
            ftruncate(open, 0)
            // Said, not left to close(2): a program that is just being started has a copy of it until its exec.
            flock(open, LOCK_UN)
            close(open)
            descriptor = nil
        }
    }

    /// The open descriptor, for tests; nil once it is released.
    var descriptor: CInt? { held.withLock { $0 } }

    private static func lock(_ descriptor: CInt, _ path: String) throws(LedgerLockError) {
        var result = flock(descriptor, LOCK_EX | LOCK_NB)
        while result != 0, errno == EINTR { result = flock(descriptor, LOCK_EX | LOCK_NB) }
        guard result == 0 else {
            if errno == EWOULDBLOCK { throw .held(path: path, pid: holder(descriptor)) }
            throw .failed(path: path, reason: String(cString: strerror(errno)))
        }
        let line = Array("\(getpid())\n".utf8)
        guard fchmod(descriptor, 0o600) == 0, ftruncate(descriptor, 0) == 0,
            pwrite(descriptor, line, line.count, 0) == line.count
        else { throw .failed(path: path, reason: String(cString: strerror(errno))) }
    }

    private static func holder(_ descriptor: CInt) -> Int32? {
        var bytes = [UInt8](repeating: 0, count: contentLimit)
        let count = pread(descriptor, &bytes, bytes.count, 0)
        guard count > 0 else { return nil }
        return Int32(String(decoding: bytes.prefix { (48...57).contains($0) }, as: UTF8.self))
    }
}

/// Why the ledger's lock can't be had.
public enum LedgerLockError: Error, Hashable, Sendable, CustomStringConvertible {
    /// Another process has it; its pid, unless it has just begun or is about to end.
    case held(path: String, pid: Int32?)
    /// The file can't be made, opened or written.
    case failed(path: String, reason: String)

    public var description: String {
        switch self {
        case .held(let path, let pid?): "process \(pid) holds \(path): a second campaignd can't use the same ledger"
        case .held(let path, nil): "another process holds \(path): a second campaignd can't use the same ledger"
        case .failed(let path, let reason): "\(path) can't be locked: \(reason)"
        }
    }
}
