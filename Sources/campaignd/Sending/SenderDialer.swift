import CampaignEngine
import Glibc
import NIOCore
import NIOPosix

/// Makes a connection to a campaign-send process, one for each request.
protocol SenderDialer: Sendable {
    func dial(on group: any EventLoopGroup) async throws -> NIOAsyncChannel<ByteBuffer, ByteBuffer>
}

extension SenderDialer {
    static func wrap(_ channel: any Channel) -> EventLoopFuture<NIOAsyncChannel<ByteBuffer, ByteBuffer>> {
        channel.eventLoop.makeCompletedFuture {
            try NIOAsyncChannel<ByteBuffer, ByteBuffer>(wrappingChannelSynchronously: channel)
        }
    }
}

/// Connects to `campaign-send.socket`, on which systemd starts a unit of its own for each connection (`--launcher
/// socket`).
struct SocketDialer: SenderDialer {
    let path: String

    /// systemd accepts at once; a full backlog means a herd, and the send is tried again.
    private static let timeout = TimeAmount.seconds(5)

    func dial(on group: any EventLoopGroup) async throws -> NIOAsyncChannel<ByteBuffer, ByteBuffer> {
        do {
            return try await ClientBootstrap(group: group)
                .connectTimeout(Self.timeout)
                .connect(unixDomainSocketPath: path, channelInitializer: Self.wrap)
        } catch let error as IOError {
            throw LauncherError("\(path) can't be connected to: \(String(cString: strerror(error.errnoCode)))")
        } catch {
            throw LauncherError("\(path) can't be connected to: \(error)")
        }
    }
}
