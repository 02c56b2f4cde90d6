import CampaignEngine
import CampaignModel

/// Keeps what was delivered, and fails as often, or takes as long, as it is told.
final class RecordingSink: EventSink {
    struct Failure: Error {}

    struct State: Sendable {
        var events: [RecordedEvent] = []
        var failures = 0
        var tries = 0
        var isHeld = false
    }

    let state = Watched(State())

    func fail(times: Int) { state.change { $0.failures = times } }
    func hold(_ isHeld: Bool) { state.change { $0.isHeld = isHeld } }

    func deliver(_ events: [RecordedEvent]) async throws {
        state.change { $0.tries += 1 }
        await state.until { !$0.isHeld }
        let fails = state.change { state in
            guard state.failures == 0 else {
                state.failures -= 1
                return true
            }
            state.events += events
            return false
        }
        if fails { throw Failure() }
    }
}
