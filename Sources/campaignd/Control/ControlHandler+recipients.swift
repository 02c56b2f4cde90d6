import CampaignEngine
import CampaignModel
import ControlAPI

/// What became of each recipient of a send.
extension ControlHandler {
    func recipients(
        of key: OccurrenceKey, states: Set<RecipientState>?,
        to take: @escaping @Sendable ([RecipientResultView]) async throws -> Void
    ) async throws -> Bool {
        _ = try await name(ofCampaignWith: key)
        do {
            return try await recipients.recipients(of: key, states: states) { results in
                try await take(results.map(RecipientResultView.init))
            }
        } catch let error as LauncherError {
            throw Self.launcherDown(error)
        }
    }
}
