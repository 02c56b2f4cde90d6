/// What is done to a column's value so that it stays a value where it is put.
enum Escaping: Hashable {
    case none
    /// The five characters that mean something in HTML, between tags and in quoted attributes.
    case html
    /// Everything but RFC 3986's unreserved characters as %XX: a piece of a URI.
    case percent
    /// What no URI may hold as %XX, all else as it is: a whole URI.
    case uri

    func append(_ value: [UInt8], to text: inout [UInt8]) {
        switch self {
        case .none: text.append(contentsOf: value)
        case .html: Self.appendHTML(value, to: &text)
        case .percent: Self.appendPercent(value, to: &text) { $0.isUnreserved }
        case .uri: Self.appendPercent(value, to: &text) { $0.isUnreserved || $0.isReserved }
        }
    }

    /// Byte by byte: a quote with a combining accent is another character than the quote to Swift, and a quote
    /// to browsers.
    private static func appendHTML(_ value: [UInt8], to text: inout [UInt8]) {
        for byte in value {
            switch byte {
            case UInt8(ascii: "&"): text += ampersand
            case UInt8(ascii: "<"): text += less
            case UInt8(ascii: ">"): text += greater
            case UInt8(ascii: "\""): text += quote
            case UInt8(ascii: "'"): text += apostrophe
            default: text.append(byte)
            }
        }
    }

    private static let ampersand = Array("&amp;".utf8)
    private static let less = Array("&lt;".utf8)
    private static let greater = Array("&gt;".utf8)
    private static let quote = Array("&quot;".utf8)
    private static let apostrophe = Array("&#39;".utf8)

    private static func appendPercent(_ value: [UInt8], to text: inout [UInt8], except isAllowed: (UInt8) -> Bool) {
        for byte in value {
            if isAllowed(byte) {
                text.append(byte)
            } else {
                text.append(UInt8(ascii: "%"))
                text.append(byte.hexDigits.high)
                text.append(byte.hexDigits.low)
            }
        }
    }
}

extension UInt8 {
    /// RFC 3986, section 2.3.
    fileprivate var isUnreserved: Bool {
        isLetter || isDigit || self == UInt8(ascii: "-") || self == UInt8(ascii: ".") || self == UInt8(ascii: "_")
            || self == UInt8(ascii: "~")
    }

    /// RFC 3986, section 2.2, and the percent sign of what is written as %XX already.
    fileprivate var isReserved: Bool { Self.reserved.contains(self) }

    private static let reserved = Array(":/?#[]@!$&'()*+,;=%".utf8)

    /// In upper case, as quoted-printable (RFC 2045, section 6.7) and URIs want them.
    var hexDigits: (high: UInt8, low: UInt8) { (Self.digits[Int(self >> 4)], Self.digits[Int(self & 15)]) }

    private static let digits = Array("0123456789ABCDEF".utf8)
}
