import Recurrence

/// The rhythm of a rule in words: `every 2 weeks on Monday and Friday at 09:00 and 17:00`. COUNT and UNTIL are left to
/// the sentence.
struct RuleWords {
    private let rule: RecurrenceRule
    private let start: LocalDateTime?
    private let times: [LocalTime]?

    /// More times of day than a line holds are told by the rule.
    private static let timesLimit = 24
    /// More dates of a year than a line holds, likewise.
    private static let datesLimit = 12

    /// - Parameters:
    ///   - start: nil: at activation, whose day and time are not known yet.
    ///   - times: the times of day as `at` has them, where the rule was made of them. A rule that needs BYSETPOS to
    ///     pick them can't be read back.
    init(_ rule: RecurrenceRule, start: LocalDateTime?, times: [LocalTime]? = nil) {
        self.rule = rule
        self.start = start
        self.times = times
    }

    /// Nil where the words can't say all of the rule.
    var text: String? {
        guard rule.byWeekNumber.isEmpty, rule.byYearDay.isEmpty, rule.bySetPosition.isEmpty || times != nil else {
            return nil
        }
        switch rule.frequency {
        case .secondly: return elapsed("second")
        case .minutely: return elapsed("minute")
        case .hourly: return elapsed("hour")
        case .daily: return daily
        case .weekly: return weekly
        case .monthly: return monthly
        case .yearly: return yearly
        }
    }

    /// Where the steps of a series are counted from.
    static func origin(_ start: LocalDateTime?) -> String {
        "from \(start.map(DateWords.dateAndTime) ?? "activation")"
    }

    private func every(_ unit: String) -> String {
        rule.interval == 1 ? "every \(unit)" : "every \(rule.interval) \(unit)s"
    }

    // MARK: Frequencies

    private func elapsed(_ unit: String) -> String? {
        let parts = [rule.byMonth, rule.byMonthDay, rule.byHour, rule.byMinute, rule.bySecond]
        guard parts.allSatisfy(\.isEmpty), rule.byDay.isEmpty else { return nil }
        return "\(every(unit)) \(Self.origin(start))"
    }

    private var daily: String? {
        guard rule.byMonthDay.isEmpty else { return nil }
        let weekdays = DateWords.list(rule.byDay.map { DateWords.weekday($0.weekday) })
        if weekdays.isEmpty { return sentence(every("day"), .any, only: [months]) }
        if rule.interval == 1 { return sentence("every \(weekdays)", .on(""), only: [months]) }
        return sentence(every("day"), .any, only: ["on \(weekdays)", months])
    }

    private var weekly: String? {
        // Which day begins a week matters where weeks are left out.
        guard rule.weekStart == .monday || rule.interval == 1 else { return nil }
        let written = rule.byDay.isEmpty ? start.map { [$0.date.weekday] } : rule.byDay.map(\.weekday)
        let days = written.map { Days.on("on \(DateWords.list($0.map(DateWords.weekday)))") }
        return sentence(every("week"), days ?? .activation("on the weekday of activation"), only: [months])
    }

    private var monthly: String? {
        let days: String?
        if !rule.byDay.isEmpty {
            guard rule.byMonthDay.isEmpty else { return nil }
            days = places(upTo: 5)
        } else if let written = rule.byMonthDay.isEmpty ? start.map({ [$0.date.day] }) : rule.byMonthDay {
            days = monthDays(written)
        } else {
            let note = note(backward: "or the month's last day", omit: "only in months that have it")
            return sentence(every("month"), .activation("on the day of activation", note: note), only: [months])
        }
        return days.flatMap { sentence(every("month"), .on("on \($0)"), only: [months]) }
    }

    private var yearly: String? {
        if !rule.byDay.isEmpty {
            guard rule.byMonthDay.isEmpty, let places = places(upTo: rule.byMonth.isEmpty ? 52 : 5) else { return nil }
            let isNumbered = rule.byDay.contains { $0.ordinal != nil }
            let months = DateWords.list(rule.byMonth.map(DateWords.month))
            let whole = months.isEmpty ? (isNumbered ? " of the year" : "") : " of \(months)"
            return sentence(every("year"), .on("on \(places)\(whole)"))
        }
        if rule.byMonth.isEmpty, rule.byMonthDay.isEmpty, start == nil {
            return sentence(every("year"), .activation("on the date of activation"))
        }
        // Days of the month without months are those of every month.
        guard rule.byMonthDay.isEmpty || !rule.byMonth.isEmpty,
            let months = rule.byMonth.isEmpty ? start.map({ [$0.date.month] }) : rule.byMonth,
            let days = rule.byMonthDay.isEmpty ? start.map({ [$0.date.day] }) : rule.byMonthDay,
            let dates = dates(of: months, days)
        else { return nil }
        return sentence(every("year"), .on("on \(dates)"))
    }

    /// Months that limit a rule of shorter units.
    private var months: String {
        rule.byMonth.isEmpty ? "" : "in \(DateWords.list(rule.byMonth.map(DateWords.month)))"
    }

    // MARK: Days

    /// What the words say of the day.
    private enum Days {
        /// The unit is the day.
        case any
        case on(String)
        /// It is that of the activation; the note stands where the words for it do not.
        case activation(String, note: String = "")
    }

    private func sentence(_ every: String, _ days: Days, only limits: [String] = []) -> String? {
        guard let time = timeOfDay else { return nil }
        var words = [every]
        switch (days, time) {
        case (.any, .written(let time)): words.append(time)
        case (.on(let day), .written(let time)): words += [day, time]
        case (.activation(let day, let note), .written(let time)): words += [day, note, time]
        case (.any, .activation): words.append("from activation")
        case (.on(let day), .activation): words += [day, "at the time of activation"]
        case (.activation(_, let note), .activation): words += ["from activation", note]
        }
        let text = words.filter { !$0.isEmpty }.joined(separator: " ")
        return text + limits.filter { !$0.isEmpty }.map { ", only \($0)" }.joined()
    }

    /// `the 1st, the 15th and the last day`; nil for days that are seldom meant.
    private func monthDays(_ days: [Int]) -> String? {
        guard days.allSatisfy({ $0 >= -5 }) else { return nil }
        let forward = days.filter { $0 > 0 }.map { "the \(DateWords.ordinal($0))" }
        let backward = days.filter { $0 < 0 }.reversed().map { "the \(DateWords.place($0)) day" }
        let text = DateWords.list(forward + backward)
        guard days.contains(where: { $0 > 28 }) else { return text }
        return "\(text) \(note(backward: "or the month's last day", omit: "only in months that have it"))"
    }

    /// `every Monday, the first Tuesday and the last Friday`; nil for numbers above the limit.
    private func places(upTo limit: Int) -> String? {
        guard rule.byDay.allSatisfy({ abs($0.ordinal ?? 1) <= limit }) else { return nil }
        let plain = rule.byDay.filter { $0.ordinal == nil }.map { "every \(DateWords.weekday($0.weekday))" }
        let numbered = rule.byDay.compactMap { day in day.ordinal.map { ($0, DateWords.weekday(day.weekday)) } }
        let ordered = numbered.filter { $0.0 > 0 } + numbered.filter { $0.0 < 0 }.reversed()
        let text = DateWords.list(plain + ordered.map { "the \(DateWords.place($0.0)) \($0.1)" })
        // No month lacks a fourth weekday, and some a fifth.
        let isSometimesMissing = limit == 5 && numbered.contains { abs($0.0) == 5 }
        return isSometimesMissing ? "\(text) (only in months that have it)" : text
    }

    /// `29 February and 1 March`; nil for days counted from the end but the last, and for more than a line holds.
    private func dates(of months: [Int], _ days: [Int]) -> String? {
        guard months.count * days.count <= Self.datesLimit, days.allSatisfy({ $0 >= -1 }) else { return nil }
        let ordered = days.filter { $0 > 0 } + days.filter { $0 < 0 }
        let dates = months.flatMap { month in ordered.map { (month, $0) } }
        let text = DateWords.list(
            dates.map { $0.1 < 0 ? "the last day of \(DateWords.month($0.0))" : DateWords.dayAndMonth($0.1, $0.0) })
        let missing = dates.filter { month, day in LocalDate(year: 2027, month: month, day: max(day, 1)) == nil }
        if missing.isEmpty { return text }
        // 2027 is no leap year.
        if missing.allSatisfy({ $0 == (2, 29) }) {
            return "\(text) \(note(backward: "or 28 February", omit: "only in leap years", forward: "or 1 March"))"
        }
        return "\(text) \(note(backward: "or the month's last day", omit: "only in months that have it"))"
    }

    /// What becomes of a day that a month does not have.
    private func note(
        backward: String, omit: String, forward: String = "or the 1st of the next month"
    ) -> String {
        switch rule.skip {
        case .backward: "(\(backward))"
        case .omit: "(\(omit))"
        case .forward: "(\(forward))"
        }
    }

    // MARK: Times

    private enum TimeOfDay {
        case written(String)
        case activation
    }

    /// Nil where there are too many, or where the activation decides a part of them.
    private var timeOfDay: TimeOfDay? {
        if let times { return written(Set(times)) }
        let parts = [rule.byHour, rule.byMinute, rule.bySecond]
        if start == nil, parts.allSatisfy(\.isEmpty) { return .activation }
        let own = start.map { [$0.time.hour, $0.time.minute, $0.time.second] }
        var values: [[Int]] = []
        for (index, part) in parts.enumerated() {
            guard let value = part.isEmpty ? own.map({ [$0[index]] }) : part else { return nil }
            values.append(value)
        }
        // A rule's second 60 is read as 59.
        let times = values[0].flatMap { hour in
            values[1].flatMap { minute in
                values[2].compactMap { LocalTime(hour: hour, minute: minute, second: min($0, 59)) }
            }
        }
        return written(Set(times))
    }

    private func written(_ times: Set<LocalTime>) -> TimeOfDay? {
        guard times.count <= Self.timesLimit else { return nil }
        return .written("at \(DateWords.list(times.sorted().map(DateWords.time)))")
    }
}
