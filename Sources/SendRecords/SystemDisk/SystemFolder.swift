internal import Glibc
internal import SystemdKit

/// A folder of the machine's disk, open: it owns its descriptor.
final class SystemFolder: RecordFolder {
    private let raw: CInt
    private let path: String

    /// Takes over an open descriptor and closes it in the end; `path` is for errors.
    init(owning descriptor: CInt, path: String) {
        raw = descriptor
        self.path = path
    }

    deinit {
        close(raw)
    }

    func sync() throws(SystemError) {
        guard fsync(raw) == 0 else { throw SystemError(call: "fsync", object: path, code: errno) }
    }

    func lock(patience seconds: UInt32) throws(SystemError) {
        // Its end by SIGALRM is one that nothing in this process can miss.
        alarm(seconds)
        while flock(raw, LOCK_EX) != 0 {
            guard errno == EINTR else { throw SystemError(call: "flock", object: path, code: errno) }
        }
        alarm(0)
    }

    func unlock() {
        flock(raw, LOCK_UN)
    }
}
