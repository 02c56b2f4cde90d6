/// Where a server listens.
public enum VarlinkListener: Sendable, Equatable {
    /// A socket of our own at that path, of at most 107 bytes (unix(7)).
    ///
    /// - `mode`: the permissions of the socket's file, set whatever the umask is. Who may write may connect.
    /// - `replacingStale`: whether to take the place of a socket on which nobody listens. A file of another kind, or
    ///   a socket on which somebody listens, is never replaced.
    ///
    /// The file is removed when the server stops.
    case path(String, mode: UInt32 = 0o666, replacingStale: Bool = false)
    /// A socket that listens already, of type `AF_UNIX`, `SOCK_STREAM`, as systemd passes it. It is the server's from
    /// then on, and closed when the server stops; its file stays.
    case descriptor(Int32)
}
