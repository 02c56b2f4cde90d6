import CampaignEngine
import CampaignModel

/// Keeps what was delivered, and fails as often as it is told.
final class RecordingSink: EventSink {
    struct Failure: Error {}

    struct State: Sendable {
        var events: [RecordedEvent] = []
        var failures = 0
        var tries = 0
    }

    let state = Watched(State())

    func fail(times: Int) { state.change { $0.failures = times } }

    func deliver(_ events: [RecordedEvent]) async throws {
        let fails = state.change { state in
            state.tries += 1
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
