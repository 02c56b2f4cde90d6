/// Why a series is refused.
public enum SeriesError: Error, Hashable, Sendable, CustomStringConvertible {
    /// There is no occurrence at all.
    case neverOccurs(Reason)
    /// The rule has an UNTIL and the series an end of its own.
    case untilAndEnd
    /// A COUNT above the limit, in a rule whose occurrences must be counted one by one.
    case countTooLarge(count: Int, limit: Int)
    /// A COUNT that takes too long to count, since the rule's BY parts leave few of its many steps.
    case countTooSparse(count: Int)
    /// More exclusions than the limit.
    case tooManyExclusions(count: Int, limit: Int)

    /// Why nothing ever occurs.
    public enum Reason: Hashable, Sendable {
        /// No date and time of the calendar, to the year 9999, fits the rule.
        case noMatch
        /// The end lies before the first occurrence, which would be this one.
        case endsBeforeFirst(Instant)
        /// Every occurrence is excluded, or lies in a gap that is skipped.
        case allLeftOut
    }

    /// What is wrong and what is allowed, in a sentence.
    public var description: String {
        switch self {
        case .neverOccurs(.noMatch):
            "the rule never occurs; no date and time from the start to the year 9999 fits all of its parts"
        case .neverOccurs(.endsBeforeFirst(let first)):
            "the series ends before its first occurrence, which would be at \(first)"
        case .neverOccurs(.allLeftOut):
            "nothing occurs; every occurrence is excluded or lies in a gap of the zone that is skipped"
        case .untilAndEnd:
            "UNTIL and an end may not stand together; one of them is allowed"
        case .countTooLarge(let count, let limit):
            "COUNT: \"\(count)\" is too large for a rule with BYSETPOS or of FREQ=HOURLY, MINUTELY or SECONDLY "
                + "with BY parts; 1 to \(limit) is allowed"
        case .countTooSparse(let count):
            "COUNT: \"\(count)\" takes too long to count in a rule whose BY parts leave few of its many steps; "
                + "a smaller one, or an end, is allowed"
        case .tooManyExclusions(let count, let limit):
            "\(count) exclusions are too many; up to \(limit) are allowed"
        }
    }
}
