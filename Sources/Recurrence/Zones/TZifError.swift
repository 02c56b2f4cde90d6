/// Why the content of a file is not a zone.
public enum TZifError: Error, Hashable, Sendable, CustomStringConvertible {
    /// It does not begin with `TZif`.
    case notTZif
    /// It ends before its header says.
    case truncated
    /// A version that is none of 1 to 4.
    case unknownVersion(UInt8)
    /// It counts leap seconds, which POSIX time does not.
    case leapSeconds
    /// A header count is above the limit of this reader.
    case tooLarge(field: String, count: Int, limit: Int)
    /// A field breaks the format.
    case malformed(field: String, problem: String)
    /// The text after the data is not a POSIX time zone.
    case badFooter(String)

    /// What the content is instead of a zone, to be read after "is".
    public var description: String {
        switch self {
        case .notTZif: "not a TZif file"
        case .truncated: "a TZif file that ends too early"
        case .unknownVersion(let byte): "a TZif file of an unknown version (byte \(byte)); 1 to 4 are read"
        case .leapSeconds: "a TZif file with leap seconds; those of POSIX time have none"
        case .tooLarge(let field, let count, let limit):
            "a TZif file with \(field) \(count); up to \(limit) are read"
        case .malformed(let field, let problem): "a damaged TZif file: \(field) \(problem)"
        case .badFooter(let text): "a TZif file whose footer \"\(text)\" is not a POSIX time zone"
        }
    }
}
