import CSystemd
import Glibc

/// The address of a Unix socket, unix(7): an absolute path, or an abstract name written with `@` for its NUL.
struct UnixAddress: Hashable, Sendable {
    /// The size of `sun_path`.
    static let capacity = MemoryLayout.size(ofValue: sockaddr_un().sun_path)

    /// As it was written.
    let text: String

    /// As the kernel wants it, without a closing NUL.
    private let bytes: [UInt8]

    /// Nil for a relative path, an empty or too long one, an abstract name without characters.
    init?(_ text: String) {
        var bytes = Array(text.utf8)
        switch bytes.first {
        case UInt8(ascii: "/"):
            guard bytes.count < Self.capacity else { return nil }
        case UInt8(ascii: "@"):
            guard bytes.count > 1, bytes.count <= Self.capacity else { return nil }
            bytes[0] = 0
        default:
            return nil
        }
        self.text = text
        self.bytes = bytes
    }

    /// Calls `body` with the address in the kernel's form.
    func withSocketAddress<Result>(_ body: (UnsafePointer<sockaddr>, socklen_t) -> Result) -> Result {
        var address = sockaddr_un()
        address.sun_family = sa_family_t(AF_UNIX)
        withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: bytes) }
        // An abstract name is all bytes of its length; a path ends with a NUL, which belongs to the length.
        let closing = bytes.first == 0 ? 0 : 1
        let length = socklen_t(MemoryLayout<sa_family_t>.size + bytes.count + closing)
        return withUnsafePointer(to: address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { body($0, length) }
        }
    }
}
