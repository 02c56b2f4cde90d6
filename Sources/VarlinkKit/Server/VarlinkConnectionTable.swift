import Glibc
import NIOCore
import NIOPosix

/// The connections of one server. Confined to the server's one event loop.
final class VarlinkConnectionTable {
    /// Why a connection was not taken.
    enum Refusal: Error, Equatable {
        case tooMany
        case tooManyOfUser
        case stopping
    }

    private let eventLoop: any EventLoop
    private let limits: VarlinkLimits
    private let dispatcher: VarlinkDispatcher
    private let turns: VarlinkTurns
    private let holdings: VarlinkHoldings
    private var connections: [ObjectIdentifier: VarlinkConnection] = [:]
    private var countByUser: [UInt32: Int] = [:]
    /// Set when the server begins to stop; kept when the last connection has gone.
    private var stopped: EventLoopPromise<[Task<Void, Never>]>?

    /// Set at the deadline of a stop: the promise is then fulfilled once for all.
    private var isAborting = false

    init(eventLoop: any EventLoop, limits: VarlinkLimits, dispatcher: VarlinkDispatcher) {
        self.eventLoop = eventLoop
        self.limits = limits
        self.dispatcher = dispatcher
        turns = VarlinkTurns(eventLoop: eventLoop, limit: limits.turnsPerUser, time: TimeAmount(limits.turnTime))
        holdings = VarlinkHoldings(limit: limits.heldBytesPerUser)
    }

    var count: Int {
        connections.count
    }

    /// Takes a connected socket, which is closed where a limit is reached.
    func admit(_ descriptor: Int32, from peer: VarlinkPeer, keepsPlace: Bool) {
        guard let connection = try? makeConnection(from: peer, keepsPlace: keepsPlace) else {
            close(descriptor)
            return
        }
        let handler = NIOLoopBound(connection, eventLoop: eventLoop)
        ClientBootstrap(group: eventLoop)
            .channelOption(ChannelOptions.autoRead, value: false)
            .channelOption(ChannelOptions.allowRemoteHalfClosure, value: true)
            .channelOption(ChannelOptions.maxMessagesPerRead, value: 1)
            .channelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    try channel.pipeline.syncOperations.addHandler(handler.value)
                }
            }
            .withConnectedSocket(descriptor)
            .assumeIsolated().whenFailure { _ in self.remove(connection) }
    }

    /// A connection that counts from now on, until it calls `remove`.
    ///
    /// - Parameter keepsPlace: whether the peer may have one of the reserved connections.
    func makeConnection(from peer: VarlinkPeer, keepsPlace: Bool = false) throws(Refusal) -> VarlinkConnection {
        if stopped != nil { throw .stopping }
        let places = limits.connections - (keepsPlace ? 0 : limits.reservedConnections)
        if connections.count >= places { throw .tooMany }
        if countByUser[peer.uid, default: 0] >= limits.connectionsPerUser { throw .tooManyOfUser }
        let connection = VarlinkConnection(
            peer: peer, limits: limits, dispatcher: dispatcher, turns: turns, holdings: holdings,
            eventLoop: eventLoop
        ) { [weak self] in self?.remove($0) }
        connections[ObjectIdentifier(connection)] = connection
        countByUser[peer.uid, default: 0] += 1
        return connection
    }

    /// Begins to stop. The future is fulfilled when the last connection has gone, at the deadline at the latest; it
    /// holds the tasks of calls that were cancelled then and have not ended.
    func stop(within deadline: TimeAmount) -> EventLoopFuture<[Task<Void, Never>]> {
        let promise = eventLoop.makePromise(of: [Task<Void, Never>].self)
        stopped = promise
        for connection in Array(connections.values) { connection.finish() }
        if connections.isEmpty { promise.succeed([]) }
        let alarm = eventLoop.assumeIsolated().scheduleTask(in: deadline) { self.abortAll() }
        promise.futureResult.assumeIsolated().whenComplete { _ in alarm.cancel() }
        return promise.futureResult
    }

    private func abortAll() {
        isAborting = true
        let running = Array(connections.values).compactMap { $0.abort() }
        stopped?.succeed(running)
    }

    private func remove(_ connection: VarlinkConnection) {
        guard connections.removeValue(forKey: ObjectIdentifier(connection)) != nil else { return }
        let left = countByUser[connection.peer.uid, default: 0] - 1
        countByUser[connection.peer.uid] = left > 0 ? left : nil
        if connections.isEmpty, !isAborting { stopped?.succeed([]) }
    }
}
