import NIOCore

/// The connections of one server. Confined to the server's one event loop.
final class VarlinkConnectionTable {
    /// Why a connection was not taken.
    enum Refusal: Error, Equatable {
        case unknownPeer
        case tooMany
        case tooManyOfUser
        case tooOften
        case stopping
    }

    private let eventLoop: any EventLoop
    private let limits: VarlinkLimits
    private let dispatcher: VarlinkDispatcher
    private let keepsPlace: @Sendable (VarlinkPeer) -> Bool
    private var connections: [ObjectIdentifier: VarlinkConnection] = [:]
    private var countByUser: [UInt32: Int] = [:]
    /// Who has come how often in the present second.
    private var arrivals: [UInt32: Int] = [:]
    private var secondEnds = NIODeadline.uptimeNanoseconds(0)
    /// Set when the server begins to stop; kept when the last connection has gone.
    private var stopped: EventLoopPromise<[Task<Void, Never>]>?

    /// Set at the deadline of a stop: the promise is then fulfilled once for all.
    private var isAborting = false

    /// - Parameter keepsPlace: whether a peer may have one of the reserved connections.
    init(
        eventLoop: any EventLoop, limits: VarlinkLimits, dispatcher: VarlinkDispatcher,
        keepsPlace: @escaping @Sendable (VarlinkPeer) -> Bool
    ) {
        self.eventLoop = eventLoop
        self.keepsPlace = keepsPlace
        self.limits = limits
        self.dispatcher = dispatcher
    }

    var count: Int {
        connections.count
    }

    /// Takes a new channel: reads who is there and sets up its handler.
    ///
    /// - Throws: `Refusal` when a limit is reached; the channel is then closed by whoever asked.
    func admit(_ channel: any Channel) throws {
        let peer = try channel.pipeline.syncOperations.withUnsafeTransportIfAvailable(
            of: NIOBSDSocket.Handle.self
        ) { VarlinkPeer.read(from: $0) }
        guard case .some(.some(let peer)) = peer else { throw Refusal.unknownPeer }
        let connection = try makeConnection(from: peer)
        do {
            try channel.pipeline.syncOperations.addHandler(connection)
        } catch {
            remove(connection)
            throw error
        }
    }

    /// A connection that counts from now on, until it calls `remove`.
    func makeConnection(from peer: VarlinkPeer) throws(Refusal) -> VarlinkConnection {
        if stopped != nil { throw .stopping }
        if !keepsPlace(peer) {
            if comesTooOften(peer.uid) { throw .tooOften }
            if connections.count >= limits.connections - limits.reservedConnections { throw .tooMany }
        }
        if connections.count >= limits.connections { throw .tooMany }
        if countByUser[peer.uid, default: 0] >= limits.connectionsPerUser { throw .tooManyOfUser }
        let connection = VarlinkConnection(
            peer: peer, limits: limits, dispatcher: dispatcher, eventLoop: eventLoop
        ) { [weak self] in self?.remove($0) }
        connections[ObjectIdentifier(connection)] = connection
        countByUser[peer.uid, default: 0] += 1
        return connection
    }

    /// Counts one more arrival. Turning it away here costs a fraction of serving it.
    private func comesTooOften(_ uid: UInt32) -> Bool {
        if eventLoop.now >= secondEnds {
            arrivals.removeAll(keepingCapacity: true)
            secondEnds = eventLoop.now + .seconds(1)
        }
        arrivals[uid, default: 0] += 1
        return arrivals[uid, default: 0] > limits.arrivalsPerUser
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
