/// The identity of an occurrence, unique for ever, and the idempotency key that goes along with its send.
///
/// The campaign's id, `/`, and: the nominal local time and zone for calendar rules, the UTC instant for
/// elapsed-time rules, `now/ID` or `trigger/ID` for asked ones. It holds no version, so that an edit can't
/// send an occurrence a second time. ASCII without white space, 1 to 200 bytes.
public struct OccurrenceKey: Hashable, Comparable, Sendable, CustomStringConvertible {
    public let text: String

    public static let maximumLength = 200

    public init?(_ text: String) {
        guard (1...Self.maximumLength).contains(text.utf8.count) else { return nil }
        guard text.utf8.allSatisfy({ (0x21...0x7E).contains($0) }) else { return nil }
        self.text = text
    }

    /// Whose it is: the part before the first `/`. A campaign's id, or one of the words for what is no campaign's
    /// (``AlertTelling/Notice/key``, ``SendTest/key``).
    public var owner: Substring { text.prefix { $0 != "/" } }

    /// The key as a shell takes it: in quotes where it holds a character that means something there, such as the
    /// brackets of a zone.
    public var quoted: String {
        if text.utf8.allSatisfy(Self.isPlain) { return text }
        let pieces = text.split(separator: "'", omittingEmptySubsequences: false)
        return "'" + pieces.joined(separator: "'\\''") + "'"
    }

    private static func isPlain(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"): true
        case UInt8(ascii: "0")...UInt8(ascii: "9"): true
        case UInt8(ascii: "/"), UInt8(ascii: "."), UInt8(ascii: "_"), UInt8(ascii: ":"), UInt8(ascii: "-"): true
        default: false
        }
    }

    public var description: String { text }
    public static func < (left: OccurrenceKey, right: OccurrenceKey) -> Bool { left.text < right.text }
}

extension OccurrenceKey: CheckedText {
    public static let whatItIs = "an occurrence key"
}
