/// Cuts a stream of bytes into ``Frame``s, however the bytes are split or joined.
///
/// It keeps what it was given and not yet used, and never makes room for what a peer only announces: its memory is
/// bounded by one message and the last piece read.
///
///     var decoder = FrameDecoder(bodyLimit: 0)
///     for frame in try decoder.read(piece) { … }
///     if atEndOfFile && !decoder.isEmpty { /* the last message is cut off */ }
public struct FrameDecoder: Sendable {
    private let bodyLimit: Int
    private var buffer: [UInt8] = []
    private var failure: FrameError?

    /// - Parameter bodyLimit: the longest body to take, in bytes: ``ProtocolLimits/bodyBytes`` where requests are
    ///   read, ``ProtocolLimits/pieceBytes`` where answers are.
    public init(bodyLimit: Int) {
        self.bodyLimit = bodyLimit
    }

    /// Whether the stream stands between two messages.
    public var isEmpty: Bool { buffer.isEmpty }

    /// Takes the next bytes of the stream.
    ///
    /// - Returns: the messages that are whole now, in order.
    /// - Throws: ``FrameError`` as soon as a prefix announces too much, and again at every later call: after it
    ///   nobody knows where a message starts.
    public mutating func read(_ bytes: some Sequence<UInt8>) throws(FrameError) -> [Frame] {
        if let failure { throw failure }
        buffer.append(contentsOf: bytes)
        var frames: [Frame] = []
        var start = 0
        do throws(FrameError) {
            while let frame = try nextFrame(at: &start) { frames.append(frame) }
        } catch {
            failure = error
            buffer = []
            throw error
        }
        buffer.removeFirst(start)
        return frames
    }

    private func nextFrame(at start: inout Int) throws(FrameError) -> Frame? {
        guard buffer.count - start >= Frame.prefixBytes else { return nil }
        let headBytes = length(at: start)
        let bodyBytes = length(at: start + 4)
        try FrameError.check(headBytes: headBytes, bodyBytes: bodyBytes, bodyLimit: bodyLimit)
        let headStart = start + Frame.prefixBytes
        let bodyStart = headStart + headBytes
        let end = bodyStart + bodyBytes
        guard buffer.count >= end else { return nil }
        start = end
        return try Frame(head: Array(buffer[headStart..<bodyStart]), body: Array(buffer[bodyStart..<end]))
    }

    private func length(at index: Int) -> Int {
        buffer[index..<(index + 4)].reduce(0) { $0 << 8 | Int($1) }
    }
}
