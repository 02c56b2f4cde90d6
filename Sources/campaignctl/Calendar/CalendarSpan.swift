import CampaignModel
import Recurrence

/// The days that a calendar shows: a month, or a week from Monday to Sunday (ISO 8601).
enum CalendarSpan: Hashable {
    /// From its first day.
    case month(LocalDate)
    /// From its Monday.
    case week(LocalDate)

    init(monthOf date: LocalDate) {
        self = .month(date.adding(days: 1 - date.day))
    }

    init(weekOf date: LocalDate) {
        self = .week(date.adding(days: -date.weekday.rawValue))
    }

    var first: LocalDate {
        switch self {
        case .month(let first), .week(let first): first
        }
    }

    var last: LocalDate {
        switch self {
        case .week(let first): return first.adding(days: 6)
        case .month(let first):
            var last = first.adding(days: 27)
            while !last.isLastOfMonth { last = last.adding(days: 1) }
            return last
        }
    }

    func contains(_ date: LocalDate) -> Bool { date >= first && date <= last }

    var days: [LocalDate] {
        var days = [first]
        while let day = days.last, day < last { days.append(day.adding(days: 1)) }
        return days
    }

    /// Local days begin and end within so many hours of those of UTC, in every zone that there is or was.
    private static let zoneSeconds: Int64 = 26 * 3_600

    /// Instants that surely have all of the days in them, whatever the zone.
    var instants: (after: Instant, until: Instant) {
        let midnight = LocalTime.midnight
        let start = Zone.utc.resolve(LocalDateTime(date: first, time: midnight)).instant
        let end = Zone.utc.resolve(LocalDateTime(date: last.adding(days: 1), time: midnight)).instant
        return (start - Self.zoneSeconds, end + Self.zoneSeconds)
    }

    /// `December 2026`; `7 to 13 December 2026`; `30 November to 6 December 2026`.
    var title: String {
        switch self {
        case .month(let first): return "\(first.monthName) \(first.year)"
        case .week(let first):
            var from = "\(first.day)"
            if first.month != last.month { from += " \(first.monthName)" }
            if first.year != last.year { from += " \(first.year)" }
            return "\(from) to \(last.words)"
        }
    }
}
