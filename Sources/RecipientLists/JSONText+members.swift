extension JSONText {
    /// The members of a text that is one JSON object, as places in it: the names with their quotes, and the values.
    ///
    /// - Returns: nil where it is none.
    static func members(of bytes: [UInt8]) -> [(name: Range<Int>, value: Range<Int>)]? {
        var reader = JSONText(bytes: bytes)
        var members: [(name: Range<Int>, value: Range<Int>)] = []
        reader.skipSpace()
        let isObject = reader.list(from: "{", to: "}") { reader in
            let nameStart = reader.place
            guard reader.string() else { return false }
            let name = nameStart..<reader.place
            reader.skipSpace()
            guard reader.take(":") else { return false }
            reader.skipSpace()
            let valueStart = reader.place
            guard reader.value(depth: 1) else { return false }
            members.append((name, valueStart..<reader.place))
            return true
        }
        reader.skipSpace()
        return isObject && reader.place == bytes.count ? members : nil
    }

    /// The text that a JSON string stands for. Half of a surrogate pair, which stands for nothing, becomes U+FFFD.
    ///
    /// - Parameter string: valid, with its quotes.
    static func unescaped(_ string: ArraySlice<UInt8>) -> String {
        let inner = string.dropFirst().dropLast()
        guard inner.contains(UInt8(ascii: "\\")) else { return String(decoding: inner, as: UTF8.self) }
        var text: [UInt8] = []
        var rest = inner
        while let byte = rest.popFirst() {
            guard byte == UInt8(ascii: "\\"), let kind = rest.popFirst() else {
                text.append(byte)
                continue
            }
            switch kind {
            case UInt8(ascii: "b"): text.append(0x08)
            case UInt8(ascii: "f"): text.append(0x0C)
            case UInt8(ascii: "n"): text.append(0x0A)
            case UInt8(ascii: "r"): text.append(0x0D)
            case UInt8(ascii: "t"): text.append(0x09)
            case UInt8(ascii: "u"): text += Array(String(scalar(from: &rest)).utf8)
            default: text.append(kind)
            }
        }
        return String(decoding: text, as: UTF8.self)
    }

    /// The character whose first four digits come next, RFC 8259 section 7.
    private static func scalar(from rest: inout ArraySlice<UInt8>) -> Unicode.Scalar {
        let first = unit(rest.prefix(4))
        rest = rest.dropFirst(4)
        if (0xD800..<0xDC00).contains(first), rest.starts(with: "\\u".utf8) {
            let second = unit(rest.dropFirst(2).prefix(4))
            if (0xDC00..<0xE000).contains(second) {
                rest = rest.dropFirst(6)
                return Unicode.Scalar(0x10000 + (first - 0xD800) << 10 + (second - 0xDC00)) ?? "\u{FFFD}"
            }
        }
        return Unicode.Scalar(first) ?? "\u{FFFD}"
    }

    private static func unit(_ digits: ArraySlice<UInt8>) -> UInt32 {
        UInt32(String(decoding: digits, as: UTF8.self), radix: 16) ?? 0xFFFD
    }
}
