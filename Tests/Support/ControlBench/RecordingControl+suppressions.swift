import CampaignModel
import ControlAPI
import Synchronization

/// Who wants no mail. What has no @ is no address here.
extension RecordingControl {
    var suppressed: [Suppression] { state.withLock { $0.suppressed } }

    func set(suppressed: [Suppression]) {
        state.withLock { $0.suppressed = suppressed }
    }

    func suppress(_ order: SuppressionOrder) async throws(ControlError) -> SuppressionOutcome {
        try await answered(.suppress(order), "suppress") { state in Self.apply(order, to: &state.suppressed) }
    }

    private static func apply(_ order: SuppressionOrder, to list: inout [Suppression]) -> SuppressionOutcome {
        var outcome = SuppressionOutcome(changed: 0, unchanged: 0)
        for (index, entry) in order.entries.enumerated() where !entry.address.contains("@") {
            outcome.invalidCount += 1
            outcome.invalid.append(SuppressionOutcome.InvalidAddress(index: index, reason: "it has no @"))
        }
        if outcome.invalidCount > 0, !order.skipsInvalid { return outcome }
        var changed = list
        var there = Set(list.map(\.address))
        for entry in order.entries where entry.address.contains("@") {
            switch order.kind {
            case .add where there.insert(entry.address).inserted: changed.append(entry)
            case .remove where there.remove(entry.address) != nil: changed.removeAll { $0.address == entry.address }
            case .add, .remove:
                outcome.unchanged += 1
                continue
            }
            outcome.changed += 1
        }
        if !order.isDryRun { list = changed }
        return outcome
    }

    func suppressed(
        _ addresses: [String], to take: @escaping @Sendable ([Suppression]) async throws -> Void
    ) async throws {
        let found = try await answered(.suppressed(addresses), "suppressed") { state in
            state.suppressed.filter { addresses.isEmpty || addresses.contains($0.address) }
        }
        for entry in found { try await take([entry]) }
    }
}
