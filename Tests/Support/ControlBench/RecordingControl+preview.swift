import CampaignModel
import ControlAPI
import Synchronization

/// A message as one recipient would get it.
extension RecordingControl {
    /// What any message looks like, in the pieces in which it comes.
    func set(preview composed: ComposedMessage, pieces: [[UInt8]]) {
        let view = MessagePreviewView(
            Sample.message(revision: 2), surface: Slug("newsletter")!, audience: Slug("subscribers")!, composed)
        state.withLock { $0.preview = (view, pieces) }
    }

    func previewMessage(
        _ query: MessagePreviewQuery, to take: @escaping @Sendable ([UInt8]) async throws -> Void
    ) async throws -> MessagePreviewView {
        let (view, pieces) = try await answered(.previewMessage(query), query.name.text, missing: .message) {
            $0.preview
        }
        for piece in pieces { try await take(piece) }
        return view
    }
}
