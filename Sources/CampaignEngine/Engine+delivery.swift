public import CampaignModel
public import Recurrence

/// The history on its way out, by the ledger's cursor, and what people may see of the engine.
extension Engine {
    /// How far the history has been delivered, and to whom its growth is told.
    struct Delivery {
        var task: Task<Void, Never>?
        /// The last number that the sink has taken; nil before the ledger's cursor is read.
        var delivered: Int64?
        /// Where the ledger's cursor stands.
        var marked: Int64 = 0
        /// How often a sink that takes nothing is tried again.
        var pace = RetryPace()
        var followers: [Int: AsyncStream<Void>.Continuation] = [:]
        var nextFollower = 0
    }

    /// Events given to the sink at a time.
    static let deliveryLimit = 200
    /// How far the ledger's cursor may be behind what is delivered, until the next turn: each move of it is a write
    /// that has to reach the disk, and after a crash so many events at most come twice.
    static let markDistance: Int64 = 32

    /// Starts delivering what is new, unless that is under way.
    func deliver() {
        for continuation in delivery.followers.values { continuation.yield() }
        guard !isStopping, delivery.task == nil, delivery.pace.mayTry(at: clock.read().steady) else { return }
        delivery.task = Task { await deliverAll() }
    }

    /// Delivers until nothing is new; a sink that can't take them gets the same ones again later.
    private func deliverAll() async {
        while let events = undelivered(), let last = events.last {
            do {
                try await sink.deliver(events)
                delivery.delivered = last.sequence
                figures.noteDelivery(of: events.count)
                delivery.pace.worked()
                // The turn that follows goes on with it.
                if claimsComeFirst, !isStopping { break }
            } catch {
                delivery.pace.failed(at: clock.read().steady)
                break
            }
        }
        // No suspension since it was seen that nothing is new: what comes from here on finds no task under way.
        delivery.task = nil
        if delivery.pace.retryAt != nil { clock.alarm(at: nextTurn(after: clock.read())) }
    }

    /// The next events that the sink has not taken; nil where the ledger can't be read.
    private func undelivered() -> [RecordedEvent]? {
        if delivery.delivered == nil, let cursor = try? ledger.deliveredSequence() {
            delivery.delivered = cursor
            delivery.marked = cursor
        }
        guard let delivered = delivery.delivered else { return nil }
        if delivered - delivery.marked >= Self.markDistance { markDelivered() }
        return try? ledger.events(after: delivered, limit: Self.deliveryLimit)
    }

    /// Brings the ledger's cursor to where the sink is. Where a full disk keeps it from that nothing is delivered twice
    /// all the same, and the next turn tries again.
    func markDelivered() {
        guard let delivered = delivery.delivered, delivered > delivery.marked else { return }
        do {
            try ledger.markDelivered(through: delivered)
            delivery.marked = delivered
        } catch {
            return
        }
    }

    /// Says each time that the history may have grown; the reader asks the ledger what is new.
    public func growth() -> AsyncStream<Void> {
        let id = delivery.nextFollower
        delivery.nextFollower += 1
        let (stream, continuation) = AsyncStream.makeStream(of: Void.self, bufferingPolicy: .bufferingNewest(1))
        if isStopping {
            continuation.finish()
            return stream
        }
        continuation.onTermination = { _ in Task { await self.forgetFollower(id) } }
        delivery.followers[id] = continuation
        continuation.yield()
        return stream
    }

    private func forgetFollower(_ id: Int) { delivery.followers[id] = nil }

    /// Records that the daemon ends, hands over nothing more, and delivers what is left of the history.
    public func stop() async {
        isStopping = true
        let now = clock.read().now
        let event = Event(.daemonStopped, at: now, campaign: nil, actor: .daemon, text: "campaignd stops")
        try? ledger.append([event], at: now)
        // One after the other: events keep their order, and none is given twice.
        while let task = delivery.task { await task.value }
        await deliverAll()
        markDelivered()
        for continuation in delivery.followers.values { continuation.finish() }
    }

    /// What the daemon's own state is, for `status`.
    public struct Overview: Sendable {
        /// In no order.
        public let openSends: [Send]
        /// Handed over or running.
        public let sendsUnderWay: Int
        public let alerts: [Alert]
        public let nextWake: Instant?
        /// The last turn that could fire; nil before the first.
        public let lastTickAt: Instant?
        /// The number of the last event that the sink has taken; nil before the ledger's cursor is read.
        public let deliveredSequence: Int64?
        public let figures: EngineFigures
    }

    public func overview() -> Overview {
        Overview(
            openSends: queue.openSends, sendsUnderWay: queue.busyCount, alerts: standingAlerts,
            nextWake: (try? ledger.earliestWake()) ?? nil, lastTickAt: lastTurnAt,
            deliveredSequence: delivery.delivered, figures: figures)
    }

    /// Whether something goes on by itself: a hand-over, a question to the sender, the delivery of the history.
    public var isUnderWay: Bool { handOvers.isListening || handOvers.isWaiting || delivery.task != nil }

    /// Where each queued send stands in line, from 1.
    public var queuePositions: [OccurrenceKey: Int] { queue.positions() }
}
