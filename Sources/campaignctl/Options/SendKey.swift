import CampaignModel

/// A send's key on the command line.
enum SendKey {
    /// - Throws: ``FieldError`` for a text that no send can have as its key.
    static func read(_ text: String) throws(FieldError) -> OccurrenceKey {
        guard let key = OccurrenceKey(text) else {
            let limit = OccurrenceKey.maximumLength
            throw FieldError("key", text, "is not a key; keys are 1 to \(limit) ASCII characters without spaces")
        }
        return key
    }
}
