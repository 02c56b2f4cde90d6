import Glibc

/// Why a server did not start.
public enum VarlinkServerError: Error, Equatable, CustomStringConvertible {
    /// The path does not fit a socket's address.
    case pathTooLong(path: String, bytes: Int, limit: Int)
    /// The path is empty or holds a NUL.
    case invalidPath(String)
    /// Somebody listens on the socket at that path.
    case addressInUse(path: String)
    /// A socket is there on which nobody listens, and the listener does not say that it may be replaced.
    case staleSocket(path: String)
    /// A file of another kind is there.
    case notASocket(path: String)
    /// The descriptor that was passed is no listening Unix stream socket.
    case unusableDescriptor(Int32, reason: String)
    /// A service's description is not one.
    case invalidInterface(VarlinkInterfaceError)
    /// Two services have an interface of the same name, or one has the server's own.
    case duplicateInterface(String)
    /// The system refused; `code` is errno.
    case system(operation: String, subject: String, code: Int32)

    public var description: String {
        switch self {
        case .pathTooLong(let path, let bytes, let limit):
            "socket path \"\(path)\" has \(bytes) bytes; at most \(limit) are allowed"
        case .invalidPath(let path): "socket path \"\(path)\" must not be empty or hold a NUL"
        case .addressInUse(let path): "\(path): another process listens on it"
        case .staleSocket(let path): "\(path): a socket is there on which nobody listens"
        case .notASocket(let path): "\(path): a file is there that is not a socket"
        case .unusableDescriptor(let descriptor, let reason): "descriptor \(descriptor): \(reason)"
        case .invalidInterface(let error): "interface description: \(error)"
        case .duplicateInterface(let name): "interface \(name): two services have it"
        case .system(let operation, let subject, let code):
            "\(operation) \(subject): \(String(cString: strerror(code)))"
        }
    }
}
