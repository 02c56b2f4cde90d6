/// One message on the wire, before anybody has read its JSON.
///
/// Eight bytes come first: the length of the head and the length of the body, each an unsigned number of four
/// bytes, highest byte first. Then the head, one JSON object in UTF-8, then the body, raw bytes whose parts the
/// head declares. Only the requests `send` and `compose` have a body, and the answer `piece`.
public struct Frame: Hashable, Sendable {
    public let head: [UInt8]
    public let body: [UInt8]

    /// Two lengths of four bytes.
    public static let prefixBytes = 8

    /// - Throws: ``FrameError`` where one of the two is longer than the protocol allows, or the head is empty.
    public init(head: [UInt8], body: [UInt8] = []) throws(FrameError) {
        try FrameError.check(headBytes: head.count, bodyBytes: body.count, bodyLimit: ProtocolLimits.bodyBytes)
        self.head = head
        self.body = body
    }

    /// The bytes to write.
    public var bytes: [UInt8] {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(Self.prefixBytes + head.count + body.count)
        for length in [head.count, body.count] {
            for shift in [24, 16, 8, 0] { bytes.append(UInt8(truncatingIfNeeded: length >> shift)) }
        }
        bytes += head
        bytes += body
        return bytes
    }
}

/// A message whose lengths the protocol does not allow. Nothing after it on the connection can be read.
public struct FrameError: Error, Hashable, Sendable, CustomStringConvertible {
    /// Which part: `head` or `body`.
    public let part: String
    public let bytes: Int
    public let allowed: ClosedRange<Int>

    public var description: String {
        "the message's \(part) has \(bytes) bytes; allowed are \(allowed.lowerBound) to \(allowed.upperBound)"
    }

    static func check(headBytes: Int, bodyBytes: Int, bodyLimit: Int) throws(FrameError) {
        let heads = 1...ProtocolLimits.headBytes
        guard heads.contains(headBytes) else { throw FrameError(part: "head", bytes: headBytes, allowed: heads) }
        let bodies = 0...bodyLimit
        guard bodies.contains(bodyBytes) else { throw FrameError(part: "body", bytes: bodyBytes, allowed: bodies) }
    }
}
