import CampaignEngine
import CampaignModel
import SendProtocol

/// Makes a message as one recipient would get it. The engine has no part in it: nothing is decided by that.
protocol MessageComposer: Sendable {
    /// - Parameter take: gets the message's bytes in order, a piece at a time; no more come before it returns.
    /// - Returns: what is known of the message, once all of it was taken; or why there is none.
    /// - Throws: ``LauncherError`` where the sender does not answer, and what `take` throws.
    func compose(
        _ request: ComposeRequest, to take: ([UInt8]) async throws -> Void
    ) async throws -> Composition
}

extension SenderLauncher: MessageComposer {
    func compose(
        _ request: ComposeRequest, to take: ([UInt8]) async throws -> Void
    ) async throws -> Composition {
        var found: Composition?
        var left = 0
        try await askPassing(.compose(request), within: audienceTimeout) { answer in
            switch answer {
            case .composed(let composition) where found == nil:
                found = composition
                guard case .composed(let message) = composition else { return .enough }
                left = message.size
                return .more
            case .piece(let bytes) where bytes.count <= left:
                left -= bytes.count
                try await take(bytes)
                return left == 0 ? .enough : .more
            default: return Self.unexpected(answer)
            }
        }
        guard let found else { throw LauncherError("the connection ended before an answer") }
        return found
    }
}
