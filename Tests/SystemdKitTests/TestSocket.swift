import CSystemd
import Foundation
import Glibc

/// A Unix socket that a test binds, in a folder of its own or under an abstract name, gone with the value.
final class TestSocket {
    let descriptor: CInt
    let address: String
    private let folder: String?

    enum Place { case path, abstract }

    init(_ type: __socket_type, at place: Place = .path, listening: Bool = false) throws {
        let name = "systemdkit-" + UUID().uuidString.prefix(13)
        switch place {
        case .path:
            let folder = NSTemporaryDirectory() + "/" + name
            try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
            self.folder = folder
            address = folder + "/socket"
        case .abstract:
            folder = nil
            address = "@" + name
        }
        // Closed on exec, so that no program that another test starts meanwhile keeps it open.
        descriptor = socket(AF_UNIX, CInt(type.rawValue) | CInt(SOCK_CLOEXEC.rawValue), 0)
        var name_ = sockaddr_un()
        name_.sun_family = sa_family_t(AF_UNIX)
        let bytes = Array(address.utf8)
        withUnsafeMutableBytes(of: &name_.sun_path) { raw in
            raw.copyBytes(from: bytes)
            if place == .abstract { raw[0] = 0 }
        }
        let length = socklen_t(MemoryLayout<sa_family_t>.size + bytes.count + (place == .path ? 1 : 0))
        let result = withUnsafePointer(to: name_) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { bind(descriptor, $0, length) }
        }
        precondition(result == 0, "bind \(address): errno \(errno)")
        if listening { precondition(listen(descriptor, 4) == 0, "listen: errno \(errno)") }
    }

    deinit {
        close(descriptor)
        if let folder { try? FileManager.default.removeItem(atPath: folder) }
    }

    /// The next datagram; it has been sent before the test asks.
    func receive() -> String? {
        var bytes = [UInt8](repeating: 0, count: 8_192)
        let count = recv(descriptor, &bytes, bytes.count, CInt(MSG_DONTWAIT))
        return count < 0 ? nil : String(decoding: bytes.prefix(count), as: UTF8.self)
    }
}
