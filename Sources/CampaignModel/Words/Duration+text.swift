extension Duration {
    /// Longer than any campaign lives, and far from overflow in any unit: 100 years.
    public static let longestWritable = Duration.seconds(100 * 366 * 86_400)

    /// Reads `200ms`, `30s`, `5m`, `72h` or `3d`: a whole number from 0 and one unit.
    ///
    /// - Returns: nil for anything else, and for more than ``longestWritable``.
    public init?(text: String) {
        let digits = text.prefix { $0.isASCII && $0.isNumber }
        guard (1...12).contains(digits.count), let number = Int64(digits) else { return nil }
        let unit: Duration
        switch text.dropFirst(digits.count) {
        case "ms": unit = .milliseconds(1)
        case "s": unit = .seconds(1)
        case "m", "min": unit = .seconds(60)
        case "h": unit = .seconds(3_600)
        case "d": unit = .seconds(86_400)
        default: return nil
        }
        guard number <= Int64(Duration.longestWritable / unit) else { return nil }
        self = unit * Int(number)
    }

    /// - Throws: ``FieldError`` for a text that ``init(text:)`` can't read or that lies outside `allowed`.
    public init(text: String, field: String, allowed: ClosedRange<Duration>) throws(FieldError) {
        guard let duration = Duration(text: text) else {
            throw FieldError(
                field, text, "is not a duration; write a whole number and ms, s, m, h or d, such as 30s or 72h")
        }
        guard allowed.contains(duration) else {
            throw FieldError(
                field, text, "is out of range; allowed is \(allowed.lowerBound.text) to \(allowed.upperBound.text)")
        }
        self = duration
    }

    /// A short exact form that ``init(text:)`` reads back, in whole milliseconds: `366d`, `72h`, `90s`, `1500ms`. Days
    /// only above a month, where nobody counts in hours any more.
    public var text: String {
        let milliseconds = wholeMilliseconds
        if milliseconds % 1_000 != 0 { return "\(milliseconds)ms" }
        let seconds = milliseconds / 1_000
        if seconds == 0 { return "0s" }
        if seconds % 86_400 == 0, seconds > 31 * 86_400 { return "\(seconds / 86_400)d" }
        if seconds % 3_600 == 0 { return "\(seconds / 3_600)h" }
        if seconds % 60 == 0 { return "\(seconds / 60)m" }
        return "\(seconds)s"
    }

    public var wholeMilliseconds: Int64 {
        components.seconds * 1_000 + components.attoseconds / 1_000_000_000_000_000
    }

    /// Whole seconds, a fraction counting as one more: nothing may be due before its time.
    public var secondsRoundedUp: Int64 {
        components.seconds + (components.attoseconds > 0 ? 1 : 0)
    }
}
