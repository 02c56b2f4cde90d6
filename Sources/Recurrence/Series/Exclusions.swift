/// The occurrences that are left out of a series (EXDATE of RFC 5545, section 3.8.5.1). They are matched
/// with nominal times: a date takes out whatever the rule names on that day, wherever a gap moves it.
public struct Exclusions: Hashable, Sendable, ExpressibleByArrayLiteral {
    /// Whole local dates.
    public let dates: Set<LocalDate>
    /// Single local times.
    public let times: Set<LocalDateTime>

    /// Nothing is left out.
    public static let none = Exclusions(dates: [])

    /// Dates, single times, or both.
    public init(dates: Set<LocalDate>, times: Set<LocalDateTime> = []) {
        self.dates = dates
        self.times = times
    }

    /// `[date, date]`.
    public init(arrayLiteral elements: LocalDate...) {
        self.init(dates: Set(elements))
    }

    /// How many there are.
    public var count: Int { dates.count + times.count }
    /// Whether there are none.
    public var isEmpty: Bool { dates.isEmpty && times.isEmpty }
}
