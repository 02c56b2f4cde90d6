import CampaignEngine
import CampaignModel
import SendProtocol

/// Tells what became of the recipients of a send. The engine has no part in it: nothing is decided by that.
protocol RecipientSource: Sendable {
    /// Gives each address once, with its last result; invalid and repeated ones as often as the list has them.
    ///
    /// - Parameters:
    ///   - states: of those alone; nil: of all.
    ///   - take: gets the results, some hundreds at a time; no more come before it returns.
    /// - Returns: false where nothing is kept of the key.
    /// - Throws: ``LauncherError`` where the sender does not answer, and what `take` throws.
    func recipients(
        of key: OccurrenceKey, states: Set<RecipientState>?, to take: ([RecipientResult]) async throws -> Void
    ) async throws -> Bool
}

extension SenderLauncher: RecipientSource {
    func recipients(
        of key: OccurrenceKey, states: Set<RecipientState>?, to take: ([RecipientResult]) async throws -> Void
    ) async throws -> Bool {
        var isKept = false
        try await askPassing(.recipients(key, states: states), within: resultsTimeout) { answer in
            switch answer {
            case .recipients(let results):
                try await take(results)
                return .more
            case .recipientsEnd(let found):
                isKept = found
                return .enough
            default: return Self.unexpected(answer)
            }
        }
        return isKept
    }
}
