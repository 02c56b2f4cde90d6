import NIOCore

/// Whose call is served next. Of each user only so many calls are served at once; the others wait in the order in which
/// they came, so that who asks for much waits behind himself, and not everybody behind him. Confined to one event loop.
final class VarlinkTurns {
    private struct Line {
        /// Those that have not passed on, the first begun first.
        var turns: [VarlinkTurn] = []
        var waiting = CircularBuffer<(VarlinkTurn) -> Void>()
        /// Set while somebody waits: a turn that nobody waits for may take its time.
        var alarm: Scheduled<Void>?
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
        if lines[uid, default: Line()].turns.count < limit {
            begin(start(for: uid))
        } else {
            lines[uid]?.waiting.append(begin)
            setAlarm(for: uid)
        }
    }

    private func start(for uid: UInt32) -> VarlinkTurn {
        let turn = VarlinkTurn(of: uid, in: self, passesOnAt: eventLoop.now + time)
        lines[uid, default: Line()].turns.append(turn)
        return turn
    }

    /// Has the next one begin in the turn's place, once.
    fileprivate func passOn(_ turn: VarlinkTurn) {
        let uid = turn.uid
        guard let index = lines[uid]?.turns.firstIndex(where: { $0 === turn }) else { return }
        lines[uid]?.turns.remove(at: index)
        if let next = lines[uid]?.waiting.popFirst() {
            next(start(for: uid))
        } else if lines[uid]?.turns.isEmpty == true {
            lines.removeValue(forKey: uid)?.alarm?.cancel()
        }
    }

    private func setAlarm(for uid: UInt32) {
        guard let line = lines[uid], line.alarm == nil, !line.waiting.isEmpty, let first = line.turns.first else {
            return
        }
        lines[uid]?.alarm = eventLoop.assumeIsolated().scheduleTask(deadline: first.passesOnAt) {
            self.lines[uid]?.alarm = nil
            let now = self.eventLoop.now
            for turn in self.lines[uid]?.turns ?? [] where turn.passesOnAt <= now { self.passOn(turn) }
            self.setAlarm(for: uid)
        }
    }
}

/// One call's right to be served.
final class VarlinkTurn {
    fileprivate let uid: UInt32
    /// When it does at the latest.
    fileprivate let passesOnAt: NIODeadline
    private let turns: VarlinkTurns

    fileprivate init(of uid: UInt32, in turns: VarlinkTurns, passesOnAt: NIODeadline) {
        self.uid = uid
        self.turns = turns
        self.passesOnAt = passesOnAt
    }

    /// Passes it on; what comes after the first time does nothing.
    func end() {
        turns.passOn(self)
    }
}
