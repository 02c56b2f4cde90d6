/// A name for use in commands and files: `[a-z0-9][a-z0-9-]{0,62}`.
///
/// Campaigns, messages, surfaces, audiences and tags have one. A slug is never a path, a part of SQL or an
/// option of a command, since it can hold no `/`, no quote and no leading `-`.
public struct Slug: Hashable, Comparable, Sendable, CustomStringConvertible {
    public let text: String

    /// DNS's limit for a label, so that a name fits wherever one is needed.
    public static let maximumLength = 63

    /// - Throws: ``FieldError`` naming `field` for any other text.
    public init(_ text: String, field: String) throws(FieldError) {
        guard let slug = Slug(text) else {
            throw FieldError(
                field, text,
                "is not a name; use a-z, 0-9 and -, starting with a letter or digit, "
                    + "\(Self.maximumLength) characters at most")
        }
        self = slug
    }

    public init?(_ text: String) {
        let bytes = text.utf8
        guard (1...Self.maximumLength).contains(bytes.count), bytes.first != UInt8(ascii: "-") else { return nil }
        for byte in bytes {
            switch byte {
            case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "0")...UInt8(ascii: "9"): continue
            case UInt8(ascii: "-"): continue
            default: return nil
            }
        }
        self.text = text
    }

    public var description: String { text }
    public static func < (left: Slug, right: Slug) -> Bool { left.text < right.text }
}

extension Slug: CheckedText {
    public static let whatItIs = "a name"
}
