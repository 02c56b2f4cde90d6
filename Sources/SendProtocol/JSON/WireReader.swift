/// Reads a text that is one JSON value, by the letter of RFC 8259.
///
/// Foundation's decoder would do, too, but a program that loads it takes twice as long to start.
struct WireReader {
    private let bytes: ArraySlice<UInt8>
    private var place: Int

    /// The protocol's values go seven deep; the reader recurses.
    private static let depthLimit = 128

    /// - Returns: nil where the text is no JSON, or is nested deeper than 128.
    static func value(of bytes: [UInt8]) -> WireValue? {
        var reader = WireReader(bytes)
        guard let value = reader.value(depth: 0) else { return nil }
        reader.skipSpace()
        return reader.next == nil ? value : nil
    }

    private init(_ bytes: [UInt8]) {
        self.bytes = bytes[...]
        place = 0
    }

    private var next: UInt8? { place < bytes.endIndex ? bytes[place] : nil }

    private mutating func take(_ character: Unicode.Scalar) -> Bool {
        guard next == UInt8(ascii: character) else { return false }
        place += 1
        return true
    }

    private mutating func take(word: StaticString) -> Bool {
        let isThere = word.withUTF8Buffer { bytes[place...].starts(with: $0) }
        if isThere { place += word.utf8CodeUnitCount }
        return isThere
    }

    private mutating func skipSpace() {
        while let byte = next, byte == 0x20 || byte == 0x09 || byte == 0x0A || byte == 0x0D { place += 1 }
    }

    private mutating func value(depth: Int) -> WireValue? {
        skipSpace()
        guard depth < Self.depthLimit, let first = next else { return nil }
        switch first {
        case UInt8(ascii: "{"): return object(depth: depth + 1)
        case UInt8(ascii: "["): return list(depth: depth + 1)
        case UInt8(ascii: "\""): return string().map(WireValue.text)
        case UInt8(ascii: "t"): return take(word: "true") ? .flag(true) : nil
        case UInt8(ascii: "f"): return take(word: "false") ? .flag(false) : nil
        case UInt8(ascii: "n"): return take(word: "null") ? .null : nil
        default: return number().map(WireValue.number)
        }
    }

    private mutating func object(depth: Int) -> WireValue? {
        var members: [(name: String, value: WireValue)] = []
        place += 1
        skipSpace()
        if take("}") { return .object(members) }
        repeat {
            skipSpace()
            guard let name = string() else { return nil }
            skipSpace()
            guard take(":"), let value = value(depth: depth) else { return nil }
            members.append((name, value))
            skipSpace()
        } while take(",")
        return take("}") ? .object(members) : nil
    }

    private mutating func list(depth: Int) -> WireValue? {
        var values: [WireValue] = []
        place += 1
        skipSpace()
        if take("]") { return .list(values) }
        repeat {
            guard let value = value(depth: depth) else { return nil }
            values.append(value)
            skipSpace()
        } while take(",")
        return take("]") ? .list(values) : nil
    }

    // MARK: Strings

    private mutating func string() -> String? {
        guard take("\"") else { return nil }
        let start = place
        skipPlain()
        if next == UInt8(ascii: "\"") {
            defer { place += 1 }
            return String(validating: bytes[start..<place], as: UTF8.self)
        }
        var text = Array(bytes[start..<place])
        while !take("\"") {
            guard take("\\"), escape(into: &text) else { return nil }
            let start = place
            skipPlain()
            text += bytes[start..<place]
        }
        return String(validating: text, as: UTF8.self)
    }

    /// To the next byte that does not stand for itself: a quote, a backslash, a control character, the end.
    private mutating func skipPlain() {
        while let byte = next, byte >= 0x20, byte != UInt8(ascii: "\""), byte != UInt8(ascii: "\\") { place += 1 }
    }

    private mutating func escape(into text: inout [UInt8]) -> Bool {
        guard let kind = next else { return false }
        place += 1
        switch kind {
        case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"): text.append(kind)
        case UInt8(ascii: "b"): text.append(0x08)
        case UInt8(ascii: "f"): text.append(0x0C)
        case UInt8(ascii: "n"): text.append(0x0A)
        case UInt8(ascii: "r"): text.append(0x0D)
        case UInt8(ascii: "t"): text.append(0x09)
        case UInt8(ascii: "u"):
            guard let scalar = escapedScalar() else { return false }
            text += String(Character(scalar)).utf8
        default: return false
        }
        return true
    }

    /// Section 7: a character beyond U+FFFF is a pair of surrogates. Half of one stands for nothing.
    private mutating func escapedScalar() -> Unicode.Scalar? {
        guard let first = unit() else { return nil }
        guard (0xD800..<0xDC00).contains(first) else { return Unicode.Scalar(first) }
        guard take("\\"), take("u"), let second = unit(), (0xDC00..<0xE000).contains(second) else { return nil }
        return Unicode.Scalar(0x10000 + (first - 0xD800) << 10 + (second - 0xDC00))
    }

    private mutating func unit() -> UInt32? {
        var unit: UInt32 = 0
        for _ in 0..<4 {
            guard let byte = next, let digit = Character(Unicode.Scalar(byte)).hexDigitValue, byte < 0x80 else {
                return nil
            }
            unit = unit << 4 | UInt32(digit)
            place += 1
        }
        return unit
    }

    // MARK: Numbers

    private mutating func number() -> String? {
        let start = place
        _ = take("-")
        // No zeros before other digits.
        if !take("0") { guard digits() else { return nil } }
        if take(".") { guard digits() else { return nil } }
        if take("e") || take("E") {
            if !take("+") { _ = take("-") }
            guard digits() else { return nil }
        }
        return String(decoding: bytes[start..<place], as: UTF8.self)
    }

    private mutating func digits() -> Bool {
        let start = place
        while let byte = next, (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) { place += 1 }
        return place > start
    }
}
