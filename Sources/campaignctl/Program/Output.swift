import Glibc
import VarlinkKit

/// Standard output for data alone, standard error for everything else.
enum Output {
    /// Nobody reads standard output any more.
    struct Closed: Error {}

    /// Standard output took no more, for another reason than a closed pipe.
    struct Failed: Error {
        let code: Int32
    }

    /// Writes one line of data.
    ///
    /// - Throws: ``Closed``, ``Failed``.
    static func line(_ text: String) throws {
        try write(Array(text.utf8) + [UInt8(ascii: "\n")], to: STDOUT_FILENO)
    }

    /// Writes one object on a line.
    ///
    /// - Throws: ``Closed``, ``Failed``.
    static func line(_ object: JSONObject) throws {
        try write(JSONValue.object(object).serialized + [UInt8(ascii: "\n")], to: STDOUT_FILENO)
    }

    /// Writes lines of data, with as few calls of the system as they need.
    ///
    /// - Throws: ``Closed``, ``Failed``.
    static func lines(_ texts: [String]) throws {
        var bytes: [UInt8] = []
        for text in texts {
            bytes.append(contentsOf: text.utf8)
            bytes.append(UInt8(ascii: "\n"))
        }
        try write(bytes, to: STDOUT_FILENO)
    }

    /// Writes bytes as they are.
    ///
    /// - Throws: ``Closed``, ``Failed``.
    static func bytes(_ bytes: [UInt8]) throws {
        try write(bytes, to: STDOUT_FILENO)
    }

    /// Looks whether somebody still reads standard output, for a verb that may have nothing to write for long.
    ///
    /// - Throws: ``Closed``.
    static func checkReader() throws {
        var entry = pollfd(fd: STDOUT_FILENO, events: 0, revents: 0)
        if poll(&entry, 1, 0) > 0, entry.revents & Int16(POLLERR | POLLHUP) != 0 { throw Closed() }
    }

    /// Says something to the person. Where nobody listens, nothing is lost that matters.
    static func message(_ text: String) {
        try? write(Array((text + "\n").utf8), to: STDERR_FILENO)
    }

    /// Asks for an answer, on the same line.
    static func prompt(_ text: String) {
        try? write(Array(text.utf8), to: STDERR_FILENO)
    }

    private static func write(_ bytes: [UInt8], to descriptor: Int32) throws {
        var rest = bytes[...]
        while !rest.isEmpty {
            let count = rest.withUnsafeBytes { Glibc.write(descriptor, $0.baseAddress, $0.count) }
            if count >= 0 {
                rest = rest.dropFirst(count)
            } else if errno == EPIPE {
                throw Closed()
            } else if errno == EAGAIN {
                // Somebody made the terminal or pipe non-blocking; wait until it takes more.
                var entry = pollfd(fd: descriptor, events: Int16(POLLOUT), revents: 0)
                _ = poll(&entry, 1, -1)
            } else if errno != EINTR {
                throw Failed(code: errno)
            }
        }
    }
}
