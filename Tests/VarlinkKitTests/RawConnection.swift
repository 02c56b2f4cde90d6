import NIOCore
import NIOPosix
import VarlinkKit

/// A connection that sends any bytes, and reads only when the test says so.
struct RawConnection {
    private let channel: any Channel
    private var pieces: AsyncStream<ByteBuffer>.Iterator
    private var received: [UInt8] = []

    /// - Parameter reads: whether what the server sends is taken from the socket at all.
    static func connect(to path: String, reads: Bool = true) async throws -> RawConnection {
        let (stream, continuation) = AsyncStream<ByteBuffer>.makeStream()
        let channel = try await ClientBootstrap(group: MultiThreadedEventLoopGroup.singleton)
            .channelOption(ChannelOptions.autoRead, value: reads)
            .channelOption(ChannelOptions.allowRemoteHalfClosure, value: false)
            .channelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    try channel.pipeline.syncOperations.addHandler(Receiver(continuation: continuation))
                }
            }
            .connect(unixDomainSocketPath: path).get()
        return RawConnection(channel: channel, pieces: stream.makeAsyncIterator())
    }

    func send(_ text: String) async throws {
        try await send(Array(text.utf8))
    }

    func send(_ bytes: [UInt8]) async throws {
        try await channel.writeAndFlush(ByteBuffer(bytes: bytes))
    }

    /// The next message, or nil when the server has closed.
    mutating func next() async throws -> JSONValue? {
        while true {
            if let end = received.firstIndex(of: 0) {
                let message = Array(received[..<end])
                received.removeSubrange(...end)
                return try JSONValue(parsing: message, limits: JSONLimits(values: 1_000_000))
            }
            guard let piece = await pieces.next() else { return nil }
            received.append(contentsOf: piece.readableBytesView)
        }
    }

    /// Waits until the server has closed; what it sent before is dropped.
    mutating func waitForClose() async {
        while await pieces.next() != nil {}
    }

    /// Closes the sending side alone.
    func closeOutput() async throws {
        try await channel.close(mode: .output)
    }

    func close() async {
        try? await channel.close()
    }

    private final class Receiver: ChannelInboundHandler {
        typealias InboundIn = ByteBuffer

        private let continuation: AsyncStream<ByteBuffer>.Continuation

        init(continuation: AsyncStream<ByteBuffer>.Continuation) {
            self.continuation = continuation
        }

        func channelRead(context: ChannelHandlerContext, data: NIOAny) {
            continuation.yield(unwrapInboundIn(data))
        }

        func channelInactive(context: ChannelHandlerContext) {
            continuation.finish()
        }

        func errorCaught(context: ChannelHandlerContext, error: any Error) {
            context.close(promise: nil)
        }
    }
}
