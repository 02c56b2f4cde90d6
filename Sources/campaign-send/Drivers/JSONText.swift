/// Tells whether a text is one JSON value, by the letter of RFC 8259. Foundation's decoder lets a comma before `]` pass
/// and reads numbers only when they are asked for, and what passes here goes to a surface as it is.
struct JSONText {
    private let bytes: [UInt8]
    private var place = 0

    /// Deeper than any data that a person thinks of; the check recurses.
    private static let depthLimit = 64

    static func isValid(_ text: String) -> Bool {
        var reader = JSONText(bytes: Array(text.utf8))
        reader.skipSpace()
        guard reader.value(depth: 0) else { return false }
        reader.skipSpace()
        return reader.place == reader.bytes.count
    }

    private init(bytes: [UInt8]) {
        self.bytes = bytes
    }

    private var next: UInt8? { place < bytes.count ? bytes[place] : nil }

    private mutating func take(_ character: Character) -> Bool {
        guard let byte = character.asciiValue, next == byte else { return false }
        place += 1
        return true
    }

    private mutating func take(word: String) -> Bool {
        guard bytes[place...].starts(with: word.utf8) else { return false }
        place += word.utf8.count
        return true
    }

    private mutating func skipSpace() {
        while let byte = next, [0x20, 0x09, 0x0A, 0x0D].contains(byte) { place += 1 }
    }

    private mutating func value(depth: Int) -> Bool {
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

    private mutating func list(from open: Character, to end: Character, _ element: (inout JSONText) -> Bool) -> Bool {
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

    private mutating func string() -> Bool {
        guard take("\"") else { return false }
        while let byte = next {
            place += 1
            switch byte {
            case UInt8(ascii: "\""): return true
            case UInt8(ascii: "\\"): guard escape() else { return false }
            case 0..<0x20: return false
            default: continue
            }
        }
        return false
    }

    private mutating func escape() -> Bool {
        if take("u") {
            return (0..<4).allSatisfy { _ in
                defer { place += 1 }
                return next.map { Character(UnicodeScalar($0)).isHexDigit && $0 < 0x80 } ?? false
            }
        }
        return "\"\\/bfnrt".contains { take($0) }
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
