internal import Glibc
public import SystemdKit

/// A file of the machine's disk, open: it owns its descriptor.
public final class SystemFile: RecordFile {
    /// Its descriptor, open while the file is referred to.
    public let raw: Int32
    private let path: String

    private static let pieceBytes = 64 * 1_024

    /// Takes over an open descriptor and closes it in the end; `path` is for errors.
    public init(owning descriptor: Int32, path: String) {
        raw = descriptor
        self.path = path
    }

    deinit {
        close(raw)
    }

    public var descriptor: Int32? { raw }

    public func read(limit: Int) throws(SystemError) -> [UInt8] {
        var bytes: [UInt8] = []
        while true {
            let (piece, count) = [UInt8].filled(upTo: Self.pieceBytes) { Glibc.read(raw, $0, $1) }
            if count < 0 {
                if errno == EINTR { continue }
                throw failed("read")
            }
            if count == 0 { return bytes }
            if bytes.isEmpty { bytes = piece } else { bytes += piece }
            guard bytes.count <= limit else { throw SystemError(call: "read", object: path, code: EFBIG) }
        }
    }

    public func read(atMost count: Int) throws(SystemError) -> [UInt8] {
        while true {
            let (piece, length) = [UInt8].filled(upTo: count) { Glibc.read(raw, $0, $1) }
            if length >= 0 { return piece }
            guard errno == EINTR else { throw failed("read") }
        }
    }

    public func seek(toLast bytes: Int) throws(SystemError) -> Bool {
        let end = lseek(raw, 0, SEEK_END)
        guard end >= 0, lseek(raw, max(0, end - off_t(bytes)), SEEK_SET) >= 0 else { throw failed("lseek") }
        return end > 0
    }

    public func rewind() throws(SystemError) {
        guard lseek(raw, 0, SEEK_SET) == 0 else { throw failed("lseek") }
    }

    public func seek(to place: Int) throws(SystemError) {
        guard lseek(raw, off_t(place), SEEK_SET) >= 0 else { throw failed("lseek") }
    }

    public func write(_ bytes: [UInt8]) throws(SystemError) {
        var written = 0
        while written < bytes.count {
            let count = bytes.withUnsafeBytes { buffer in
                Glibc.write(raw, buffer.baseAddress?.advanced(by: written), buffer.count - written)
            }
            if count > 0 {
                written += count
            } else if errno != EINTR {
                throw failed("write")
            }
        }
    }

    public func truncate(to size: Int) throws(SystemError) {
        guard ftruncate(raw, off_t(size)) == 0 else { throw failed("ftruncate") }
    }

    public func reserve(_ bytes: Int) throws(SystemError) {
        let code = posix_fallocate(raw, 0, off_t(bytes))
        guard code == 0 else { throw SystemError(call: "fallocate", object: path, code: code) }
    }

    public func sync() throws(SystemError) {
        guard fsync(raw) == 0 else { throw failed("fsync") }
    }

    public func lock() throws(SystemError) {
        guard flock(raw, LOCK_EX | LOCK_NB) == 0 else { throw failed("flock") }
    }

    public func lockShared() throws(SystemError) -> Bool {
        if flock(raw, LOCK_SH | LOCK_NB) == 0 { return true }
        guard errno == EWOULDBLOCK else { throw failed("flock") }
        return false
    }

    public func unlock() {
        flock(raw, LOCK_UN)
    }

    private func failed(_ call: String) -> SystemError {
        SystemError(call: call, object: path, code: errno)
    }
}
