import CampaignModel

/// How numbers of recipients, their pace and its forecast are told in words.
enum PaceWords {
    /// `12,000`
    static func count(_ number: Int64) -> String {
        let digits = Array("\(number.magnitude)")
        var text = number < 0 ? "-" : ""
        for (index, digit) in digits.enumerated() {
            if index > 0, (digits.count - index) % 3 == 0 { text += "," }
            text.append(digit)
        }
        return text
    }

    /// The whole percent that are done, 0 to 100; nil of nothing.
    static func percent(_ done: Int64, of total: Int64) -> Int? {
        guard total > 0 else { return nil }
        return Int(min(max(Double(done) / Double(total), 0), 1) * 100)
    }

    /// `85/s`, `1.5/s`, `40/min`, `3/h`
    ///
    /// - Parameter rate: a second.
    static func rate(_ rate: Double) -> String {
        if rate <= 0 { return "0/s" }
        let units: [(perSecond: Double, name: String)] = [(1, "s"), (60, "min"), (3_600, "h")]
        guard let (size, name) = units.first(where: { rate * $0.perSecond >= 1 }) else { return "less than 1/h" }
        let number = rate * size
        // One decimal where the first digit alone would be far off.
        if number < 9.95 {
            let tenths = Int((number * 10).rounded())
            return tenths % 10 == 0 ? "\(tenths / 10)/\(name)" : "\(tenths / 10).\(tenths % 10)/\(name)"
        }
        // No surface is faster than a count can hold.
        return "\(count(Int64(min(number, 1e18).rounded())))/\(name)"
    }

    /// `about 12 min left`
    static func left(_ seconds: Double) -> String { "\(about(seconds)) left" }

    /// `about 12 min`, in units that promise no more than it can hold.
    static func about(_ seconds: Double) -> String { RoughTime.words(seconds) }

    /// `7 min`, of a time that has passed.
    static func span(_ seconds: Int64) -> String {
        switch max(0, seconds) {
        case let seconds where seconds < 120: "\(seconds) s"
        case let seconds where seconds < 7_200: "\(seconds / 60) min"
        case let seconds where seconds < 172_800: "\(seconds / 3_600) h"
        case let seconds: "\(seconds / 86_400) days"
        }
    }
}
