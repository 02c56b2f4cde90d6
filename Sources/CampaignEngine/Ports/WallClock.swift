public import Recurrence

/// Reads the time. Only the programs have a real one; the engine takes one reading for a whole turn.
public protocol WallClock: Sendable {
    func read() -> ClockReading
    /// Asks for a tick at `instant`, or when the tick interval is over, whichever comes first; a later call
    /// replaces an earlier one. Nil: at the tick interval.
    func alarm(at instant: Instant?)
}

/// The wall clock and the steady clock at one moment.
public struct ClockReading: Hashable, Sendable {
    /// Whole seconds, the fraction dropped: nothing is due before its second has begun.
    public let now: Instant
    /// What ``now`` leaves out, from zero up to a second. For measuring alone: no decision rests on it.
    public let fraction: Duration
    /// Time since an arbitrary start that no setting of the wall clock moves, suspend included (CLOCK_BOOTTIME).
    public let steady: Duration

    public init(now: Instant, fraction: Duration = .zero, steady: Duration) {
        self.now = now
        self.fraction = fraction
        self.steady = steady
    }

    /// How long ago that was by the wall clock; below zero for what is to come.
    func since(_ instant: Instant) -> Duration { .seconds(now - instant) + fraction }
}
