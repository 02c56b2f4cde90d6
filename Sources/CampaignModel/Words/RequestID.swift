/// What names a person's or a program's `trigger` or `send-now`, so that a lost reply can be asked for again: the same
/// id is the same occurrence, for ever. 1 to 64 of A-Z, a-z, 0-9, `.`, `_`, `:` and `-`.
public struct RequestID: Hashable, Sendable, CustomStringConvertible {
    public let text: String

    /// Room for a UUID, and for an order's number with a word before it.
    public static let maximumLength = 64

    public init?(_ text: String) {
        guard (1...Self.maximumLength).contains(text.utf8.count), text.utf8.allSatisfy(Self.isAllowed) else {
            return nil
        }
        self.text = text
    }

    /// - Throws: ``FieldError`` naming `field` for any other text.
    public init(_ text: String, field: String) throws(FieldError) {
        guard let id = RequestID(text) else {
            throw FieldError(
                field, text, "is no request id; use 1 to \(Self.maximumLength) of A-Z, a-z, 0-9, ., _, : and -")
        }
        self = id
    }

    /// A new one from 80 random bits.
    public init(from generator: inout some RandomNumberGenerator) {
        let alphabet = Array("abcdefghijklmnopqrstuvwxyz234567")
        text = String((0..<16).map { _ in alphabet[Int.random(in: 0..<32, using: &generator)] })
    }

    public var description: String { text }

    private static func isAllowed(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"): true
        case UInt8(ascii: "0")...UInt8(ascii: "9"): true
        case UInt8(ascii: "."), UInt8(ascii: "_"), UInt8(ascii: ":"), UInt8(ascii: "-"): true
        default: false
        }
    }
}
