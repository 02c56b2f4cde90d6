import NIOCore

/// What one connection has still to write. Confined to the connection's event loop.
///
/// A reply is handed to the channel in pieces, so that a client that takes a long one slowly is told apart from one
/// that takes nothing: each piece that the kernel takes is progress.
final class VarlinkOutput {
    /// A quarter of what the kernel buffers for a socket by default.
    private static let pieceBytes = 64 << 10

    private let stalledTime: TimeAmount
    private let onDrained: () -> Void
    private var context: ChannelHandlerContext?
    private var pendingPieces = 0
    /// What the client has not taken yet.
    private(set) var pendingBytes = 0
    private var waiting: [EventLoopPromise<Bool>] = []
    private var alarm: Scheduled<Void>?

    /// - Parameters:
    ///   - stalledTime: how long nothing may be taken before the channel is closed.
    ///   - onDrained: called each time when all that was written has been taken.
    init(_ context: ChannelHandlerContext, stalledTime: TimeAmount, onDrained: @escaping () -> Void) {
        self.context = context
        self.stalledTime = stalledTime
        self.onDrained = onDrained
    }

    /// Writes one message and its NUL.
    ///
    /// - Parameter taken: fulfilled with true when the client has taken all, with false when it has left.
    func write(_ message: [UInt8], taken: EventLoopPromise<Bool>? = nil) {
        guard let context else {
            taken?.succeed(false)
            return
        }
        var buffer = context.channel.allocator.buffer(capacity: message.count + 1)
        buffer.writeBytes(message)
        buffer.writeInteger(UInt8(0))
        if let taken { waiting.append(taken) }
        pendingPieces += (buffer.readableBytes + Self.pieceBytes - 1) / Self.pieceBytes
        while buffer.readableBytes > 0,
            let piece = buffer.readSlice(length: min(Self.pieceBytes, buffer.readableBytes))
        {
            let promise = context.eventLoop.makePromise(of: Void.self)
            let bytes = piece.readableBytes
            pendingBytes += bytes
            promise.futureResult.assumeIsolated().whenComplete { self.pieceIsDone($0, bytes) }
            context.write(NIOAny(piece), promise: promise)
        }
        context.flush()
        // Most clients have taken it by now.
        if pendingPieces > 0 { setAlarm() }
    }

    /// Nothing is written any more: those who wait are told that the client has left.
    func stop() {
        context = nil
        alarm?.cancel()
        alarm = nil
        release(false)
    }

    private func pieceIsDone(_ result: Result<Void, any Error>, _ bytes: Int) {
        guard context != nil else { return }
        guard case .success = result else { return stop() }
        pendingPieces -= 1
        pendingBytes -= bytes
        alarm?.cancel()
        alarm = nil
        if pendingPieces > 0 { return setAlarm() }
        release(true)
        onDrained()
    }

    private func setAlarm() {
        alarm?.cancel()
        alarm = context?.eventLoop.assumeIsolated().scheduleTask(in: stalledTime) {
            self.context?.close(promise: nil)
        }
    }

    private func release(_ isTaken: Bool) {
        let promises = waiting
        waiting = []
        for promise in promises { promise.succeed(isTaken) }
    }
}
