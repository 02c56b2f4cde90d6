import NIOCore

/// Whose call is served next. Of each user only so many calls are served at once; the others wait in the order in which
/// they came, so that who asks for much waits behind himself, and not everybody behind him. Confined to one event loop.
final class VarlinkTurns {
    private struct Line {
        var taken = 0
        var waiting = CircularBuffer<() -> Void>()
    }

    private let eventLoop: any EventLoop
    private let limit: Int
    private let time: TimeAmount
    /// Of each user who has a turn.
    private var lines: [UInt32: Line] = [:]

    /// - Parameters:
    ///   - limit: the turns that one user has at once.
    ///   - time: after so long a turn passes on, whether it has ended or not: it shares out work, and what takes its
    ///     time mostly waits for something else.
    init(eventLoop: any EventLoop, limit: Int, time: TimeAmount) {
        self.eventLoop = eventLoop
        self.limit = limit
        self.time = time
    }

    /// - Parameter begin: called when the turn has come, at once where the user has one left.
    func take(for uid: UInt32, _ begin: @escaping (VarlinkTurn) -> Void) {
        if lines[uid, default: Line()].taken < limit {
            start(for: uid, begin)
        } else {
            lines[uid]?.waiting.append { self.start(for: uid, begin) }
        }
    }

    private func start(for uid: UInt32, _ begin: (VarlinkTurn) -> Void) {
        lines[uid, default: Line()].taken += 1
        begin(VarlinkTurn(eventLoop, time) { self.passOn(uid) })
    }

    private func passOn(_ uid: UInt32) {
        lines[uid]?.taken -= 1
        if let next = lines[uid]?.waiting.popFirst() {
            next()
        } else if lines[uid]?.taken == 0 {
            lines[uid] = nil
        }
    }
}

/// One call's right to be served.
final class VarlinkTurn {
    private var onEnd: (() -> Void)?
    private var alarm: Scheduled<Void>?

    fileprivate init(_ eventLoop: any EventLoop, _ time: TimeAmount, onEnd: @escaping () -> Void) {
        self.onEnd = onEnd
        alarm = eventLoop.assumeIsolated().scheduleTask(in: time) { self.end() }
    }

    /// Passes it on; what comes after the first time does nothing.
    func end() {
        alarm?.cancel()
        alarm = nil
        guard let onEnd else { return }
        self.onEnd = nil
        onEnd()
    }
}
