/// A day of the week. The raw value counts from Monday, 0 to 6; the order is Monday to Sunday.
public enum Weekday: Int, CaseIterable, Comparable, Hashable, Sendable {
    case monday, tuesday, wednesday, thursday, friday, saturday, sunday

    /// The two letters of RFC 5545, section 3.3.10: `MO`, `TU`, `WE`, `TH`, `FR`, `SA`, `SU`.
    public var code: String {
        switch self {
        case .monday: "MO"
        case .tuesday: "TU"
        case .wednesday: "WE"
        case .thursday: "TH"
        case .friday: "FR"
        case .saturday: "SA"
        case .sunday: "SU"
        }
    }

    /// Reads the two letters of RFC 5545, in capitals; nil for anything else.
    public init?(code: String) {
        guard let day = Self.allCases.first(where: { $0.code == code }) else { return nil }
        self = day
    }

    /// Monday is the least, Sunday the greatest.
    public static func < (left: Weekday, right: Weekday) -> Bool { left.rawValue < right.rawValue }
}
