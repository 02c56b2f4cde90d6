import CampaignModel

/// One e-mail address: `ann@example.org`. RFC 5321, section 4.1.2; characters beyond ASCII by RFC 6531, section 3.3.
///
/// The local part is a dot-atom or stands in quotes, the domain is a name or an address in brackets. Comments, folding
/// and the routes of old (RFC 5322, section 4.4) are no part of what people write down as their address, and refused.
/// Spaces and tabs around it are passed over, since lists are full of them.
public struct MailAddress: Hashable, Sendable, CustomStringConvertible {
    /// What stands before the @, without quotes: `ann`, or `ann and bob` of `"ann and bob"@example.org`.
    public let localPart: String
    /// In lower case: `example.org`, `xn--bcher-kva.example`, `bücher.example` as it was written, or `[192.0.2.1]`.
    public let domain: String
    /// The address as it goes over the wire: quoted only where it must be.
    public let text: String

    /// RFC 5321, section 4.5.3.1.1.
    public static let maximumLocalBytes = 64
    /// RFC 5321, section 4.5.3.1.2.
    public static let maximumDomainBytes = 255
    /// A path is 256 with its brackets. RFC 5321, section 4.5.3.1.3
    public static let maximumBytes = 254

    /// - Throws: ``MailAddressError`` for anything else.
    public init(_ text: String) throws(MailAddressError) {
        let bytes = text.utf8.trimmedBlanks
        guard !bytes.isEmpty else { throw MailAddressError(text, "it is empty; write name@example.org") }
        // Looked at before all else, as it may be megabytes; with quotes that it does not need.
        guard bytes.count <= Self.maximumBytes * 2 else {
            throw MailAddressError(text, "it has \(bytes.count) bytes; \(Self.maximumBytes) at most are allowed")
        }
        if let scalar = String(Substring(bytes)).unicodeScalars.first(where: \.isUnseen) {
            let code = String(scalar.value, radix: 16, uppercase: true)
            throw MailAddressError(text, "it holds the invisible character U+\(code); none is allowed")
        }
        // A quoted local part may hold an @, a domain never.
        guard let at = bytes.lastIndex(of: UInt8(ascii: "@")) else {
            throw MailAddressError(text, "it has no @; write name@example.org")
        }
        do {
            localPart = try Self.localPart(bytes[..<at])
            domain = try MailDomain.checked(Substring(bytes[bytes.index(after: at)...]))
        } catch {
            throw MailAddressError(text, error.reason)
        }
        self.text = Self.written(localPart) + "@" + domain
        guard self.text.utf8.count <= Self.maximumBytes else {
            throw MailAddressError(
                text, "it has \(self.text.utf8.count) bytes; \(Self.maximumBytes) at most are allowed")
        }
    }

    /// What tells addresses apart: all of it in lower case.
    ///
    /// By RFC 5321 a host may tell `Ann` from `ann`; none that people get mail from does, and a list that holds both
    /// means one person, who would get everything twice. listmonk keeps addresses in lower case, too. Nothing else is
    /// taken for the same: what follows a + or which dots don't count is its host's own affair.
    public var canonical: String { text.lowercased() }

    /// Whether only a relay with SMTPUTF8 can take it. RFC 6531
    public var needsUTF8: Bool { !text.utf8.allSatisfy { $0 < 0x80 } }

    public var description: String { text }

    /// A reason for which a part is refused.
    struct Fault: Error {
        let reason: String

        init(_ reason: String) {
            self.reason = reason
        }
    }

    private static func localPart(_ bytes: Substring.UTF8View) throws(Fault) -> String {
        let content =
            if bytes.first == UInt8(ascii: "\"") { try unquoted(bytes) } else { try dotAtom(bytes) }
        let count = written(content).utf8.count
        guard count <= maximumLocalBytes else {
            throw Fault("it has \(count) bytes before the @; \(maximumLocalBytes) at most are allowed")
        }
        return content
    }

    private static func dotAtom(_ bytes: Substring.UTF8View) throws(Fault) -> String {
        guard !bytes.isEmpty else { throw Fault("nothing stands before the @; write name@example.org") }
        for byte in bytes where !byte.isAtomText && byte != UInt8(ascii: ".") {
            let shown = byte == UInt8(ascii: " ") ? "a space" : String(UnicodeScalar(byte))
            throw Fault("it holds \(shown) before the @; letters, digits and .!#$%&'*+-/=?^_`{|}~ are allowed")
        }
        let text = String(Substring(bytes))
        guard isDotted(text) else {
            throw Fault("before the @ a dot stands at an end or beside another; put that part in \"quotes\"")
        }
        return text
    }

    /// RFC 5321's Quoted-string: printable ASCII, a backslash before `"` and `\`; beyond ASCII by RFC 6531.
    private static func unquoted(_ bytes: Substring.UTF8View) throws(Fault) -> String {
        var content: [UInt8] = []
        var isEscaped = false
        var rest = bytes.dropFirst()
        while let byte = rest.popFirst() {
            switch byte {
            case UInt8(ascii: "\\") where !isEscaped:
                isEscaped = true
                continue
            case UInt8(ascii: "\"") where !isEscaped:
                guard rest.isEmpty else { throw Fault("something stands between its quotes and the @") }
                guard !content.isEmpty else { throw Fault("nothing stands in its quotes") }
                return String(decoding: content, as: UTF8.self)
            default:
                content.append(byte)
                isEscaped = false
            }
        }
        throw Fault("the quotes before the @ are not closed")
    }

    private static func isDotted(_ text: String) -> Bool {
        text.utf8.split(separator: UInt8(ascii: "."), omittingEmptySubsequences: false).allSatisfy { !$0.isEmpty }
    }

    private static func written(_ localPart: String) -> String {
        let isDotAtom = localPart.utf8.allSatisfy { $0.isAtomText || $0 == UInt8(ascii: ".") } && isDotted(localPart)
        return isDotAtom ? localPart : localPart.quoted
    }
}

extension UInt8 {
    /// RFC 5322, section 3.2.3, and all beyond ASCII by RFC 6532.
    var isAtomText: Bool {
        switch self {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"): true
        case UInt8(ascii: "0")...UInt8(ascii: "9"), 0x80...: true
        default: Self.atomSigns.contains(self)
        }
    }

    private static let atomSigns = Array("!#$%&'*+-/=?^_`{|}~".utf8)
}

extension Unicode.Scalar {
    /// What nobody sees and a copied address often brings along: controls, byte order marks, spaces of no width, soft
    /// hyphens, spaces that are not the space. The joiners are part of words in Persian and in India's languages.
    fileprivate var isUnseen: Bool {
        switch value {
        // Looking a property up takes longer than all else that is done to an address.
        case 0x20...0x7E, 0x200C, 0x200D: false
        default: isUnsafeToDisplay || properties.isWhitespace || properties.isDefaultIgnorableCodePoint
            || properties.isNoncharacterCodePoint
        }
    }
}

extension String {
    /// In quotes, with a backslash before `"` and `\`. RFC 5322, section 3.2.4
    var quoted: String {
        var text = "\""
        for scalar in unicodeScalars {
            if scalar == "\"" || scalar == "\\" { text += "\\" }
            text.unicodeScalars.append(scalar)
        }
        return text + "\""
    }
}

extension BidirectionalCollection<UInt8> {
    /// Without the spaces and tabs at its ends.
    var trimmedBlanks: SubSequence {
        var rest = self[...]
        while let byte = rest.first, byte == 0x20 || byte == 0x09 { rest = rest.dropFirst() }
        while let byte = rest.last, byte == 0x20 || byte == 0x09 { rest = rest.dropLast() }
        return rest
    }
}
