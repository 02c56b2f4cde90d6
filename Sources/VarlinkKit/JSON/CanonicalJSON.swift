/// Text that is the very one that ``JSONPrinter`` prints for its value, told without making the value.
///
/// What is printed alike needs no reading to be passed on. Whatever may be something else – white space, keys out of
/// order, an escape or a number that could be written otherwise – counts as such, and is left to the reader.
struct CanonicalJSON {
    private let bytes: UnsafeBufferPointer<UInt8>
    private var position: Int
    private var isASCII = true
    private var values = 0

    /// More digits than these may be more than 64 bits hold.
    private static let digitLimit = 18

    /// Where the canonical object ends that begins at `start`, and how many values it holds; nil where there is none.
    ///
    /// - Parameter depth: how many objects and arrays may be inside one another.
    static func object(
        at start: Int, in bytes: UnsafeBufferPointer<UInt8>, depth: Int
    ) -> (end: Int, values: Int)? {
        var text = CanonicalJSON(bytes: bytes, position: start)
        guard text.peek() == UInt8(ascii: "{"), text.value(depth: depth) else { return nil }
        let whole = UnsafeBufferPointer(rebasing: bytes[start..<text.position])
        guard text.isASCII || String(utf8: whole) != nil else { return nil }
        return (text.position, text.values)
    }

    private init(bytes: UnsafeBufferPointer<UInt8>, position: Int) {
        self.bytes = bytes
        self.position = position
    }

    private mutating func value(depth: Int) -> Bool {
        values += 1
        switch peek() {
        case UInt8(ascii: "{"): return depth > 0 && members(depth: depth)
        case UInt8(ascii: "["): return depth > 0 && elements(depth: depth)
        case UInt8(ascii: "\""): return string()
        case UInt8(ascii: "t"): return word("true")
        case UInt8(ascii: "f"): return word("false")
        case UInt8(ascii: "n"): return word("null")
        default: return number()
        }
    }

    private mutating func members(depth: Int) -> Bool {
        position += 1
        if take(UInt8(ascii: "}")) { return true }
        var last: Range<Int>?
        repeat {
            guard let key = key() else { return false }
            // In order, and therefore once each.
            if let last, !bytes[last].lexicographicallyPrecedes(bytes[key]) { return false }
            last = key
            guard take(UInt8(ascii: ":")), value(depth: depth - 1) else { return false }
        } while take(UInt8(ascii: ","))
        return take(UInt8(ascii: "}"))
    }

    private mutating func elements(depth: Int) -> Bool {
        position += 1
        if take(UInt8(ascii: "]")) { return true }
        repeat {
            guard value(depth: depth - 1) else { return false }
        } while take(UInt8(ascii: ","))
        return take(UInt8(ascii: "]"))
    }

    /// A key of ASCII without an escape: the order of others is not that of their bytes.
    private mutating func key() -> Range<Int>? {
        guard take(UInt8(ascii: "\"")) else { return nil }
        let start = position
        while let byte = peek() {
            switch byte {
            case UInt8(ascii: "\""):
                position += 1
                return start..<position - 1
            case UInt8(ascii: "\\"), 0..<0x20, 0x7F...: return nil
            default: position += 1
            }
        }
        return nil
    }

    private mutating func string() -> Bool {
        position += 1
        while let byte = peek() {
            position += 1
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
        guard let letter = peek() else { return false }
        position += 1
        switch letter {
        case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "b"), UInt8(ascii: "f"), UInt8(ascii: "n"),
            UInt8(ascii: "r"), UInt8(ascii: "t"):
            return true
        default: return false
        }
    }

    /// A whole number: others have several forms.
    private mutating func number() -> Bool {
        let isNegative = take(UInt8(ascii: "-"))
        if take(UInt8(ascii: "0")) { return !isNegative && !isDigit(peek()) && endsWhole }
        let start = position
        while isDigit(peek()) { position += 1 }
        return (1...Self.digitLimit).contains(position - start) && endsWhole
    }

    private var endsWhole: Bool {
        let next = peek()
        return next != UInt8(ascii: ".") && next != UInt8(ascii: "e") && next != UInt8(ascii: "E")
    }

    private func isDigit(_ byte: UInt8?) -> Bool {
        guard let byte else { return false }
        return (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte)
    }

    private mutating func word(_ word: StaticString) -> Bool {
        for index in 0..<word.utf8CodeUnitCount {
            guard take(word.utf8Start[index]) else { return false }
        }
        return true
    }

    private func peek() -> UInt8? {
        position < bytes.count ? bytes[position] : nil
    }

    private mutating func take(_ byte: UInt8) -> Bool {
        guard peek() == byte else { return false }
        position += 1
        return true
    }
}
