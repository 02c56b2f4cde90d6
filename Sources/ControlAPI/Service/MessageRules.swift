public import CampaignModel

/// What a message's subject and headers may hold: nothing that could begin another header (RFC 5322 section 2.2).
public enum MessageRules {
    /// RFC 5322 section 2.1.1: no line longer than this, whatever is folded.
    public static let headerLimitBytes = 998
    /// More than any mail program sets.
    public static let headerLimit = 64
    /// IANA's registry of header fields has none half as long.
    public static let nameLimitBytes = 128

    /// - Throws: `FieldError` of `subject` or `headers`.
    public static func judge(subject: String?, headers: [MessageHeader]) throws(FieldError) {
        if let subject { try judge(subject, field: "subject") }
        guard headers.count <= headerLimit else {
            throw FieldError("headers", "\(headers.count)", "headers are too many; \(headerLimit) at most are allowed")
        }
        for header in headers {
            // RFC 5322 section 3.6.8: printable ASCII without the colon.
            let colon = UInt8(ascii: ":")
            guard !header.name.isEmpty, header.name.utf8.allSatisfy({ (33...126).contains($0) && $0 != colon }) else {
                throw FieldError("headers", header.name, "is not a header's name; use letters, digits and -")
            }
            guard header.name.utf8.count <= nameLimitBytes else {
                throw FieldError("headers", header.name, "is too long a name; \(nameLimitBytes) bytes are allowed")
            }
            try judge(header.value, field: "headers.\(header.name)")
        }
    }

    private static func judge(_ value: String, field: String) throws(FieldError) {
        guard value.utf8.count <= headerLimitBytes else {
            throw FieldError(field, value, "has \(value.utf8.count) bytes; \(headerLimitBytes) at most are allowed")
        }
        guard !value.unicodeScalars.contains(where: \.isUnsafeToDisplay) else {
            throw FieldError(field, value, "holds a line end or another control character; none is allowed")
        }
    }
}
