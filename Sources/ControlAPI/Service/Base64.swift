internal import FoundationEssentials

/// Base64 with padding (RFC 4648 section 4): no line ends, no other alphabet.
enum Base64 {
    static func encode(_ bytes: some Sequence<UInt8>) -> String {
        Data(bytes).base64EncodedString()
    }

    /// - Returns: nil for anything that ``encode(_:)`` does not give.
    static func decode(_ text: String) -> [UInt8]? {
        // Foundation lets stray bits before the padding pass; one text for each content is easier to reason about.
        guard let data = Data(base64Encoded: text), data.base64EncodedString() == text else { return nil }
        return [UInt8](data)
    }
}
