import CampaignModel
import Recurrence

/// Whether the wall clock is to be believed, and whether it was set.
struct ClockJudge {
    /// No clock of a sound machine reads earlier than the release that it runs.
    let earliest: Instant
    /// The earliest clock that a person took for right; nil where none ever did.
    private var accepted: Instant?
    private var last: ClockReading?

    /// The two clocks are read one after the other and the wall clock drops its fraction: less is no jump.
    static let jumpSeconds: Int64 = 2

    init(earliest: Instant) {
        self.earliest = earliest
    }

    /// A person takes the clock for right that reads so; one that reads later is, too.
    mutating func accept(_ clock: Instant?) {
        accepted = clock
        last = nil
    }

    /// Why nothing may fire at this reading; nil for a clock that is believed.
    func suspicion(of reading: ClockReading, newestWrite: Instant?, tolerance: Duration) -> String? {
        if reading.now < min(earliest, accepted ?? earliest) {
            return "the clock reads \(reading.now), earlier than this release (\(earliest)); set it right"
        }
        if let newestWrite, reading.now < newestWrite - tolerance.secondsRoundedUp {
            return "the clock reads \(reading.now), and the ledger was written at \(newestWrite); set it right"
        }
        return nil
    }

    /// By how many seconds the wall clock was set since the reading that was noted last; nil where it just went on.
    func jump(at reading: ClockReading) -> Int64? {
        guard let last else { return nil }
        let wall = reading.now - last.now
        let steady = (reading.steady - last.steady).components.seconds
        let jump = wall - steady
        return abs(jump) >= Self.jumpSeconds ? jump : nil
    }

    mutating func note(_ reading: ClockReading) { last = reading }
}
