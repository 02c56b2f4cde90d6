public import Recurrence

/// Dates, times and lists of them as people read them in a sentence.
enum DateWords {
    /// `31 March 2027`.
    static func date(_ date: LocalDate) -> String { "\(dayAndMonth(date.day, date.month)) \(date.year)" }

    /// `31 March 2027 at 18:00`.
    static func dateAndTime(_ local: LocalDateTime) -> String { "\(date(local.date)) at \(time(local.time))" }

    /// `31 March 2027`, `31 March 2027 at 18:00`, `31 March 2027 at 16:00 UTC`.
    static func end(_ end: SeriesEnd) -> String {
        switch end {
        case .date(let date): self.date(date)
        case .local(let local): dateAndTime(local)
        case .instant(let instant): "\(dateAndTime(Zone.utc.local(at: instant))) UTC"
        }
    }

    /// `29 February`.
    static func dayAndMonth(_ day: Int, _ month: Int) -> String { "\(day) \(self.month(month))" }

    /// `09:00`, with seconds where they are not zero.
    static func time(_ time: LocalTime) -> String {
        time.second == 0 ? String(time.description.prefix(5)) : time.description
    }

    /// `Monday, Wednesday and Friday`.
    static func list(_ words: [String]) -> String {
        guard let last = words.last, words.count > 1 else { return words.first ?? "" }
        return "\(words.dropLast().joined(separator: ", ")) and \(last)"
    }

    /// `1st`, `22nd`, `13th`.
    static func ordinal(_ number: Int) -> String {
        let suffix =
            switch (number % 10, number % 100) {
            case (_, 11...13): "th"
            case (1, _): "st"
            case (2, _): "nd"
            case (3, _): "rd"
            default: "th"
            }
        return "\(number)\(suffix)"
    }

    /// `first` to `fifth`, then `6th`; counted from the end `last`, `second to last`.
    static func place(_ number: Int) -> String {
        if number == -1 { return "last" }
        let words = ["first", "second", "third", "fourth", "fifth"]
        let place = abs(number) <= words.count ? words[abs(number) - 1] : ordinal(abs(number))
        return number < 0 ? "\(place) to last" : place
    }

    static func weekday(_ weekday: Weekday) -> String {
        switch weekday {
        case .monday: "Monday"
        case .tuesday: "Tuesday"
        case .wednesday: "Wednesday"
        case .thursday: "Thursday"
        case .friday: "Friday"
        case .saturday: "Saturday"
        case .sunday: "Sunday"
        }
    }

    /// - Parameter number: 1 to 12.
    static func month(_ number: Int) -> String {
        [
            "January", "February", "March", "April", "May", "June", "July", "August", "September", "October",
            "November", "December",
        ][number - 1]
    }
}

extension LocalDateTime {
    /// `2026-12-07 09:00`, with seconds where they are not zero.
    public var words: String { "\(date) \(DateWords.time(time))" }
}

extension LocalDate {
    /// `31 March 2027`.
    public var words: String { DateWords.date(self) }

    /// `March`.
    public var monthName: String { DateWords.month(month) }
}

extension LocalTime {
    /// `09:00`, with seconds where they are not zero.
    public var words: String { DateWords.time(self) }
}

extension Weekday {
    /// `Mon`.
    public var shortName: String { String(DateWords.weekday(self).prefix(3)) }
}
