import Glibc

/// The path of a Unix socket, checked to fit an address (unix(7)).
struct UnixSocketPath {
    /// `sun_path` has 108 bytes, the last one for a NUL.
    static let maximumBytes = 107

    /// Why a path fits no address.
    enum Problem: Error, Equatable {
        case tooLong(bytes: Int)
        case empty
        case holdsNUL
    }

    let path: String

    init(_ path: String) throws(Problem) {
        if path.isEmpty { throw .empty }
        if path.utf8.contains(0) { throw .holdsNUL }
        if path.utf8.count > Self.maximumBytes { throw .tooLong(bytes: path.utf8.count) }
        self.path = path
    }

    /// Calls `body` (bind(2) or connect(2)) with the address.
    func withAddress<Result>(_ body: (UnsafePointer<sockaddr>, socklen_t) -> Result) -> Result {
        var address = sockaddr_un()
        address.sun_family = sa_family_t(AF_UNIX)
        withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: path.utf8) }
        return withUnsafePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                body($0, socklen_t(MemoryLayout<sockaddr_un>.size))
            }
        }
    }

    /// A new stream socket that is not passed on to children, or -1 with errno.
    static func makeSocket() -> Int32 {
        socket(AF_UNIX, Int32(SOCK_STREAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue), 0)
    }
}
