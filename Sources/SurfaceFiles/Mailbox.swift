internal import CampaignModel

/// Whom mail comes from or goes back to: `news@example.org` or `Example Shop <news@example.org>`. RFC 5322, 3.4
///
/// The address is held to what every mail server takes: letters, digits and the marks of an atom before the `@`, a
/// domain of ASCII after it (others have their `xn--` form).
public struct Mailbox: Hashable, Sendable {
    /// As a person would read it, without quotes around it.
    public let name: String?
    public let address: String

    /// Of a name: with its encoding it has to fit into a header that people see.
    private static let maximumNameBytes = 200
    /// RFC 5321, 4.5.3.1
    private static let maximumAddressBytes = 254
    private static let maximumLocalBytes = 64
    /// RFC 1035, 2.3.4
    private static let maximumLabelBytes = 63
    /// Letters and digits aside, what an atom may hold. RFC 5322, 3.2.3
    private static let atomMarks = Set("!#$%&'*+-/=?^_`{|}~.".utf8)

    public struct Fault: Error, Hashable {
        public let reason: String

        init(_ reason: String) {
            self.reason = reason
        }
    }

    public init(_ text: String) throws(Fault) {
        guard !text.unicodeScalars.contains(where: \.isUnsafeToDisplay) else {
            throw Fault("holds a control character")
        }
        guard text.last == ">", let start = text.lastIndex(of: "<") else {
            name = nil
            address = try Self.address(text[...])
            return
        }
        name = try Self.name(text[..<start])
        address = try Self.address(text[text.index(after: start)...].dropLast())
    }

    private static func name(_ text: Substring) throws(Fault) -> String? {
        var name = String(text).trimmed
        // Quotes as they would stand in a header are no part of it.
        if name.utf8.count >= 2, name.first == "\"", name.last == "\"" { name = String(name.dropFirst().dropLast()) }
        guard name.utf8.count <= maximumNameBytes else {
            throw Fault("has a name of \(name.utf8.count) bytes; \(maximumNameBytes) at most are allowed")
        }
        return name.isEmpty ? nil : name
    }

    private static func address(_ text: Substring) throws(Fault) -> String {
        let parts = text.split(separator: "@", omittingEmptySubsequences: false)
        guard parts.count == 2, text.utf8.count <= maximumAddressBytes, isLocalPart(parts[0]), isDomain(parts[1])
        else { throw Fault("is no address; write news@example.org or Example Shop <news@example.org>") }
        return String(text)
    }

    static func isAtomByte(_ byte: UInt8) -> Bool {
        switch byte {
        case 0x30...0x39, 0x41...0x5A, 0x61...0x7A: true
        default: atomMarks.contains(byte)
        }
    }

    private static func isLocalPart(_ text: Substring) -> Bool {
        (1...maximumLocalBytes).contains(text.utf8.count) && text.utf8.allSatisfy(isAtomByte)
            && text.first != "." && text.last != "." && !text.contains("..")
    }

    private static func isDomain(_ text: Substring) -> Bool {
        text.split(separator: ".", omittingEmptySubsequences: false).allSatisfy { label in
            (1...maximumLabelBytes).contains(label.utf8.count) && label.first != "-" && label.last != "-"
                && label.allSatisfy { $0.isASCII && ($0.isLetter || $0.isNumber || $0 == "-") }
        }
    }
}

extension String {
    /// Without spaces at its ends.
    fileprivate var trimmed: String {
        String(drop { $0 == " " }.reversed().drop { $0 == " " }.reversed())
    }
}
