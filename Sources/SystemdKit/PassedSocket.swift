import CSystemd
import Glibc

/// A Unix stream socket that the service manager passed on, with the name that its socket unit gives it.
///
/// sd_listen_fds_with_names(3), `FileDescriptorName=` of systemd.socket(5).
public struct PassedSocket: Hashable, Sendable {
    /// What can be done with the socket.
    public enum Kind: Hashable, Sendable {
        /// It listens: accept(2) on it (`Accept=no`).
        case listening

        /// It is one connection (`Accept=yes`).
        case connection
    }

    /// The name; `unknown` where the manager passed none, `connection` for `Accept=yes`.
    public let name: String

    /// The descriptor, closed on exec. Whoever took the environment owns it.
    public let descriptor: CInt

    /// Whether it listens or is a connection.
    public let kind: Kind

    /// Looks at a passed descriptor and sets FD_CLOEXEC on it.
    static func adopt(_ descriptor: CInt, name: String) throws(ServiceEnvironmentError) -> PassedSocket {
        let flags = fcntl(descriptor, F_GETFD)
        guard flags >= 0, fcntl(descriptor, F_SETFD, flags | FD_CLOEXEC) == 0 else {
            throw refusal(descriptor, name, "an open descriptor is needed")
        }
        if option(SO_DOMAIN, of: descriptor) == AF_UNIX,
            option(SO_TYPE, of: descriptor) == CInt(SOCK_STREAM.rawValue),
            let isListening = option(SO_ACCEPTCONN, of: descriptor)
        {
            return PassedSocket(name: name, descriptor: descriptor, kind: isListening != 0 ? .listening : .connection)
        }
        throw refusal(descriptor, name, "a Unix stream socket is needed (ListenStream= with a path)")
    }

    /// What sd_is_socket_unix(3) looks at: getsockopt(2). Nil for what is no socket.
    private static func option(_ name: CInt, of descriptor: CInt) -> CInt? {
        var value: CInt = 0
        var size = socklen_t(MemoryLayout.size(ofValue: value))
        return getsockopt(descriptor, SOL_SOCKET, name, &value, &size) == 0 ? value : nil
    }

    private static func refusal(_ descriptor: CInt, _ name: String, _ allowed: String) -> ServiceEnvironmentError {
        ServiceEnvironmentError(variable: "LISTEN_FDS", value: "descriptor \(descriptor) (\(name))", allowed: allowed)
    }
}
