import CampaignModel
import ControlAPI
import Synchronization

/// What became of recipients.
extension RecordingControl {
    /// What is kept of a send's recipients, in the parts in which it is told; nothing is kept of others.
    func set(results: [[RecipientResult]], of key: String) {
        state.withLock { $0.results[key] = results }
    }

    func recipients(
        of key: OccurrenceKey, states: Set<RecipientState>?,
        to take: @escaping @Sendable ([RecipientResultView]) async throws -> Void
    ) async throws -> Bool {
        let parts = try await answered(.recipients(key, states), key.text, missing: .send) { state in
            state.sends.contains { $0.key == key.text } ? state.results[key.text] ?? [] : nil
        }
        for part in parts {
            try await take(part.filter { states?.contains($0.state) ?? true }.map(RecipientResultView.init))
        }
        return !parts.isEmpty
    }
}
