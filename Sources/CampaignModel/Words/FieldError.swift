/// A value that a person gave and that can't be taken: which field, the value, and why with what is allowed.
///
/// It becomes `InvalidField` on the wire. The sentence is made here and nowhere else:
/// `at: "25:00" is not a time of day; hours are 00 to 23`.
public struct FieldError: Error, Hashable, Sendable, CustomStringConvertible {
    /// The field as its author knows it, with dots for nesting: `schedule.at`.
    public let field: String
    /// The value as given, cut at ``valueLimit`` Unicode scalars; nil where a value is missing.
    public let value: String?
    /// Why not, and what is allowed, to be read after the value: `is not a time of day; …`.
    public let reason: String

    /// More of a value than this helps nobody to recognise it, and it may be megabytes. Scalars and not characters:
    /// a character may be megabytes itself, by its combining marks.
    public static let valueLimit = 80

    public init(_ field: String, _ value: String?, _ reason: String) {
        self.field = field
        self.value = value.map(Self.cut)
        self.reason = reason
    }

    public var description: String {
        guard let value else { return "\(field): \(reason)" }
        return "\(field): \"\(value.escapedForDisplay)\" \(reason)"
    }

    /// A value that somebody wrote as an error's sentence shows it: cut as ``value`` is, and safe to display.
    public static func shown(_ value: String) -> String { cut(value).escapedForDisplay }

    private static func cut(_ value: String) -> String {
        let scalars = value.unicodeScalars
        guard let end = scalars.index(scalars.startIndex, offsetBy: valueLimit, limitedBy: scalars.endIndex),
            end < scalars.endIndex
        else { return value }
        return String(scalars[..<end]) + "…"
    }
}
