extension RecurrenceRule {
    /// The text of a rule is at most this long, in bytes. The longest list, all numbered weekdays of a
    /// year, takes 4 KB.
    public static let textLimitBytes = 8_192
    /// A list holds at most this many values: as many as BYDAY can hold different ones, 7 × 107 = 749, and a
    /// few more.
    public static let valuesLimit = 800

    private static let partNames = [
        "FREQ", "INTERVAL", "COUNT", "UNTIL", "BYMONTH", "BYWEEKNO", "BYYEARDAY", "BYMONTHDAY", "BYDAY",
        "BYHOUR", "BYMINUTE", "BYSECOND", "BYSETPOS", "WKST", "RSCALE", "SKIP",
    ]

    /// Reads a RECUR value (RFC 5545, section 3.3.10; RFC 7529, section 4). Capitals do not matter, nor
    /// does the order of the parts; a leading `RRULE:` is stepped over. `RSCALE=GREGORIAN` may stand there
    /// and is the only calendar; SKIP may stand without it.
    ///
    /// Throws a `RuleError` for text that is too long, for unknown, repeated and missing parts, for values out
    /// of their range and for parts that may not stand together.
    public init(parsing text: String) throws(RuleError) {
        guard text.utf8.count <= Self.textLimitBytes else {
            throw RuleError(part: "RRULE", value: String(text.prefix(RuleError.valueLimit + 1)),
                            problem: "has \(text.utf8.count) bytes",
                            allowed: "up to \(Self.textLimitBytes) are allowed")
        }
        var values = try Self.parts(of: text)
        func take(_ name: String) -> String? { values.removeValue(forKey: name) }

        guard let frequencyText = take("FREQ") else {
            throw RuleError(part: "FREQ", value: "", problem: "is missing", allowed: Self.allowedFrequencies)
        }
        guard let frequency = Frequency(rawValue: frequencyText) else {
            throw RuleError(part: "FREQ", value: frequencyText, problem: "is not a frequency",
                            allowed: Self.allowedFrequencies)
        }
        if let scale = take("RSCALE"), scale != "GREGORIAN" {
            throw RuleError(part: "RSCALE", value: scale, problem: "is not a calendar known here",
                            allowed: "GREGORIAN is allowed")
        }
        try self.init(
            frequency: frequency,
            interval: try Self.number(take("INTERVAL"), .interval) ?? 1,
            byMonth: try Self.numbers(take("BYMONTH"), .month),
            byWeekNumber: try Self.numbers(take("BYWEEKNO"), .weekNumber),
            byYearDay: try Self.numbers(take("BYYEARDAY"), .yearDay),
            byMonthDay: try Self.numbers(take("BYMONTHDAY"), .monthDay),
            byDay: try Self.days(take("BYDAY")),
            byHour: try Self.numbers(take("BYHOUR"), .hour),
            byMinute: try Self.numbers(take("BYMINUTE"), .minute),
            bySecond: try Self.numbers(take("BYSECOND"), .second),
            bySetPosition: try Self.numbers(take("BYSETPOS"), .setPosition),
            weekStart: try Self.weekStart(take("WKST")),
            skip: try Self.skip(take("SKIP")),
            count: try Self.number(take("COUNT"), .count),
            until: try Self.until(take("UNTIL")))
    }

    private static let allowedFrequencies =
        "SECONDLY, MINUTELY, HOURLY, DAILY, WEEKLY, MONTHLY and YEARLY are allowed"

    /// The parts by name, in capitals.
    private static func parts(of text: String) throws(RuleError) -> [String: String] {
        // Of ASCII alone: the capital of a dotless ı would be an I.
        let capitals = text.utf8.map { (UInt8(ascii: "a")...UInt8(ascii: "z")).contains($0) ? $0 - 0x20 : $0 }
        var rest = String(decoding: capitals, as: UTF8.self)[...]
        if rest.hasPrefix("RRULE:") { rest.removeFirst("RRULE:".count) }
        guard !rest.isEmpty else {
            throw RuleError(part: "RRULE", value: "", problem: "is empty",
                            allowed: "a rule such as FREQ=DAILY is needed")
        }
        var values: [String: String] = [:]
        for part in rest.split(separator: ";", omittingEmptySubsequences: false) {
            guard let equals = part.firstIndex(of: "=") else {
                throw RuleError(part: "RRULE", value: String(part),
                                problem: part.isEmpty ? "has an empty part" : "is not a part",
                                allowed: "parts are NAME=VALUE with semicolons between them")
            }
            let name = String(part[..<equals])
            let value = String(part[part.index(after: equals)...])
            guard partNames.contains(name) else {
                throw RuleError(part: shown(name, limit: RuleError.valueLimit), value: value,
                                problem: "stands in a part that rules do not have",
                                allowed: "parts are \(partNames.joined(separator: ", "))")
            }
            guard !value.isEmpty else {
                throw RuleError(part: name, value: "", problem: "has no value",
                                allowed: "a value is needed after the =")
            }
            guard values.updateValue(value, forKey: name) == nil else {
                throw RuleError(part: name, value: value, problem: "is given a second time",
                                allowed: "each part may stand once")
            }
        }
        return values
    }

    /// A number of at most nine digits, with a sign where the part has signs.
    private static func number(_ text: String?, _ part: NumberPart) throws(RuleError) -> Int? {
        guard let text else { return nil }
        guard let value = integer(text[...], isSigned: part.isSigned), part.admits(value) else {
            throw part.refusal(text)
        }
        return value
    }

    private static func integer(_ text: Substring, isSigned: Bool) -> Int? {
        var digits = text.utf8[...]
        let sign = isSigned ? digits.first : nil
        if sign == UInt8(ascii: "-") || sign == UInt8(ascii: "+") { digits.removeFirst() }
        guard !digits.isEmpty, digits.count <= 9 else { return nil }
        var value = 0
        for digit in digits {
            guard digit >= 0x30, digit <= 0x39 else { return nil }
            value = value * 10 + Int(digit - 0x30)
        }
        return sign == UInt8(ascii: "-") ? -value : value
    }

    private static func values(_ text: String, _ part: String) throws(RuleError) -> [Substring] {
        let values = text.split(separator: ",", omittingEmptySubsequences: false)
        guard values.count <= valuesLimit else {
            throw RuleError(part: part, value: text, problem: "has \(values.count) values",
                            allowed: "up to \(valuesLimit) are allowed")
        }
        return values
    }

    private static func numbers(_ text: String?, _ part: NumberPart) throws(RuleError) -> [Int] {
        guard let text else { return [] }
        var numbers: [Int] = []
        for value in try values(text, part.name) {
            if let number = try number(String(value), part) { numbers.append(number) }
        }
        return numbers
    }

    private static func days(_ text: String?) throws(RuleError) -> [Day] {
        guard let text else { return [] }
        var days: [Day] = []
        for value in try values(text, "BYDAY") {
            guard let weekday = Weekday(code: String(value.suffix(2))) else { throw dayRefusal(String(value)) }
            let number = value.dropLast(2)
            let ordinal = number.isEmpty ? nil : integer(number, isSigned: true)
            guard number.isEmpty || ordinal != nil else { throw dayRefusal(String(value)) }
            days.append(Day(weekday, ordinal: ordinal))
        }
        return days
    }

    private static func weekStart(_ text: String?) throws(RuleError) -> Weekday {
        guard let text else { return .monday }
        guard let weekday = Weekday(code: text) else {
            throw RuleError(part: "WKST", value: text, problem: "is not a weekday",
                            allowed: "weekdays are MO, TU, WE, TH, FR, SA, SU")
        }
        return weekday
    }

    private static func skip(_ text: String?) throws(RuleError) -> Skip {
        guard let text else { return .omit }
        guard let skip = Skip(rawValue: text) else {
            throw RuleError(part: "SKIP", value: text, problem: "is not a way to skip",
                            allowed: "OMIT, BACKWARD and FORWARD are allowed")
        }
        return skip
    }

    /// `20261231`, `20261231T235959` or `20261231T235959Z`.
    private static func until(_ text: String?) throws(RuleError) -> SeriesEnd? {
        guard let text else { return nil }
        var reader = DigitReader(text)
        if let year = reader.number(digits: 4), let month = reader.number(digits: 2),
           let day = reader.number(digits: 2), let date = LocalDate(year: year, month: month, day: day) {
            if reader.isAtEnd { return .date(date) }
            if reader.take("T"), let hour = reader.number(digits: 2), let minute = reader.number(digits: 2),
               let second = reader.number(digits: 2),
               let time = LocalTime(hour: hour, minute: minute, second: second) {
                let local = LocalDateTime(date: date, time: time)
                if reader.isAtEnd { return .local(local) }
                if reader.take("Z"), reader.isAtEnd {
                    return .instant(Instant(secondsSinceEpoch: local.secondOnWallClock))
                }
            }
        }
        throw RuleError(
            part: "UNTIL", value: text, problem: "is not a date or time",
            allowed: "20261231, 20261231T235959 (local) and 20261231T235959Z (UTC) are allowed, years 0001 to 9999")
    }
}
