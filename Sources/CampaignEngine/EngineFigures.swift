public import CampaignModel

/// What the engine has done since it began, in numbers that only grow. They are a monitor's: no decision rests on them.
public struct EngineFigures: Hashable, Sendable {
    /// From when a send is due to when its claim is in the ledger.
    public private(set) var claimLateness = DurationHistogram(bounds: Self.latenessBounds)
    /// From when a send is due to when its first hand-over is marked in the ledger. Waiting behind a cap counts.
    public private(set) var handOverLateness = DurationHistogram(bounds: Self.latenessBounds)
    /// What a tick took, by the steady clock.
    public private(set) var tickDuration = DurationHistogram(bounds: Self.tickBounds)
    public private(set) var failedTicks = 0
    /// Occurrences that ended, by their final state; a send that was tried again by a person ends once more.
    public private(set) var ended: [SendState: Int] = [:]
    /// Events that the sink has taken.
    public private(set) var deliveredEvents = 0

    /// From the precision of a timer to the longest late limits that people set.
    static let latenessBounds: [Duration] = [
        .milliseconds(10), .milliseconds(50), .milliseconds(100), .milliseconds(500), .seconds(1), .seconds(5),
        .seconds(15), .seconds(60), .seconds(300), .seconds(900), .seconds(3_600), .seconds(86_400),
    ]
    /// From a tick that finds nothing due to one that the watchdog would end.
    static let tickBounds: [Duration] = [
        .milliseconds(1), .milliseconds(5), .milliseconds(10), .milliseconds(50), .milliseconds(100),
        .milliseconds(500), .seconds(1), .seconds(5), .seconds(15), .seconds(60),
    ]

    public init() {}

    mutating func noteTick(took duration: Duration, hasFailed: Bool) {
        tickDuration.observe(duration)
        if hasFailed { failedTicks += 1 }
    }

    mutating func noteDelivery(of events: Int) { deliveredEvents += events }

    /// Takes note of what a decision has changed.
    ///
    /// - Parameters:
    ///   - reading: after its commit.
    ///   - open: the open send of a key, as it was before.
    mutating func note(_ decision: Decision, at reading: ClockReading, open: (OccurrenceKey) -> Send?) {
        for send in decision.claims {
            noteClaim(send, at: reading)
            if send.state.isFinal { noteEnd(of: send) }
        }
        for send in decision.updates {
            guard let before = open(send.key) else { continue }
            // A trigger whose time has come.
            if before.isToCome { noteClaim(send, at: reading) }
            if before.handedAt == nil, send.handedAt != nil, send.attempts == 1 {
                handOverLateness.observe(reading.since(send.due))
            }
            if send.state.isFinal { noteEnd(of: send) }
        }
    }

    private mutating func noteClaim(_ send: Send, at reading: ClockReading) {
        guard send.state == .claimed || send.state == .queued else { return }
        claimLateness.observe(reading.since(send.due))
    }

    /// A summary stands for all that it counts.
    private mutating func noteEnd(of send: Send) { ended[send.state, default: 0] += send.count ?? 1 }
}
