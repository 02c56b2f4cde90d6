import CampaignEngine
import Recurrence

/// The daemon's clocks, and the timer that ticks by them.
struct StoryClock: WallClock {
    let machine: Machine
    let life: Life

    func read() -> ClockReading {
        machine.judge.note(now: machine.time.now)
        return ClockReading(
            now: Instant(secondsSinceEpoch: machine.time.now), steady: .milliseconds(machine.time.steady))
    }

    func alarm(at instant: Instant?) {
        if !life.isOver { machine.armTick(at: instant?.secondsSinceEpoch) }
    }
}
