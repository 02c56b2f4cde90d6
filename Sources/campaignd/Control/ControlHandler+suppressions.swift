import CampaignEngine
import CampaignModel
import ControlAPI

/// Who wants no mail.
extension ControlHandler {
    func suppress(_ order: SuppressionOrder) async throws(ControlError) -> SuppressionOutcome {
        do {
            return try await suppressions.change(order)
        } catch {
            throw Self.launcherDown(error)
        }
    }

    func suppressed(
        _ addresses: [String], to take: @escaping @Sendable ([Suppression]) async throws -> Void
    ) async throws {
        let wrong: SuppressionOutcome?
        do {
            wrong = try await suppressions.suppressed(addresses, to: take)
        } catch let error as LauncherError {
            throw Self.launcherDown(error)
        }
        guard let first = wrong?.invalid.first, addresses.indices.contains(first.index) else { return }
        throw ControlError.invalidField(FieldError("addresses", addresses[first.index], first.reason))
    }
}
