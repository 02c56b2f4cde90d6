import Glibc

/// Cuts a stream of bytes into messages, each ended by one NUL (https://varlink.org/Service).
///
/// What it holds is bounded by whoever appends; a message beyond the limit is told as soon as its first byte too many
/// is there. Each byte is looked at once, however small the pieces are in which it comes.
struct VarlinkFrames {
    /// A message is longer than allowed.
    struct TooLong: Error, Equatable {
        var limit: Int
    }

    private let limit: Int
    private var bytes: [UInt8] = []
    /// Where the next message begins.
    private var start = 0
    /// Up to where there is no NUL after `start`.
    private var searched = 0
    /// Whole messages that wait.
    private(set) var count = 0

    /// - Parameter limit: the bytes of one message without its NUL.
    init(limit: Int) {
        self.limit = limit
    }

    /// Whether nothing is left, not even a part of a message.
    var isEmpty: Bool {
        start == bytes.count
    }

    /// The bytes that it holds, those of messages included that were taken last.
    var bytesHeld: Int {
        bytes.count
    }

    mutating func append(_ piece: UnsafeRawBufferPointer) {
        // Taken messages are cut off before the buffer grows: it never holds more than what waits.
        if start > 0 {
            bytes.removeSubrange(..<start)
            searched -= start
            start = 0
        }
        bytes.append(contentsOf: piece)
        for byte in piece where byte == 0 { count += 1 }
    }

    /// The next whole message without its NUL, or nil where there is none yet.
    mutating func next() throws(TooLong) -> [UInt8]? {
        guard count > 0 else {
            searched = bytes.count
            if bytes.count - start > limit { throw TooLong(limit: limit) }
            return nil
        }
        guard let end = nextNUL() else { return nil }
        if end - start > limit { throw TooLong(limit: limit) }
        let message = Array(bytes[start..<end])
        count -= 1
        start = end + 1
        searched = start
        if start == bytes.count {
            bytes.removeAll(keepingCapacity: bytes.capacity <= Self.keptBytes)
            start = 0
            searched = 0
        }
        return message
    }

    private func nextNUL() -> Int? {
        bytes.withUnsafeBytes { bytes in
            guard let base = bytes.baseAddress, let found = memchr(base + searched, 0, bytes.count - searched) else {
                return nil
            }
            return UnsafeRawPointer(found) - base
        }
    }

    /// A buffer that one long message made larger than this is given back, so that idle connections stay small.
    private static let keptBytes = 16 << 10
}
