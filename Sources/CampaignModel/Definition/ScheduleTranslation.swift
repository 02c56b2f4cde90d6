import Recurrence
import Spelling

/// Translates the structured form of a schedule (`every`, `days`, `at`, `count`, `month_end`) into a rule (RFC 5545).
enum ScheduleTranslation {
    /// - Returns: nil for a schedule with a single occurrence.
    static func rule(of definition: ScheduleDefinition, start: LocalDateTime?) throws(FieldError) -> RecurrenceRule? {
        if let text = definition.rrule {
            try refuseBesideRule(definition)
            return try parsed(text)
        }
        guard let every = definition.every else {
            try refuseWithoutEvery(definition)
            return nil
        }
        return try parsed(try text(every: every, of: definition, start: start))
    }

    private static func parsed(_ text: String) throws(FieldError) -> RecurrenceRule {
        do {
            return try RecurrenceRule(parsing: text)
        } catch {
            // What is wrong with the whole needs no second quotation.
            let isWhole = text.isEmpty || text.utf8.count > RecurrenceRule.textLimitBytes
            let reason = isWhole ? "\(error.problem); \(error.allowed)" : "is refused: \(error)"
            throw FieldError("schedule.rrule", text, reason)
        }
    }

    private static func refuseBesideRule(_ definition: ScheduleDefinition) throws(FieldError) {
        let others: [(String, String?)] = [
            ("every", definition.every), ("days", definition.days?.joined(separator: ", ")),
            ("at", definition.at?.joined(separator: ", ")), ("count", definition.count),
            ("month_end", definition.monthEnd),
        ]
        for (key, value) in others {
            guard let value else { continue }
            throw FieldError("schedule.\(key)", value, "stands beside rrule; use one of the two forms")
        }
    }

    private static func refuseWithoutEvery(_ definition: ScheduleDefinition) throws(FieldError) {
        let dependent: [(String, String?)] = [
            ("days", definition.days?.joined(separator: ", ")), ("at", definition.at?.joined(separator: ", ")),
            ("count", definition.count), ("month_end", definition.monthEnd),
        ]
        for (key, value) in dependent {
            guard let value else { continue }
            throw FieldError("schedule.\(key)", value, "needs every, such as every: week")
        }
    }

    private static func text(
        every: String, of definition: ScheduleDefinition, start: LocalDateTime?
    ) throws(FieldError) -> String {
        let step = try Step(every)
        var parts = ["FREQ=\(step.unit.frequency)"]
        if step.number != 1 { parts.append("INTERVAL=\(step.number)") }
        if let days = definition.days { parts.append(contentsOf: try DayWords.parts(days, unit: step.unit)) }
        if let times = definition.at {
            let days = DayWords.mostDays(definition.days, unit: step.unit)
            parts.append(contentsOf: try TimeWords.parts(times, unit: step.unit, mostDays: days, start: start))
        }
        if let count = try CampaignContent.number(definition.count, "schedule.count", in: 1...1_000_000) {
            parts.append("COUNT=\(count)")
        }
        let clamps = try CampaignContent.word(
            definition.monthEnd, "schedule.month_end", among: ["clamp": true, "omit": false]) ?? true
        if clamps, step.unit == .month || step.unit == .year { parts.append("SKIP=BACKWARD") }
        return parts.joined(separator: ";")
    }
}

/// `every: 2 weeks`: a number, left out for 1, and a unit.
struct Step {
    enum Unit: String, CaseIterable {
        case minute, hour, day, week, month, year

        var frequency: String {
            switch self {
            case .minute: "MINUTELY"
            case .hour: "HOURLY"
            case .day: "DAILY"
            case .week: "WEEKLY"
            case .month: "MONTHLY"
            case .year: "YEARLY"
            }
        }
    }

    let number: Int
    let unit: Unit

    init(_ text: String) throws(FieldError) {
        let words = text.split(separator: " ")
        let number = words.count == 2 ? Int(words[0]) : 1
        let unit = words.last.flatMap { word in
            Unit.allCases.first { word == $0.rawValue || word == $0.rawValue + "s" }
        }
        guard (1...2).contains(words.count), let number, (1...10_000).contains(number), let unit else {
            let isNumberRight = (1...2).contains(words.count) && number.map((1...10_000).contains) == true
            let hint = isNumberRight ? Self.meant(words) : nil
            throw FieldError(
                "schedule.every", text,
                "is not a step; "
                    + (hint ?? "write a number from 1 to 10000 and minutes, hours, days, weeks, months or years, "
                        + "or the unit alone"))
        }
        self.number = number
        self.unit = unit
    }

    /// `did you mean 2 weeks?`
    private static func meant(_ words: [Substring]) -> String? {
        let units = Unit.allCases.flatMap { [$0.rawValue, $0.rawValue + "s"] }
        guard let word = words.last, let unit = NearestWord.of(String(word), in: units) else { return nil }
        return "did you mean \((words.dropLast() + [Substring(unit)]).joined(separator: " "))?"
    }
}

/// `days`: weekdays, days of the month and numbered weekdays.
enum DayWords {
    private static let weekdays: [String: String] = [
        "monday": "MO", "tuesday": "TU", "wednesday": "WE", "thursday": "TH", "friday": "FR", "saturday": "SA",
        "sunday": "SU",
    ]
    private static let ordinals: [String: Int] = [
        "first": 1, "second": 2, "third": 3, "fourth": 4, "fifth": 5, "last": -1,
    ]

    static func parts(_ days: [String], unit: Step.Unit) throws(FieldError) -> [String] {
        switch unit {
        case .day, .week, .month: break
        case .minute, .hour, .year:
            // In a rule, weekdays of a year would mean every one of them.
            throw FieldError(
                "schedule.days", days.joined(separator: ", "),
                "does not go with every: \(unit.rawValue); use day, week or month, or write an rrule")
        }
        guard !days.isEmpty else { throw FieldError("schedule.days", nil, "is empty; write \(allowed(unit))") }
        var byDay: [String] = []
        var byMonthDay: [String] = []
        for day in days {
            let words = day.lowercased().split(separator: " ").map(String.init)
            if words.count == 1, let code = weekdays[words[0]] {
                byDay.append(code)
            } else if unit == .month, words == ["last", "day"] {
                byMonthDay.append("-1")
            } else if unit == .month, words.count == 1, let number = Int(words[0]), (1...31).contains(number) {
                byMonthDay.append("\(number)")
            } else if unit == .month, words.count == 2, let ordinal = ordinals[words[0]],
                let code = weekdays[words[1]]
            {
                byDay.append("\(ordinal)\(code)")
            } else {
                let hint = meant(words, unit) ?? "write \(allowed(unit))"
                throw FieldError("schedule.days", day, "is not a day here; \(hint)")
            }
        }
        if !byDay.isEmpty, !byMonthDay.isEmpty {
            throw FieldError(
                "schedule.days", days.joined(separator: ", "), "mixes weekdays and days of the month; use one kind")
        }
        if !byDay.isEmpty { return ["BYDAY=\(byDay.joined(separator: ","))"] }
        return byMonthDay.isEmpty ? [] : ["BYMONTHDAY=\(byMonthDay.joined(separator: ","))"]
    }

    /// The most days of one step that these words can name: no month holds a weekday more often than five times.
    static func mostDays(_ days: [String]?, unit: Step.Unit) -> Int {
        guard let days, unit == .week || unit == .month else { return 1 }
        let plain = Set(days.map { $0.lowercased() }).filter { weekdays[$0] != nil }.count
        return unit == .week ? plain : plain * 5 + Set(days).count - plain
    }

    /// `did you mean first monday?`; nil where no such day goes with the unit.
    private static func meant(_ words: [String], _ unit: Step.Unit) -> String? {
        guard let last = words.last, (1...(unit == .month ? 2 : 1)).contains(words.count) else { return nil }
        var meant: [String] = []
        if words.count == 2 {
            guard let ordinal = NearestWord.of(words[0], in: ordinals.keys.sorted()) else { return nil }
            meant.append(ordinal)
        }
        let days = weekdays.keys.sorted() + (meant == ["last"] ? ["day"] : [])
        guard let day = NearestWord.of(last, in: days) else { return nil }
        return "did you mean \((meant + [day]).joined(separator: " "))?"
    }

    private static func allowed(_ unit: Step.Unit) -> String {
        unit == .month
            ? "monday to sunday, first monday, last friday, last day, or 1 to 31" : "monday to sunday"
    }
}

/// `at`: times of day.
enum TimeWords {
    static func parts(
        _ texts: [String], unit: Step.Unit, mostDays: Int, start: LocalDateTime?
    ) throws(FieldError) -> [String] {
        guard unit != .minute, unit != .hour else {
            throw FieldError(
                "schedule.at", texts.joined(separator: ", "),
                "does not go with every: \(unit.rawValue), which steps from the start; use day, week, month or year")
        }
        var times: Set<LocalTime> = []
        for text in texts {
            guard let time = LocalTime(text) else {
                let hint = meant(text).map { "write \"\($0.words)\"" }
                throw FieldError(
                    "schedule.at", text,
                    "is not a time of day; \(hint ?? "hours are 00 to 23, minutes and seconds 00 to 59")")
            }
            times.insert(time)
        }
        guard !times.isEmpty else { throw FieldError("schedule.at", nil, "is empty; write times such as 09:00") }
        return try parts(times.sorted(), mostDays: mostDays, start: start)
    }

    /// The time of day of `9:00`, `9`, `9.30` or `0900`.
    private static func meant(_ text: String) -> LocalTime? {
        let digits = text.filter { $0 != ":" && $0 != "." }
        guard digits.utf8.allSatisfy({ (48...57).contains($0) }) else { return nil }
        let hour = digits.count % 2 == 0 ? digits : "0\(digits)"
        let parts = stride(from: 0, to: hour.count, by: 2).map { String(hour.dropFirst($0).prefix(2)) }
        return LocalTime((parts + (parts.count == 1 ? ["00"] : [])).joined(separator: ":"))
    }

    /// BYHOUR, BYMINUTE and BYSECOND name every combination of their values; where that is more than the times
    /// asked for, BYSETPOS picks these out of each day of the interval.
    private static func parts(
        _ times: [LocalTime], mostDays: Int, start: LocalDateTime?
    ) throws(FieldError) -> [String] {
        let hours = Set(times.map(\.hour)).sorted()
        let minutes = Set(times.map(\.minute)).sorted()
        let seconds = Set(times.map(\.second)).sorted()
        var parts = ["BYHOUR=\(list(hours))"]
        if minutes != start.map({ [$0.time.minute] }) { parts.append("BYMINUTE=\(list(minutes))") }
        if seconds != start.map({ [$0.time.second] }) { parts.append("BYSECOND=\(list(seconds))") }
        let combinations = hours.flatMap { hour in minutes.flatMap { minute in seconds.map { [hour, minute, $0] } } }
        guard combinations.count > times.count else { return parts }
        let wanted = combinations.indices.filter { index in
            times.contains { [$0.hour, $0.minute, $0.second] == combinations[index] }
        }
        guard mostDays * combinations.count <= positionLimit else {
            throw FieldError(
                "schedule.at", times.map(\.description).joined(separator: ", "),
                "are too many different hours and minutes for one rule; use fewer, or the same minutes in every hour")
        }
        let positions = (0..<mostDays).flatMap { day in wanted.map { day * combinations.count + $0 + 1 } }
        parts.append("BYSETPOS=\(list(positions))")
        return parts
    }

    /// The highest position that BYSETPOS can name (RFC 5545, section 3.3.10).
    private static let positionLimit = 366

    private static func list(_ numbers: [Int]) -> String {
        numbers.map(String.init).joined(separator: ",")
    }
}
