import Glibc
import Testing

/// A named pipe through which a surface tells a test what happens, and waits for it.
final class Fifo {
    let descriptor: CInt
    private var buffer: [UInt8] = []
    private var isAtEnd = false

    /// - Parameter isGate: the test writes and the surface reads; else the other way round.
    init(_ path: String, isGate: Bool = false) throws {
        try #require(mkfifo(path, 0o666) == 0)
        // Linux opens both ends at once without waiting for anybody. A reader alone sees the end of its writers.
        descriptor = open(path, (isGate ? O_RDWR : O_RDONLY) | O_NONBLOCK | O_CLOEXEC)
        try #require(descriptor >= 0)
    }

    deinit { close(descriptor) }

    /// Lets one `read` of a surface go on.
    func release() {
        _ = write(descriptor, "go\n", 3)
    }

    /// The next line that a surface wrote.
    func line() throws -> String {
        while true {
            if let line = takeLine() { return line }
            try #require(!isAtEnd, "the surface ended without a line")
            try readMore()
        }
    }

    /// The next line where there is one already.
    func lineIfAny() throws -> String? {
        if let line = takeLine() { return line }
        var entry = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
        guard poll(&entry, 1, 0) == 1 else { return nil }
        try readMore()
        try #require(!isAtEnd, "the surface ended without a line")
        return takeLine()
    }

    private func takeLine() -> String? {
        guard let end = buffer.firstIndex(of: UInt8(ascii: "\n")) else { return nil }
        let line = String(decoding: buffer[..<end], as: UTF8.self)
        buffer.removeFirst(end + 1)
        return line
    }

    /// Waits until nobody holds the other end open any more: all who inherited it have ended.
    func end() throws {
        while !isAtEnd { try readMore() }
    }

    private func readMore() throws {
        var entry = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
        try #require(poll(&entry, 1, SenderPeer.patienceMilliseconds) == 1, "the surface tells nothing")
        var piece = [UInt8](repeating: 0, count: 4_096)
        let count = read(descriptor, &piece, piece.count)
        if count > 0 { buffer += piece[..<count] }
        if count == 0 { isAtEnd = true }
    }
}
