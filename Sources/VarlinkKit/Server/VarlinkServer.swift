import Glibc
import NIOConcurrencyHelpers
import NIOCore
import NIOPosix

/// A Varlink server on a Unix stream socket.
///
///     let server = try await VarlinkServer.start(
///         on: .path("/run/example/socket", mode: 0o666),
///         services: [Greeter()],
///         identity: VarlinkServerIdentity(vendor: "Example", product: "greeter", version: "1", url: "https://…"))
///     …
///     await server.stop(within: .seconds(5))
///
/// All sockets are served by one thread of its own; services run on Swift's pool. A client that goes past one of
/// `VarlinkLimits` is closed at once. `org.varlink.service` is answered by the server itself.
public final class VarlinkServer: Sendable {
    private let group: MultiThreadedEventLoopGroup
    private let listener: any Channel
    private let ownPath: BoundUnixSocket?
    private let table: NIOLoopBound<VarlinkConnectionTable>
    private let stopping = NIOLockedValueBox<Task<Void, Never>?>(nil)

    private init(
        group: MultiThreadedEventLoopGroup, listener: any Channel, ownPath: BoundUnixSocket?,
        table: NIOLoopBound<VarlinkConnectionTable>
    ) {
        self.group = group
        self.listener = listener
        self.ownPath = ownPath
        self.table = table
    }

    /// Starts a server; it answers as soon as this returns.
    ///
    /// - Parameter keepsPlace: whom the limits' reserved connections are for, asked of each peer that connects, on the
    ///   thread that serves all connections. By default root.
    /// - Throws: `VarlinkServerError`. Nothing is left behind then, and a descriptor that was passed is closed only
    ///   where the system refused it after it was found usable.
    public static func start(
        on listener: VarlinkListener, services: [any VarlinkService], identity: VarlinkServerIdentity,
        limits: VarlinkLimits = VarlinkLimits(),
        keepsPlace: @escaping @Sendable (VarlinkPeer) -> Bool = { $0.uid == 0 }
    ) async throws(VarlinkServerError) -> VarlinkServer {
        let dispatcher = try VarlinkDispatcher(services: services, identity: identity)
        let bound: BoundUnixSocket?
        let descriptor: Int32
        switch listener {
        case .path(let path, let mode, let replacingStale):
            let socket = try BoundUnixSocket.bind(path: path, mode: mode, replacingStale: replacingStale)
            bound = socket
            descriptor = socket.descriptor
        case .descriptor(let passed):
            try BoundUnixSocket.checkListening(passed)
            bound = nil
            descriptor = passed
        }
        // One thread: what the connections share is then confined to one loop, and needs no lock.
        let group = MultiThreadedEventLoopGroup(numberOfThreads: 1)
        let loop = group.next()
        do {
            let table = try await loop.submit {
                NIOLoopBound(
                    VarlinkConnectionTable(
                        eventLoop: loop, limits: limits, dispatcher: dispatcher, keepsPlace: keepsPlace),
                    eventLoop: loop)
            }.get()
            let channel = try await bootstrap(group: group, table: table).withBoundSocket(descriptor).get()
            // Again: of a socket that is bound already, NIO takes no length of the queue.
            guard listen(descriptor, backlog) == 0 else { throw IOError(errnoCode: errno, reason: "listen") }
            return VarlinkServer(group: group, listener: channel, ownPath: bound, table: table)
        } catch {
            bound?.remove()
            try? await group.shutdownGracefully()
            let code = (error as? IOError)?.errnoCode ?? EINVAL
            throw .system(operation: "listen", subject: "on descriptor \(descriptor)", code: code)
        }
    }

    /// Clients that wait to be accepted. connect(2) waits for a place in this queue, so a herd is not refused for its
    /// shortness. In a long one (systemd's has 4,096) those who come and go without a pause stand many times
    /// over, each already gone, and everybody else waits for seconds behind them.
    private static let backlog: Int32 = 256

    private static func bootstrap(
        group: MultiThreadedEventLoopGroup, table: NIOLoopBound<VarlinkConnectionTable>
    ) -> ServerBootstrap {
        ServerBootstrap(group: group)
            .childChannelOption(ChannelOptions.autoRead, value: false)
            .childChannelOption(ChannelOptions.allowRemoteHalfClosure, value: true)
            .childChannelOption(ChannelOptions.maxMessagesPerRead, value: 1)
            .childChannelInitializer { channel in
                // With one loop, connections are set up where the table lives.
                channel.eventLoop.makeCompletedFuture { try table.value.admit(channel) }
            }
    }

    /// Open connections, those included whose last call still runs.
    public var connectionCount: Int {
        get async {
            (try? await table.eventLoop.submit { [table] in table.value.count }.get()) ?? 0
        }
    }

    /// Stops: no connection is accepted any more, those without a running call are closed, running calls may end and
    /// their replies go out; calls with `more` are cancelled at once so that they end. At the deadline all calls that
    /// still run are cancelled and all connections closed. Removes the socket's file if the server made it.
    ///
    /// May be called more than once; each call returns when the server has stopped.
    public func stop(within deadline: Duration = .seconds(5)) async {
        let task = stopping.withLockedValue { task in
            if let task { return task }
            let new = Task { await self.stopOnce(within: deadline) }
            task = new
            return new
        }
        await task.value
    }

    private func stopOnce(within deadline: Duration) async {
        // Removed first: who comes now is told that nobody is there, instead of waiting in a queue that is closed.
        ownPath?.remove()
        try? await listener.close()
        let running = try? await table.eventLoop.flatSubmit { [table] in
            table.value.stop(within: TimeAmount(deadline))
        }.get()
        guard let running, !running.isEmpty else {
            try? await group.shutdownGracefully()
            return
        }
        // Calls that do not heed their cancellation are not waited for, but they still end on the loop.
        Task { [group] in
            for task in running { await task.value }
            try? await group.shutdownGracefully()
        }
    }
}
