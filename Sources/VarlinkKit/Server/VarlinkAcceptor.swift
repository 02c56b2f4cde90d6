import Dispatch
import Glibc
import NIOConcurrencyHelpers
import NIOCore

/// Takes connections off a listening socket, and turns away at once who comes too often. It has a queue of its own:
/// those who come and go thousands of times a second do not hold up the loop that serves the others.
final class VarlinkAcceptor: Sendable {
    // Dispatch does not declare its sources Sendable. This one is set once; after `init` it is only suspended, resumed
    // and cancelled, which dispatch_suspend(3) and dispatch_source_cancel(3) allow from any thread.
    private nonisolated(unsafe) let source: any DispatchSourceRead
    private let queue = DispatchQueue(label: "org.varlink.accept")
    private let listener: Int32
    private let keepsPlace: @Sendable (VarlinkPeer) -> Bool
    private let arrivals: NIOLockedValueBox<VarlinkArrivals>
    private let admit: @Sendable (Int32, VarlinkPeer, Bool) -> EventLoopFuture<Void>
    /// Room for connections that were handed over and are not taken up yet.
    private let room = DispatchSemaphore(value: VarlinkAcceptor.roomSize)
    private let closed: EventLoopPromise<Void>

    private static let roomSize = 64
    /// Connections taken in one go.
    private static let batch = 64
    /// Until the next try where the system has no descriptor or no memory left.
    private static let pause = DispatchTimeInterval.milliseconds(100)

    /// Begins to accept.
    ///
    /// - Parameters:
    ///   - listener: a socket that listens, owned from now on.
    ///   - keepsPlace: who may come as often as he likes; asked on the acceptor's queue.
    ///   - admit: owns a connected socket from then on, told whether its peer keeps a place; fulfilled when it is
    ///     taken up.
    init(
        _ listener: Int32, arrivalsPerUser: Int, eventLoop: any EventLoop,
        keepsPlace: @escaping @Sendable (VarlinkPeer) -> Bool,
        admit: @escaping @Sendable (Int32, VarlinkPeer, Bool) -> EventLoopFuture<Void>
    ) {
        self.listener = listener
        self.keepsPlace = keepsPlace
        self.admit = admit
        arrivals = NIOLockedValueBox(VarlinkArrivals(limit: arrivalsPerUser))
        let closed = eventLoop.makePromise(of: Void.self)
        self.closed = closed
        _ = fcntl(listener, F_SETFL, O_NONBLOCK)
        source = DispatchSource.makeReadSource(fileDescriptor: listener, queue: queue)
        source.setEventHandler { [weak self] in self?.acceptWaiting() }
        source.setCancelHandler {
            close(listener)
            closed.succeed()
        }
        source.activate()
    }

    /// Accepts nobody any more, and closes the socket. To be called once.
    func stop() async {
        source.cancel()
        try? await closed.futureResult.get()
    }

    private func acceptWaiting() {
        for _ in 0..<Self.batch {
            let descriptor = accept(listener, nil, nil)
            if descriptor < 0 {
                if errno == EAGAIN { return }
                if errno == EINTR || errno == ECONNABORTED { continue }
                return pauseAccepting()
            }
            // What a program that is started in between inherits is a connection that ends with it or before.
            _ = fcntl(descriptor, F_SETFD, FD_CLOEXEC)
            guard let peer = VarlinkPeer.read(from: descriptor), case let keepsPlace = keepsPlace(peer),
                arrivals.withLockedValue({ $0.takes(peer, keepsPlace: keepsPlace, at: .now()) })
            else {
                close(descriptor)
                continue
            }
            room.wait()
            admit(descriptor, peer, keepsPlace).whenComplete { [room] _ in room.signal() }
        }
    }

    private func pauseAccepting() {
        source.suspend()
        queue.asyncAfter(deadline: .now() + Self.pause) { self.source.resume() }
    }
}
