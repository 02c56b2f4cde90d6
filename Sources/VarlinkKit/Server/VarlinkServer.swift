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
    private let acceptor: VarlinkAcceptor
    private let ownPath: BoundUnixSocket?
    private let table: NIOLoopBoundBox<VarlinkConnectionTable>
    private let stopping = NIOLockedValueBox<Task<Void, Never>?>(nil)

    private init(
        group: MultiThreadedEventLoopGroup, acceptor: VarlinkAcceptor, ownPath: BoundUnixSocket?,
        table: NIOLoopBoundBox<VarlinkConnectionTable>
    ) {
        self.group = group
        self.acceptor = acceptor
        self.ownPath = ownPath
        self.table = table
    }

    /// Starts a server; it answers as soon as this returns.
    ///
    /// - Parameter keepsPlace: whom the limits' reserved connections are for, asked of each peer that connects, on
    ///   the queue that accepts. By default root.
    /// - Throws: `VarlinkServerError`. Nothing is left behind then, and a descriptor that was passed is left open.
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
        guard listen(descriptor, backlog) == 0 else {
            let code = errno
            if let bound {
                bound.remove()
                close(descriptor)
            }
            throw .system(operation: "listen", subject: "on descriptor \(descriptor)", code: code)
        }
        // One thread: what the connections share is then confined to one loop, and needs no lock.
        let group = MultiThreadedEventLoopGroup(numberOfThreads: 1)
        let loop = group.next()
        let table = NIOLoopBoundBox.makeBoxSendingValue(
            VarlinkConnectionTable(eventLoop: loop, limits: limits, dispatcher: dispatcher), eventLoop: loop)
        let acceptor = VarlinkAcceptor(
            descriptor, arrivalsPerUser: limits.arrivalsPerUser, eventLoop: loop, keepsPlace: keepsPlace
        ) { descriptor, peer, keepsPlace in
            loop.submit { table.value.admit(descriptor, from: peer, keepsPlace: keepsPlace) }
        }
        return VarlinkServer(group: group, acceptor: acceptor, ownPath: bound, table: table)
    }

    /// Clients that wait to be accepted. connect(2) waits for a place in this queue, so a herd is not refused for its
    /// shortness. In a long one (systemd's has 4,096) those who come and go without a pause stand many times
    /// over, each already gone, and everybody else waits behind them.
    private static let backlog: Int32 = 256

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
        await acceptor.stop()
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
