import CampaignModel

/// An address with the name that people see before it: `The Shop <shop@example.org>`. RFC 5322, section 3.4
public struct Mailbox: Hashable, Sendable, CustomStringConvertible {
    /// In any script; nil where there is none.
    public let name: String?
    public let address: MailAddress

    public init(name: String? = nil, address: MailAddress) {
        self.name = name
        self.address = address
    }

    /// Reads `shop@example.org`, `The Shop <shop@example.org>` and `"Shop, the" <shop@example.org>`. A name may hold
    /// anything but control characters; one in quotes is what stands in them.
    ///
    /// - Throws: ``MailAddressError`` for anything else; several addresses, too.
    public init(_ text: String) throws(MailAddressError) {
        let (name, address) = Self.parts(text)
        if let name, name.unicodeScalars.contains(where: \.isUnsafeToDisplay) {
            throw MailAddressError(text, "its name holds a control character; none is allowed")
        }
        self.name = name
        do {
            self.address = try MailAddress(address)
        } catch {
            throw MailAddressError(text, error.reason)
        }
    }

    public var description: String { name.map { "\($0) <\(address)>" } ?? address.text }

    /// The name, and what should be the address.
    static func parts(_ text: String) -> (name: String?, address: String) {
        let bytes = text.utf8.trimmedBlanks
        guard bytes.last == UInt8(ascii: ">"), let open = bytes.lastIndex(of: UInt8(ascii: "<")) else {
            return (nil, String(Substring(bytes)))
        }
        let address = bytes[bytes.index(after: open)...].dropLast()
        var name = bytes[..<open].trimmedBlanks
        if name.count >= 2, name.first == UInt8(ascii: "\""), name.last == UInt8(ascii: "\"") {
            name = name.dropFirst().dropLast()
            return (withoutBackslashes(name), String(Substring(address)))
        }
        return (name.isEmpty ? nil : String(Substring(name)), String(Substring(address)))
    }

    private static func withoutBackslashes(_ quoted: Substring.UTF8View) -> String? {
        var content: [UInt8] = []
        var isEscaped = false
        for byte in quoted {
            if byte == UInt8(ascii: "\\"), !isEscaped {
                isEscaped = true
            } else {
                content.append(byte)
                isEscaped = false
            }
        }
        return content.isEmpty ? nil : String(decoding: content, as: UTF8.self)
    }
}
