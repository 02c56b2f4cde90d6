extension RecurrenceRule: CustomStringConvertible {
    /// The rule in canonical form: parts in one fixed order, lists sorted, defaults left out. Reading it gives
    /// the same rule. RSCALE is left out: see `iCalendarText`.
    public var description: String {
        var parts = ["FREQ=\(frequency.rawValue)"]
        if interval != 1 { parts.append("INTERVAL=\(interval)") }
        let lists = [
            ("BYMONTH", byMonth), ("BYWEEKNO", byWeekNumber), ("BYYEARDAY", byYearDay), ("BYMONTHDAY", byMonthDay),
        ]
        for (name, values) in lists where !values.isEmpty { parts.append("\(name)=\(Self.listed(values))") }
        if !byDay.isEmpty { parts.append("BYDAY=\(byDay.map(\.description).joined(separator: ","))") }
        let times = [
            ("BYHOUR", byHour), ("BYMINUTE", byMinute), ("BYSECOND", bySecond), ("BYSETPOS", bySetPosition),
        ]
        for (name, values) in times where !values.isEmpty { parts.append("\(name)=\(Self.listed(values))") }
        if weekStart != .monday { parts.append("WKST=\(weekStart.code)") }
        if skip != .omit { parts.append("SKIP=\(skip.rawValue)") }
        if let count { parts.append("COUNT=\(count)") }
        if let until { parts.append("UNTIL=\(Self.printed(until))") }
        return parts.joined(separator: ";")
    }

    /// The rule for other calendar programs: as `description`, with the `RSCALE=GREGORIAN` that RFC 7529,
    /// section 4, wants before a SKIP.
    public var iCalendarText: String { skip == .omit ? description : "RSCALE=GREGORIAN;\(description)" }

    private static func printed(_ until: SeriesEnd) -> String {
        switch until {
        case .date(let date): compact(date)
        case .local(let local): compact(local)
        case .instant(let instant): compact(LocalDateTime(secondOnWallClock: instant.secondsSinceEpoch)) + "Z"
        }
    }

    private static func compact(_ date: LocalDate) -> String {
        padded(date.year, 4) + padded(date.month, 2) + padded(date.day, 2)
    }

    private static func compact(_ local: LocalDateTime) -> String {
        let time = local.time
        return "\(compact(local.date))T\(padded(time.hour, 2))\(padded(time.minute, 2))\(padded(time.second, 2))"
    }
}
