import Glibc
import VarlinkKit

/// The lines of standard input, each as soon as it is there, in a buffer that does not grow with the input.
struct InputLines {
    enum Line {
        /// Without its line end.
        case whole([UInt8])
        /// Its bytes are dropped.
        case tooLong
    }

    /// In bytes.
    let limit: Int
    private var buffer: [UInt8] = []
    private var start = 0
    /// Up to here there is no line end.
    private var searched = 0
    private var isSkipping = false
    private var isAtEnd = false

    private static let pieceSize = 64 * 1_024

    init(limit: Int) {
        self.limit = limit
    }

    /// Nil at the end. The last line needs no line end.
    ///
    /// - Throws: ``Failure`` where standard input can't be read.
    mutating func next() throws(Failure) -> Line? {
        while true {
            if let end = buffer[searched...].firstIndex(of: UInt8(ascii: "\n")) {
                return line(through: end, next: end + 1)
            }
            searched = buffer.count
            if isAtEnd { return start < buffer.count || isSkipping ? line(through: buffer.count, next: nil) : nil }
            if buffer.count - start > limit { isSkipping = true }
            if isSkipping { start = buffer.count }
            try readMore()
        }
    }

    private mutating func line(through end: Int, next: Int?) -> Line {
        let isTooLong = isSkipping || end - start > limit
        let bytes = isTooLong ? [] : Array(buffer[start..<end])
        isSkipping = false
        start = next ?? buffer.count
        searched = start
        return isTooLong ? .tooLong : .whole(bytes)
    }

    private mutating func readMore() throws(Failure) {
        if start > 0 {
            buffer.removeFirst(start)
            searched -= start
            start = 0
        }
        var piece = [UInt8](repeating: 0, count: Self.pieceSize)
        while true {
            let count = read(STDIN_FILENO, &piece, piece.count)
            if count > 0 { return buffer += piece[..<count] }
            if count == 0 { return isAtEnd = true }
            if errno == EAGAIN {
                // Somebody made it non-blocking; wait until there is more.
                var entry = pollfd(fd: STDIN_FILENO, events: Int16(POLLIN), revents: 0)
                _ = poll(&entry, 1, -1)
            } else if errno != EINTR {
                throw Failure(
                    .refused, text: "standard input: \(String(cString: strerror(errno)))",
                    parameters: ["error": "InputFailed"])
            }
        }
    }
}
