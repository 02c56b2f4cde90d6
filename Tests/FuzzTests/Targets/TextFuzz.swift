import Recurrence

/// Text that is read as a date, a time, both, or an instant is printed so that it is read back as the same.
enum TextFuzz {
    static func run(_ bytes: [UInt8]) throws(Finding) {
        let text = String(decoding: bytes, as: UTF8.self)
        try checkReadBack(LocalDate(text), text)
        try checkReadBack(LocalTime(text), text)
        try checkReadBack(LocalDateTime(text), text)
        try checkReadBack(Instant(text), text)
        if let weekday = Weekday(code: text) {
            try check(weekday.code == text, "\(text) is read as \(weekday.code)")
        }
        if let date = LocalDate(text) {
            let isLast = date == LocalDate(year: 9_999, month: 12, day: 31)
            try check(isLast || date.adding(days: 1).adding(days: -1) == date, "\(date) is not a day before the next")
        }
        if let local = LocalDateTime(text) {
            try check(Zone.utc.local(at: Zone.utc.resolve(local).instant) == local, "\(local) is another time in UTC")
        }
    }

    private static func checkReadBack<Value: LosslessStringConvertible & Equatable>(
        _ value: Value?, _ text: String
    ) throws(Finding) {
        guard let value else { return }
        let printed = value.description
        try check(Value(printed) == value, "\(text.debugDescription) is printed as \(printed), which is not the same")
        // Seconds may be left out where a time is written, and are always printed.
        try check(printed == text || printed == text + ":00", "\(text.debugDescription) is printed as \(printed)")
    }
}
