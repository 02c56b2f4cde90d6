/// Strings, section 7.
extension JSONReader {
    /// The text of the string that begins at the next byte.
    ///
    /// - Parameter half: what half of a surrogate pair becomes, which the grammar allows and which stands for nothing;
    ///   it is refused where nil.
    public mutating func string(half: Unicode.Scalar? = nil) throws(JSONError) -> String {
        guard take("\"") else { throw unexpected }
        let start = position
        skipPlain()
        // Most strings hold no escape, and are taken whole.
        if next == UInt8(ascii: "\"") {
            defer { position += 1 }
            return try decoded(text(from: start), at: start)
        }
        var whole = Array(text(from: start))
        while !take("\"") {
            let escapeStart = position
            guard let scalar = try escape() ?? half else {
                throw JSONError(reason: .loneSurrogate, offset: escapeStart)
            }
            whole.append(contentsOf: scalar.utf8)
            let plainStart = position
            skipPlain()
            whole.append(contentsOf: text(from: plainStart))
        }
        return try whole.withUnsafeBufferPointer { whole throws(JSONError) in try decoded(whole, at: start) }
    }

    /// Steps over a string. Halves of surrogate pairs are allowed, and whether it is UTF-8 is not asked.
    public mutating func skipString() throws(JSONError) {
        guard take("\"") else { throw unexpected }
        skipPlain()
        while !take("\"") {
            _ = try escape()
            skipPlain()
        }
    }

    /// To the next byte that does not stand for itself: a quote, a backslash, a control character, the end.
    private mutating func skipPlain() {
        let end = bytes[position...].firstIndex { byte in
            byte < 0x20 || byte == UInt8(ascii: "\"") || byte == UInt8(ascii: "\\")
        }
        position = end ?? bytes.count
    }

    /// What the escape that must come next stands for; nil for half of a surrogate pair.
    private mutating func escape() throws(JSONError) -> Unicode.Scalar? {
        guard let byte = next else { throw unexpected }
        guard byte == UInt8(ascii: "\\") else { throw fault(.controlCharacterInString) }
        let start = position
        position += 1
        guard let letter = next else { throw unexpected }
        position += 1
        switch letter {
        case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"): return Unicode.Scalar(letter)
        case UInt8(ascii: "b"): return "\u{8}"
        case UInt8(ascii: "f"): return "\u{C}"
        case UInt8(ascii: "n"): return "\n"
        case UInt8(ascii: "r"): return "\r"
        case UInt8(ascii: "t"): return "\t"
        case UInt8(ascii: "u"): return try numberedScalar()
        default: throw JSONError(reason: .invalidEscape, offset: start)
        }
    }

    /// The scalar of `\uXXXX` from its digits on, or of two of them that are a surrogate pair.
    private mutating func numberedScalar() throws(JSONError) -> Unicode.Scalar? {
        let first = try fourHexDigits()
        let end = position
        guard (0xD800..<0xDC00).contains(first), take("\\"), take("u") else {
            position = end
            return Unicode.Scalar(first)
        }
        let second = try fourHexDigits()
        guard (0xDC00..<0xE000).contains(second) else {
            position = end
            return nil
        }
        return Unicode.Scalar(0x10000 + (first - 0xD800) << 10 + (second - 0xDC00))
    }

    private mutating func fourHexDigits() throws(JSONError) -> UInt32 {
        var value: UInt32 = 0
        for _ in 0..<4 {
            guard let byte = next else { throw unexpected }
            switch byte {
            case UInt8(ascii: "0")...UInt8(ascii: "9"): value = value << 4 | UInt32(byte & 0xF)
            case UInt8(ascii: "A")...UInt8(ascii: "F"), UInt8(ascii: "a")...UInt8(ascii: "f"):
                value = value << 4 | UInt32(byte & 0xF + 9)
            default: throw fault(.invalidEscape)
            }
            position += 1
        }
        return value
    }

    private func decoded(_ text: UnsafeBufferPointer<UInt8>, at offset: Int) throws(JSONError) -> String {
        guard let text = String(utf8: text) else { throw JSONError(reason: .invalidUTF8, offset: offset) }
        return text
    }
}
