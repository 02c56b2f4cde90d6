/// Tells whether a text is one JSON value, by the letter of RFC 8259. Foundation's decoder lets a comma before `]` pass
/// and reads numbers only when they are asked for, and what passes here goes to a surface as it is.
package struct JSONText {
    private let bytes: [UInt8]
    private(set) var place = 0

    /// Deeper than any data that a person thinks of; the check recurses.
    private static let depthLimit = 64

    package static func isValid(_ text: String) -> Bool {
        var reader = JSONText(bytes: Array(text.utf8))
        reader.skipSpace()
        guard reader.value(depth: 0) else { return false }
        reader.skipSpace()
        return reader.place == reader.bytes.count
    }

    init(bytes: [UInt8]) {
        self.bytes = bytes
    }

    private var next: UInt8? { place < bytes.count ? bytes[place] : nil }

    mutating func take(_ character: Unicode.Scalar) -> Bool {
        guard next == UInt8(ascii: character) else { return false }
        place += 1
        return true
    }

    private mutating func take(word: String) -> Bool {
        guard bytes[place...].starts(with: word.utf8) else { return false }
        place += word.utf8.count
        return true
    }

    mutating func skipSpace() {
        while let byte = next, byte == 0x20 || byte == 0x09 || byte == 0x0A || byte == 0x0D { place += 1 }
    }

    mutating func value(depth: Int) -> Bool {
        guard depth < Self.depthLimit, let first = next else { return false }
        switch first {
        case UInt8(ascii: "{"): return list(from: "{", to: "}") { $0.member(depth: depth + 1) }
        case UInt8(ascii: "["): return list(from: "[", to: "]") { $0.value(depth: depth + 1) }
        case UInt8(ascii: "\""): return string()
        case UInt8(ascii: "t"): return take(word: "true")
        case UInt8(ascii: "f"): return take(word: "false")
        case UInt8(ascii: "n"): return take(word: "null")
        default: return number()
        }
    }

    mutating func list(from open: Unicode.Scalar, to end: Unicode.Scalar, _ element: (inout JSONText) -> Bool) -> Bool {
        guard take(open) else { return false }
        skipSpace()
        if take(end) { return true }
        repeat {
            skipSpace()
            guard element(&self) else { return false }
            skipSpace()
        } while take(",")
        return take(end)
    }

    private mutating func member(depth: Int) -> Bool {
        guard string() else { return false }
        skipSpace()
        guard take(":") else { return false }
        skipSpace()
        return value(depth: depth)
    }

    mutating func string() -> Bool {
        guard take("\"") else { return false }
        while true {
            place = endOfPlain()
            guard let byte = next else { return false }
            place += 1
            switch byte {
            case UInt8(ascii: "\""): return true
            case UInt8(ascii: "\\"): guard escape() else { return false }
            default: return false
            }
        }
    }

    /// The next byte of a string that does not stand for itself: a quote, a backslash, a control character.
    private func endOfPlain() -> Int {
        bytes.withUnsafeBufferPointer { buffer in
            var end = place
            while end < buffer.count {
                switch buffer[end] {
                case 0x22, 0x5C, 0..<0x20: return end  // " \
                default: end += 1
                }
            }
            return end
        }
    }

    private mutating func escape() -> Bool {
        if take("u") {
            return (0..<4).allSatisfy { _ in
                defer { place += 1 }
                return next.map { Character(UnicodeScalar($0)).isHexDigit && $0 < 0x80 } ?? false
            }
        }
        return "\"\\/bfnrt".unicodeScalars.contains { take($0) }
    }

    private mutating func number() -> Bool {
        _ = take("-")
        // No zeros before other digits.
        if !take("0") { guard digits() else { return false } }
        if take(".") { guard digits() else { return false } }
        if take("e") || take("E") {
            if !take("+") { _ = take("-") }
            return digits()
        }
        return true
    }

    private mutating func digits() -> Bool {
        let start = place
        while let byte = next, (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) { place += 1 }
        return place > start
    }
}
