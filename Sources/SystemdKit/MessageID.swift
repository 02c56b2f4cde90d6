/// The id of a kind of journal entry: 128 bits as 32 lowercase hexadecimal digits, as `MESSAGE_ID=` of
/// systemd.journal-fields(7) and the catalog want it.
///
///     static let campaignActivated: MessageID = "7d4958e842da4a758f6c1cdc7b36dcc5"
public struct MessageID: Hashable, Sendable, CustomStringConvertible, ExpressibleByStringLiteral {
    /// The 32 digits.
    public let description: String

    /// Takes 32 lowercase hexadecimal digits that are not all 0.
    ///
    /// Uppercase and the form with dashes are refused: journalctl matches a field's text, so one id must have
    /// one spelling.
    ///
    /// - Throws: `MessageIDError` with what was given.
    public init(_ text: String) throws(MessageIDError) {
        guard Self.isValid(text) else { throw MessageIDError(value: text) }
        description = text
    }

    /// A literal in the program; a malformed one stops it.
    public init(stringLiteral text: String) {
        precondition(Self.isValid(text), "\(MessageIDError(value: text))")
        description = text
    }

    private static func isValid(_ text: String) -> Bool {
        let digits = text.utf8
        return digits.count == 32
            && digits.contains { $0 != UInt8(ascii: "0") }
            && digits.allSatisfy {
                UInt8(ascii: "0")...UInt8(ascii: "9") ~= $0 || UInt8(ascii: "a")...UInt8(ascii: "f") ~= $0
            }
    }
}

/// A text that is no message id.
public struct MessageIDError: Error, Hashable, Sendable, CustomStringConvertible {
    /// What was given.
    public let value: String

    /// `message id: "x" is not allowed; …`
    public var description: String {
        "message id: \"\(value)\" is not allowed; it must be 32 lowercase hexadecimal digits, not all 0"
    }
}
