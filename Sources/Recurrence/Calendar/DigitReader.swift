/// Reads fixed shapes of ASCII text, such as `2026-12-07T09:00`, byte by byte. Every method answers
/// nil, or false, where the text does not have the shape; none reads past the end.
struct DigitReader {
    private var rest: Substring.UTF8View

    init(_ text: some StringProtocol) {
        rest = Substring(text).utf8
    }

    var isAtEnd: Bool { rest.isEmpty }

    /// Exactly `count` decimal digits; `count` is at most 9.
    mutating func number(digits count: Int) -> Int? {
        var value = 0
        var left = rest
        for _ in 0..<count {
            guard let byte = left.popFirst(), byte >= 0x30, byte <= 0x39 else { return nil }
            value = value * 10 + Int(byte - 0x30)
        }
        rest = left
        return value
    }

    /// Steps over one given character, if it is the next one.
    mutating func take(_ character: Unicode.Scalar) -> Bool {
        guard let byte = rest.first, UInt32(byte) == character.value else { return false }
        rest.removeFirst()
        return true
    }
}

/// A number with leading zeros, for the printed forms of dates and times.
func padded(_ value: Int, _ width: Int) -> String {
    let digits = String(value)
    return String(repeating: "0", count: max(0, width - digits.count)) + digits
}
