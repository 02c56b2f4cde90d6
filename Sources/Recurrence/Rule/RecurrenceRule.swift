/// A recurrence rule: the RECUR value of RFC 5545, section 3.3.10, with the SKIP of RFC 7529, section 4.1.
///
///     try RecurrenceRule(parsing: "FREQ=WEEKLY;INTERVAL=2;BYDAY=MO,FR;BYHOUR=9,17").byHour // [9, 17]
///
/// Every value of this type is a valid rule in canonical form: its lists are sorted and free of repeats,
/// and `RecurrenceRule(parsing: rule.description) == rule`. What a rule means is said by `Series`.
public struct RecurrenceRule: Hashable, Sendable {
    /// The length of the unit that `interval` counts.
    public enum Frequency: String, CaseIterable, Comparable, Hashable, Sendable {
        case secondly = "SECONDLY", minutely = "MINUTELY", hourly = "HOURLY"
        case daily = "DAILY", weekly = "WEEKLY", monthly = "MONTHLY", yearly = "YEARLY"

        /// Whether the rule steps in elapsed time, not in days of the calendar: HOURLY and smaller.
        public var isElapsed: Bool { self < .daily }

        /// The shorter unit is the lesser.
        public static func < (left: Frequency, right: Frequency) -> Bool { left.rank < right.rank }

        private var rank: Int {
            switch self {
            case .secondly: 0
            case .minutely: 1
            case .hourly: 2
            case .daily: 3
            case .weekly: 4
            case .monthly: 5
            case .yearly: 6
            }
        }
    }

    /// A value of BYDAY: a weekday, or the n-th one of the month or year.
    public struct Day: Hashable, Comparable, Sendable, CustomStringConvertible {
        /// 1 for the first, −1 for the last, up to ±53; nil for every such weekday.
        public let ordinal: Int?
        /// Which weekday.
        public let weekday: Weekday

        /// Every such weekday, or the n-th; the range of `ordinal` is checked by the rule.
        public init(_ weekday: Weekday, ordinal: Int? = nil) {
            self.weekday = weekday
            self.ordinal = ordinal
        }

        /// `FR`, `2TU`, `-1MO`.
        public var description: String { (ordinal.map(String.init) ?? "") + weekday.code }

        /// Plain weekdays first, Monday to Sunday; then by ordinal.
        public static func < (left: Day, right: Day) -> Bool {
            (left.ordinal ?? Int.min, left.weekday) < (right.ordinal ?? Int.min, right.weekday)
        }
    }

    /// What becomes of a day that a month or year does not have, such as 31 April (RFC 7529).
    public enum Skip: String, CaseIterable, Hashable, Sendable {
        /// It is left out.
        case omit = "OMIT"
        /// The last day before it is taken: 30 April.
        case backward = "BACKWARD"
        /// The first day after it is taken: 1 May.
        case forward = "FORWARD"
    }

    /// The unit, FREQ.
    public let frequency: Frequency
    /// Every how many units, from 1 to `intervalLimit`. Of YEARLY, calendar years are counted.
    public let interval: Int
    /// 1 to 12.
    public let byMonth: [Int]
    /// ±1 to ±53, with YEARLY alone.
    public let byWeekNumber: [Int]
    /// ±1 to ±366, with YEARLY, HOURLY, MINUTELY and SECONDLY.
    public let byYearDay: [Int]
    /// ±1 to ±31, not with WEEKLY.
    public let byMonthDay: [Int]
    /// Plain and numbered weekdays together are a union; numbered ones with MONTHLY and YEARLY alone.
    public let byDay: [Day]
    /// 0 to 23.
    public let byHour: [Int]
    /// 0 to 59.
    public let byMinute: [Int]
    /// 0 to 60; 60 is read as 59, there being no leap seconds here (RFC 5545, section 3.3.12).
    public let bySecond: [Int]
    /// ±1 to ±366: which instances of one interval, times included, are meant.
    public let bySetPosition: [Int]
    /// The first day of a week, for WEEKLY with an interval and for BYWEEKNO. Monday unless said.
    public let weekStart: Weekday
    /// Omit unless said.
    public let skip: Skip
    /// The number of occurrences, from 1 to `countLimit`, counted before exclusions and gaps.
    public let count: Int?
    /// The inclusive end that the rule carries itself; never together with `count`.
    public let until: SeriesEnd?

    /// INTERVAL has at most nine digits: 999,999,999 seconds are 31 years, and larger units leave the
    /// calendar's 9,999 years long before. It keeps every product of a step within 64 bits.
    public static let intervalLimit = 999_999_999
    /// COUNT has at most nine digits; a series every second would reach it in 31 years.
    public static let countLimit = 999_999_999

    /// A rule from its parts; lists may be in any order and hold repeats.
    ///
    /// Throws a `RuleError` for a value out of its range and for parts that may not stand together.
    public init(
        frequency: Frequency, interval: Int = 1,
        byMonth: [Int] = [], byWeekNumber: [Int] = [], byYearDay: [Int] = [], byMonthDay: [Int] = [],
        byDay: [Day] = [], byHour: [Int] = [], byMinute: [Int] = [], bySecond: [Int] = [],
        bySetPosition: [Int] = [], weekStart: Weekday = .monday, skip: Skip = .omit,
        count: Int? = nil, until: SeriesEnd? = nil
    ) throws(RuleError) {
        self.frequency = frequency
        self.interval = interval
        self.byMonth = Self.canonical(byMonth)
        self.byWeekNumber = Self.canonical(byWeekNumber)
        self.byYearDay = Self.canonical(byYearDay)
        self.byMonthDay = Self.canonical(byMonthDay)
        self.byDay = Self.canonical(byDay)
        self.byHour = Self.canonical(byHour)
        self.byMinute = Self.canonical(byMinute)
        self.bySecond = Self.canonical(bySecond)
        self.bySetPosition = Self.canonical(bySetPosition)
        self.weekStart = weekStart
        self.skip = skip
        self.count = count
        self.until = until
        try validate()
    }

    private static func canonical<Value: Hashable & Comparable>(_ values: [Value]) -> [Value] {
        values.count < 2 ? values : Set(values).sorted()
    }
}
