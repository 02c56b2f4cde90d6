import Glibc

/// Why a client got no answer. An answer that is an error is a `VarlinkErrorReply` instead.
public enum VarlinkClientError: Error, Equatable, CustomStringConvertible {
    /// Nothing is at that path.
    case absent(path: String)
    /// A socket is there, and nobody listens on it.
    case refused(path: String)
    /// The socket, or a folder on its path, may not be used by this user.
    case noPermission(path: String)
    /// The path does not fit a socket's address.
    case pathTooLong(path: String, bytes: Int, limit: Int)
    /// The path is empty or holds a NUL.
    case invalidPath(String)
    /// No answer came in time. The connection is of no use any more.
    case timedOut(after: Duration)
    /// The server ended the connection before it answered.
    case disconnected
    /// The server sent something that is no reply.
    case invalidReply(String)
    /// Another call with `more` is being answered on this connection.
    case busy
    /// The connection was closed by `close()`, or given up after an earlier error.
    case closed
    /// The system refused; `code` is errno.
    case system(operation: String, code: Int32)

    public var description: String {
        switch self {
        case .absent(let path): "\(path): there is no such socket"
        case .refused(let path): "\(path): nobody listens on this socket"
        case .noPermission(let path): "\(path): no permission to connect"
        case .pathTooLong(let path, let bytes, let limit):
            "socket path \"\(path)\" has \(bytes) bytes; at most \(limit) are allowed"
        case .invalidPath(let path): "socket path \"\(path)\" must not be empty or hold a NUL"
        case .timedOut(let duration): "no answer within \(duration)"
        case .disconnected: "the server ended the connection before it answered"
        case .invalidReply(let problem): "the server's answer is not a Varlink reply: \(problem)"
        case .busy: "an earlier call on this connection is still being answered"
        case .closed: "the connection is closed"
        case .system(let operation, let code): "\(operation): \(String(cString: strerror(code)))"
        }
    }
}
