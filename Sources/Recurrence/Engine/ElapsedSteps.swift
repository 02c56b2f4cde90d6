/// The steps of a rule of FREQ=HOURLY, MINUTELY or SECONDLY: instants at even distances from the anchor's,
/// in seconds since the epoch, of which BY parts of the step's unit or larger leave some, by what clocks in
/// the zone show (RFC 5545, section 3.3.10, the table's "Limit").
struct ElapsedSteps: Sendable {
    let zone: Zone
    /// The instant of the anchor.
    let anchor: Int64
    /// The distance of two steps, in seconds.
    let stride: Int64
    /// nil where every day is left.
    private let days: RuleDays?
    /// nil where every time of day is left.
    private let times: RuleTimes?
    /// Offsets under which no step ever falls on a time of day that is left.
    private let barrenOffsets: Set<Int64>
    /// Bit d for each weekday that may be left, 0 for Monday.
    private let weekdays: UInt64
    /// The last instant whose local time is one of the calendar.
    let horizon: Int64

    init(zone: Zone, anchor: Int64, rule: RecurrenceRule, anchorDate: LocalDate) {
        self.zone = zone
        self.anchor = anchor
        let unit: Int64 = rule.frequency == .hourly ? 3_600 : rule.frequency == .minutely ? 60 : 1
        horizon = CivilCalendar.lastSecond - max(0, zone.segment(at: CivilCalendar.lastSecond).offset)
        let stride = Int64(rule.interval) * unit
        self.stride = stride
        let hasDays = ![rule.byMonth, rule.byMonthDay, rule.byYearDay].allSatisfy(\.isEmpty) || !rule.byDay.isEmpty
        days = hasDays ? RuleDays(rule: rule, anchor: anchorDate, skip: rule.skip) : nil
        let minutes = rule.frequency == .hourly ? [] : rule.byMinute
        let seconds = rule.frequency == .secondly ? rule.bySecond : []
        let times = RuleTimes(
            hours: rule.byHour.isEmpty ? RuleTimes.allHours : rule.byHour,
            minutes: minutes.isEmpty ? RuleTimes.allSixty : minutes,
            seconds: seconds.isEmpty ? RuleTimes.allSixty : seconds)
        self.times = times.isWholeDay ? nil : times
        let weekdays = Set(rule.byDay.map(\.weekday.rawValue))
        self.weekdays = weekdays.isEmpty ? 0b111_1111 : RuleTimes.bits(Array(weekdays))
        barrenOffsets = times.isWholeDay ? [] : zone.offsetsInForce(from: anchor).filter { offset in
            !Self.meets(times, weekdays: weekdays, from: anchor + offset, stride: stride)
        }
    }

    /// Whether a walk of even steps on an even wall clock ever comes upon one of the times, on one of the
    /// weekdays if any are given.
    ///
    /// Such a walk meets, within a week that repeats, the seconds of one residue class modulo the greatest
    /// common divisor of the stride and a week, and all of them. Both the class and the times are walked, each
    /// turn of the loop steps over at least one member of the class: 604,800 turns at most.
    private static func meets(_ times: RuleTimes, weekdays: Set<Int>, from start: Int64, stride: Int64) -> Bool {
        let week = 7 * CivilCalendar.secondsPerDay
        let divisor = greatestCommonDivisor(stride, week)
        // Local second 0 was a Thursday; any phase serves, as long as days and weekdays agree.
        var second = floorRemainder(start, divisor)
        while second < week {
            let (day, secondOfDay) = CivilCalendar.split(second)
            var wanted = CivilCalendar.second(ofDay: day + 1)
            if weekdays.isEmpty || weekdays.contains(CivilCalendar.weekday(ofDay: day)),
               let time = times.next(atOrAfter: secondOfDay) {
                wanted = CivilCalendar.second(ofDay: day) + Int64(time)
                if wanted == second { return true }
            }
            second += (wanted - second + divisor - 1) / divisor * divisor
        }
        return false
    }

    /// Whether the rule leaves every step.
    var isPlain: Bool { days == nil && times == nil }

    /// A number of seconds of which the distance of any two steps that are left is a multiple, while no clock
    /// changes: the stride, or more where one second of the minute or one minute of the hour is left.
    var gridSeconds: Int64 {
        guard let times, times.seconds.nonzeroBitCount == 1 || stride % 60 == 0 else { return stride }
        guard times.minutes.nonzeroBitCount == 1 else { return max(stride, 60) }
        return max(stride, 3_600)
    }

    /// The first step at `second` or later.
    func step(atOrAfter second: Int64) -> Int64 {
        guard second > anchor else { return anchor }
        return second + floorRemainder(anchor - second, stride)
    }

    private func step(atOrBefore second: Int64) -> Int64 {
        second - floorRemainder(second - anchor, stride)
    }

    private static let secondsPerWeek = 7 * CivilCalendar.secondsPerDay
    /// Where steps are longer than this, few lie between two local times that could be left, and looking at the next
    /// ones in turn costs less than asking for those times.
    private static let longStrideSeconds: Int64 = 3_600
    /// So many steps are looked at in a turn; where days are seldom left, asking for the next one leads farther.
    private static let glanceLimit = 32

    /// Passes long steps whose weekday or time of day is not left: on to the first step that could be left, to one
    /// outside of the stretch of constant offset, or over `glanceLimit` steps. `stride` is negative on the way back.
    private func glance(from step: Int64, stride: Int64, in segment: ZoneSegment) -> Int64 {
        guard self.stride > Self.longStrideSeconds else { return step }
        var step = step
        // Local second 0 was a Thursday.
        var inWeek = floorRemainder(step + segment.offset + 3 * CivilCalendar.secondsPerDay, Self.secondsPerWeek)
        let strideInWeek = floorRemainder(stride, Self.secondsPerWeek)
        for _ in 0..<Self.glanceLimit where segment.contains(step) {
            let (day, secondOfDay) = CivilCalendar.split(inWeek)
            if weekdays & 1 << UInt64(day) != 0, times?.contains(secondOfDay) ?? true { break }
            step += stride
            inWeek += strideInWeek
            if inWeek >= Self.secondsPerWeek { inWeek -= Self.secondsPerWeek }
        }
        return step
    }

    /// The first step at `second` or later that is left.
    ///
    /// A step that is not left leads to the first local time that could be, and at most to the end of its
    /// stretch of constant offset; each turn so passes at least one step. Within a day the turns are bounded by
    /// the steps of the day and by the times left in it, whichever are fewer; days that are not left are
    /// stepped over by months (`RuleDays`), offsets under which steps and times never meet by stretches. All
    /// of it ends with the calendar.
    ///
    /// Each turn takes one off `turns`; with none left there is no answer.
    func next(atOrAfter second: Int64, turns: inout Int) -> Int64? {
        var step = step(atOrAfter: second)
        guard !isPlain else { return step <= horizon ? step : nil }
        while step <= horizon, turns > 0 {
            turns -= 1
            let segment = zone.segment(at: step)
            if barrenOffsets.contains(segment.offset) {
                step = self.step(atOrAfter: segment.end)
                continue
            }
            let (day, secondOfDay) = CivilCalendar.split(step + segment.offset)
            let wanted: Int64
            if let days, !days.contains(day: day) {
                guard let later = days.next(atOrAfter: day + 1) else { return nil }
                wanted = CivilCalendar.second(ofDay: later)
            } else if let time = times?.next(atOrAfter: secondOfDay) ?? (times == nil ? secondOfDay : nil) {
                if time == secondOfDay { return step }
                wanted = CivilCalendar.second(ofDay: day) + Int64(time)
            } else {
                wanted = CivilCalendar.second(ofDay: day + 1)
            }
            step = self.step(atOrAfter: min(wanted - segment.offset, segment.end))
            step = glance(from: step, stride: stride, in: segment)
        }
        return nil
    }

    /// The last step at `second` or earlier that is left; bounded as `next` is, and by the anchor.
    func last(atOrBefore second: Int64) -> Int64? {
        var step = step(atOrBefore: min(second, horizon))
        guard !isPlain else { return step >= anchor ? step : nil }
        while step >= anchor {
            let segment = zone.segment(at: step)
            if barrenOffsets.contains(segment.offset) {
                step = self.step(atOrBefore: segment.start - 1)
                continue
            }
            let (day, secondOfDay) = CivilCalendar.split(step + segment.offset)
            let wanted: Int64
            if let days, !days.contains(day: day) {
                guard let earlier = days.last(atOrBefore: day - 1) else { return nil }
                wanted = CivilCalendar.second(ofDay: earlier + 1) - 1
            } else if let time = times?.last(atOrBefore: secondOfDay) ?? (times == nil ? secondOfDay : nil) {
                if time == secondOfDay { return step }
                wanted = CivilCalendar.second(ofDay: day) + Int64(time)
            } else {
                wanted = CivilCalendar.second(ofDay: day) - 1
            }
            step = self.step(atOrBefore: max(wanted - segment.offset, segment.start - 1))
            step = glance(from: step, stride: -stride, in: segment)
        }
        return nil
    }
}

/// Of two positive numbers.
func greatestCommonDivisor(_ left: Int64, _ right: Int64) -> Int64 {
    var (left, right) = (left, right)
    while right != 0 { (left, right) = (right, left % right) }
    return left
}
