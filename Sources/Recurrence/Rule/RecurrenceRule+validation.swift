extension RecurrenceRule {
    /// One part of a rule that holds numbers: what they are called and which are allowed.
    struct NumberPart {
        let name: String
        let noun: String
        let range: ClosedRange<Int>
        /// Whether a negative number counts from the end; zero is then no value.
        let isSigned: Bool
        let allowed: String

        func admits(_ value: Int) -> Bool {
            isSigned ? value != 0 && range.contains(abs(value)) : range.contains(value)
        }

        func refusal(_ value: String) -> RuleError {
            RuleError(part: name, value: value, problem: "is not \(noun)", allowed: allowed)
        }

        static let month = NumberPart(
            name: "BYMONTH", noun: "a month", range: 1...12, isSigned: false, allowed: "months are 1 to 12")
        static let weekNumber = NumberPart(
            name: "BYWEEKNO", noun: "a week of the year", range: 1...53, isSigned: true,
            allowed: "weeks are 1 to 53 and -53 to -1")
        static let yearDay = NumberPart(
            name: "BYYEARDAY", noun: "a day of the year", range: 1...366, isSigned: true,
            allowed: "days of the year are 1 to 366 and -366 to -1")
        static let monthDay = NumberPart(
            name: "BYMONTHDAY", noun: "a day of the month", range: 1...31, isSigned: true,
            allowed: "days of the month are 1 to 31 and -31 to -1")
        static let hour = NumberPart(
            name: "BYHOUR", noun: "an hour", range: 0...23, isSigned: false, allowed: "hours are 0 to 23")
        static let minute = NumberPart(
            name: "BYMINUTE", noun: "a minute", range: 0...59, isSigned: false, allowed: "minutes are 0 to 59")
        static let second = NumberPart(
            name: "BYSECOND", noun: "a second", range: 0...60, isSigned: false, allowed: "seconds are 0 to 60")
        static let setPosition = NumberPart(
            name: "BYSETPOS", noun: "a position", range: 1...366, isSigned: true,
            allowed: "positions are 1 to 366 and -366 to -1")
        static let interval = NumberPart(
            name: "INTERVAL", noun: "an interval", range: 1...intervalLimit, isSigned: false,
            allowed: "intervals are 1 to \(intervalLimit)")
        static let count = NumberPart(
            name: "COUNT", noun: "a count", range: 1...countLimit, isSigned: false,
            allowed: "counts are 1 to \(countLimit)")
    }

    static func dayRefusal(_ value: String) -> RuleError {
        RuleError(part: "BYDAY", value: value, problem: "is not a weekday",
                  allowed: "weekdays are MO, TU, WE, TH, FR, SA, SU, or numbered such as 2TU and -1FR, up to 53")
    }

    /// Checks ranges and the notes on RFC 5545, section 3.3.10, about which parts may stand together.
    func validate() throws(RuleError) {
        let lists: [(NumberPart, [Int])] = [
            (.interval, [interval]), (.count, count.map { [$0] } ?? []), (.month, byMonth),
            (.weekNumber, byWeekNumber), (.yearDay, byYearDay), (.monthDay, byMonthDay), (.hour, byHour),
            (.minute, byMinute), (.second, bySecond), (.setPosition, bySetPosition),
        ]
        for (part, values) in lists {
            if let wrong = values.first(where: { !part.admits($0) }) { throw part.refusal(String(wrong)) }
        }
        for day in byDay {
            guard let ordinal = day.ordinal, ordinal == 0 || !(-53...53).contains(ordinal) else { continue }
            throw Self.dayRefusal(day.description)
        }
        try validateCombinations()
    }

    private func validateCombinations() throws(RuleError) {
        if let count, until != nil {
            throw RuleError(part: "COUNT", value: String(count), problem: "stands together with UNTIL",
                            allowed: "one of them is allowed")
        }
        if !byWeekNumber.isEmpty, frequency != .yearly {
            throw misplaced("BYWEEKNO", Self.listed(byWeekNumber), allowed: "it is allowed with FREQ=YEARLY alone")
        }
        if !byYearDay.isEmpty, [.daily, .weekly, .monthly].contains(frequency) {
            throw misplaced("BYYEARDAY", Self.listed(byYearDay),
                            allowed: "it is allowed with FREQ=YEARLY, HOURLY, MINUTELY and SECONDLY")
        }
        if !byMonthDay.isEmpty, frequency == .weekly {
            throw misplaced("BYMONTHDAY", Self.listed(byMonthDay), allowed: "it is allowed with every other FREQ")
        }
        if let numbered = byDay.first(where: { $0.ordinal != nil }) {
            guard frequency >= .monthly else {
                throw misplaced("BYDAY", numbered.description,
                                allowed: "numbered weekdays are allowed with FREQ=MONTHLY and YEARLY")
            }
            guard byWeekNumber.isEmpty else {
                throw RuleError(part: "BYDAY", value: numbered.description, problem: "stands together with BYWEEKNO",
                                allowed: "weekdays without a number are allowed there")
            }
        }
        let hasOther = ![byMonth, byWeekNumber, byYearDay, byMonthDay, byHour, byMinute, bySecond]
            .allSatisfy(\.isEmpty) || !byDay.isEmpty
        if !bySetPosition.isEmpty, !hasOther {
            throw RuleError(part: "BYSETPOS", value: Self.listed(bySetPosition), problem: "stands alone",
                            allowed: "it is allowed together with another BY part")
        }
    }

    private func misplaced(_ part: String, _ value: String, allowed: String) -> RuleError {
        RuleError(part: part, value: value, problem: "stands in a rule of FREQ=\(frequency.rawValue)", allowed: allowed)
    }

    static func listed(_ values: [Int]) -> String { values.map(String.init).joined(separator: ",") }
}
