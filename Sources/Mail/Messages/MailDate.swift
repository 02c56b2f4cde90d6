import Recurrence

/// A date as messages write it, in UTC: `Mon, 07 Dec 2026 08:00:00 +0000`. RFC 5322, section 3.3
enum MailDate {
    private static let months = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]

    static func text(_ instant: Instant) -> String {
        guard let utc = LocalDateTime(String(instant.description.dropLast())) else {
            preconditionFailure("an instant is written as date and time with a Z: \(instant)")
        }
        let (date, time) = (utc.date, utc.time)
        return "\(date.weekday.name), \(two(date.day)) \(months[date.month - 1]) \(four(date.year)) "
            + "\(two(time.hour)):\(two(time.minute)):\(two(time.second)) +0000"
    }

    private static func two(_ number: Int) -> String { number < 10 ? "0\(number)" : "\(number)" }
    private static func four(_ number: Int) -> String { String(String(10_000 + number).dropFirst()) }
}

extension Weekday {
    fileprivate var name: String {
        switch self {
        case .monday: "Mon"
        case .tuesday: "Tue"
        case .wednesday: "Wed"
        case .thursday: "Thu"
        case .friday: "Fri"
        case .saturday: "Sat"
        case .sunday: "Sun"
        }
    }
}
