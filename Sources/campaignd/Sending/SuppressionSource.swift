import CampaignEngine
import CampaignModel
import SendProtocol

/// Keeps who wants no mail. The daemon itself keeps no address, and nothing is decided by them.
protocol SuppressionSource: Sendable {
    /// Adds addresses or takes them out; on return that is on disk.
    ///
    /// - Throws: ``LauncherError`` where the sender does not answer, or refuses; it may be done all the same.
    func change(_ order: SuppressionOrder) async throws(LauncherError) -> SuppressionOutcome

    /// Gives those that want no mail.
    ///
    /// - Parameters:
    ///   - addresses: of these alone; empty: all.
    ///   - take: gets them, some hundreds at a time; no more come before it returns.
    /// - Returns: what is wrong with the addresses; nil where nothing is.
    /// - Throws: ``LauncherError``, and what `take` throws.
    func suppressed(
        _ addresses: [String], to take: ([Suppression]) async throws -> Void
    ) async throws -> SuppressionOutcome?
}

extension SenderLauncher: SuppressionSource {
    func change(_ order: SuppressionOrder) async throws(LauncherError) -> SuppressionOutcome {
        try await askOnce(.suppress(order), within: suppressionTimeout) { answer in
            if case .suppression(let outcome) = answer { outcome } else { nil }
        }
    }

    func suppressed(
        _ addresses: [String], to take: ([Suppression]) async throws -> Void
    ) async throws -> SuppressionOutcome? {
        var wrong: SuppressionOutcome?
        try await askPassing(.suppressed(addresses), within: suppressionTimeout) { answer in
            switch answer {
            case .suppressed(let entries):
                try await take(entries)
                return .more
            case .suppression(let outcome):
                wrong = outcome
                return .enough
            case .suppressedEnd: return .enough
            default: return Self.unexpected(answer)
            }
        }
        return wrong
    }
}
