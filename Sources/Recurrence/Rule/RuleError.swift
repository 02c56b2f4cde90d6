/// Why a recurrence rule is refused. It names the part of the rule, the value that was given and what is
/// allowed; `description` is the whole sentence.
///
///     BYMONTH: "13" is not a month; months are 1 to 12
public struct RuleError: Error, Hashable, Sendable, CustomStringConvertible {
    /// The rule part, such as `BYMONTH`; `RRULE` where the whole rule is meant.
    public let part: String
    /// What was given, cut to `valueLimit` characters with control characters escaped; empty where
    /// something is missing.
    public let value: String
    /// What is wrong, to be read after the value.
    public let problem: String
    /// What is allowed instead.
    public let allowed: String

    /// A value is shown up to this many characters: enough to find it, too few to flood a log.
    static let valueLimit = 40

    init(part: String, value: String, problem: String, allowed: String) {
        self.part = part
        self.value = shown(value, limit: Self.valueLimit)
        self.problem = problem
        self.allowed = allowed
    }

    /// `BYMONTH: "13" is not a month; months are 1 to 12`.
    public var description: String {
        value.isEmpty ? "\(part): \(problem); \(allowed)" : "\(part): \"\(value)\" \(problem); \(allowed)"
    }
}

/// Foreign text as an error shows it: cut, and with everything but printable ASCII and letters escaped.
func shown(_ text: String, limit: Int) -> String {
    var result = ""
    var count = 0
    for scalar in text.unicodeScalars {
        guard count < limit else { return result + "…" }
        let isPlain = scalar.isASCII ? scalar.value >= 0x20 && scalar.value != 0x7F
            : scalar.properties.isAlphabetic
        result += isPlain ? String(scalar) : "\\u{\(String(scalar.value, radix: 16))}"
        count += 1
    }
    return result
}
