/// One field of a journal entry: a checked name and a value, which may hold any bytes.
///
///     JournalField("CAMPAIGN", "spring-newsletter")
public struct JournalField: Hashable, Sendable {
    /// A field's name: 1 to 64 of A–Z, 0–9 and `_`, the first one a letter. systemd.journal-fields(7)
    ///
    /// journald keeps names that start with `_` for itself and drops others that it does not like, without a
    /// word. The names that `JournalEntry` sets itself are refused too.
    public struct Name: Hashable, Sendable, CustomStringConvertible, ExpressibleByStringLiteral {
        /// journald's own limit.
        public static let maximumBytes = 64

        /// Set through properties of `JournalEntry` or of `Journal`.
        static let reserved: Set<String> = [
            "MESSAGE", "MESSAGE_ID", "PRIORITY", "SYSLOG_IDENTIFIER", "CODE_FILE", "CODE_LINE", "CODE_FUNC",
        ]

        /// The name itself.
        public let description: String

        /// Checks a name.
        ///
        /// - Throws: `JournalError.invalidName`.
        public init(_ text: String) throws(JournalError) {
            guard Self.isValid(text) else { throw .invalidName(text) }
            description = text
        }

        /// A name that stands in the program; a malformed one stops it.
        public init(stringLiteral text: String) {
            precondition(Self.isValid(text), "\(JournalError.invalidName(text))")
            description = text
        }

        private static func isValid(_ text: String) -> Bool {
            let letters = UInt8(ascii: "A")...UInt8(ascii: "Z")
            let digits = UInt8(ascii: "0")...UInt8(ascii: "9")
            guard let first = text.utf8.first, letters ~= first, text.utf8.count <= maximumBytes else { return false }
            return !reserved.contains(text)
                && text.utf8.allSatisfy { letters ~= $0 || digits ~= $0 || $0 == UInt8(ascii: "_") }
        }
    }

    /// The name.
    public let name: Name

    /// The value's bytes; line breaks and NUL too.
    public let value: [UInt8]

    /// A field with a text for its value.
    public init(_ name: Name, _ value: String) {
        self.init(name, bytes: Array(value.utf8))
    }

    /// A field with any bytes for its value.
    public init(_ name: Name, bytes value: [UInt8]) {
        self.name = name
        self.value = value
    }
}
