import JSONTokens

/// Text that is the very one that its value is ``JSONValue/serialized`` as, told without making the value.
///
/// What is printed alike needs no reading to be passed on. Whatever may be something else – white space, keys out of
/// order, an escape or a number that could be written otherwise – counts as such, and is left to the reader.
struct CanonicalJSON {
    private var text: JSONReader
    private var isASCII = true
    private var values = 0

    /// More digits than these may be more than 64 bits hold. A sign is counted as one.
    private static let digitLimit = 18

    /// Where the canonical object ends that begins at `start`, and how many values it holds; nil where there is none.
    ///
    /// - Parameter depth: how many objects and arrays may be inside one another.
    static func object(
        at start: Int, in bytes: UnsafeBufferPointer<UInt8>, depth: Int
    ) -> (end: Int, values: Int)? {
        var canonical = CanonicalJSON(text: JSONReader(bytes, at: start))
        guard canonical.text.next == UInt8(ascii: "{"), canonical.value(depth: depth) else { return nil }
        let end = canonical.text.position
        guard canonical.isASCII || String(utf8: UnsafeBufferPointer(rebasing: bytes[start..<end])) != nil else {
            return nil
        }
        return (end, canonical.values)
    }

    private init(text: JSONReader) {
        self.text = text
    }

    private mutating func value(depth: Int) -> Bool {
        values += 1
        switch try? text.token() {
        case .object: return depth > 0 && members(depth: depth)
        case .array: return depth > 0 && elements(depth: depth)
        case .string: return string()
        case .number: return number()
        case .flag, .null: return true
        case nil: return false
        }
    }

    private mutating func members(depth: Int) -> Bool {
        text.position += 1
        if text.take("}") { return true }
        var last: Range<Int>?
        repeat {
            guard let key = key() else { return false }
            // In order, and therefore once each.
            if let last, !text.bytes[last].lexicographicallyPrecedes(text.bytes[key]) { return false }
            last = key
            guard text.take(":"), value(depth: depth - 1) else { return false }
        } while text.take(",")
        return text.take("}")
    }

    private mutating func elements(depth: Int) -> Bool {
        text.position += 1
        if text.take("]") { return true }
        repeat {
            guard value(depth: depth - 1) else { return false }
        } while text.take(",")
        return text.take("]")
    }

    /// A key of ASCII without an escape: the order of others is not that of their bytes.
    private mutating func key() -> Range<Int>? {
        guard text.take("\"") else { return nil }
        let start = text.position
        while let byte = text.next {
            switch byte {
            case UInt8(ascii: "\""):
                text.position += 1
                return start..<text.position - 1
            case UInt8(ascii: "\\"), 0..<0x20, 0x7F...: return nil
            default: text.position += 1
            }
        }
        return nil
    }

    private mutating func string() -> Bool {
        text.position += 1
        while let byte = text.next {
            text.position += 1
            switch byte {
            case UInt8(ascii: "\""): return true
            case UInt8(ascii: "\\"): if !escape() { return false }
            case 0..<0x20, 0x7F: return false
            case 0x80...: isASCII = false
            default: continue
            }
        }
        return false
    }

    /// One of a letter: the few characters that are printed by their number are left to the reader.
    private mutating func escape() -> Bool {
        guard let letter = text.next else { return false }
        text.position += 1
        switch letter {
        case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "b"), UInt8(ascii: "f"), UInt8(ascii: "n"),
            UInt8(ascii: "r"), UInt8(ascii: "t"):
            return true
        default: return false
        }
    }

    /// A whole number: others have several forms.
    private mutating func number() -> Bool {
        guard let (digits, isWhole) = try? text.number(), isWhole else { return false }
        let isMinusZero = digits[0] == UInt8(ascii: "-") && digits[1] == UInt8(ascii: "0")
        return digits.count <= Self.digitLimit && !isMinusZero
    }
}
