/// The times of day that a rule selects: every combination of its hours, minutes and seconds, kept as three
/// sets of bits. Each question is answered in a few steps, however many times there are.
struct RuleTimes: Hashable, Sendable {
    let hours: UInt64
    let minutes: UInt64
    let seconds: UInt64

    /// Hours, minutes and seconds from lists that may not be empty; second 60 is 59 (RFC 5545,
    /// section 3.3.12).
    init(hours: [Int], minutes: [Int], seconds: [Int]) {
        self.hours = Self.bits(hours)
        self.minutes = Self.bits(minutes)
        self.seconds = Self.bits(seconds.map { min($0, 59) })
    }

    /// The times of sets of bits, none of them empty.
    init(hours: UInt64, minutes: UInt64, seconds: UInt64) {
        self.hours = hours
        self.minutes = minutes
        self.seconds = seconds
    }

    static let allHours: [Int] = Array(0...23)
    static let allSixty: [Int] = Array(0...59)

    static func bits(_ values: [Int]) -> UInt64 { values.reduce(0) { $0 | 1 << UInt64($1) } }

    /// How many times a day has.
    var count: Int { hours.nonzeroBitCount * minutes.nonzeroBitCount * seconds.nonzeroBitCount }

    var isWholeDay: Bool { count == Int(CivilCalendar.secondsPerDay) }

    @inline(__always)
    func contains(_ second: Int) -> Bool {
        hours & 1 << UInt64(second / 3_600) != 0 && minutes & 1 << UInt64(second / 60 % 60) != 0
            && seconds & 1 << UInt64(second % 60) != 0
    }

    /// The first time at `second` or later in the day.
    func next(atOrAfter second: Int) -> Int? {
        guard second < 86_400 else { return nil }
        let hour = second / 3_600
        let minute = second / 60 % 60
        if hours & 1 << UInt64(hour) != 0 {
            if minutes & 1 << UInt64(minute) != 0, let found = Self.bit(seconds, atOrAfter: second % 60) {
                return hour * 3_600 + minute * 60 + found
            }
            if let later = Self.bit(minutes, atOrAfter: minute + 1) {
                return hour * 3_600 + later * 60 + seconds.trailingZeroBitCount
            }
        }
        guard let later = Self.bit(hours, atOrAfter: hour + 1) else { return nil }
        return later * 3_600 + minutes.trailingZeroBitCount * 60 + seconds.trailingZeroBitCount
    }

    /// The last time at `second` or earlier in the day.
    func last(atOrBefore second: Int) -> Int? {
        let hour = second / 3_600
        let minute = second / 60 % 60
        if hours & 1 << UInt64(hour) != 0 {
            if minutes & 1 << UInt64(minute) != 0, let found = Self.bit(seconds, atOrBefore: second % 60) {
                return hour * 3_600 + minute * 60 + found
            }
            if let earlier = Self.bit(minutes, atOrBefore: minute - 1) {
                return hour * 3_600 + earlier * 60 + Self.highest(seconds)
            }
        }
        guard let earlier = Self.bit(hours, atOrBefore: hour - 1) else { return nil }
        return earlier * 3_600 + Self.highest(minutes) * 60 + Self.highest(seconds)
    }

    var first: Int {
        hours.trailingZeroBitCount * 3_600 + minutes.trailingZeroBitCount * 60 + seconds.trailingZeroBitCount
    }

    var last: Int { Self.highest(hours) * 3_600 + Self.highest(minutes) * 60 + Self.highest(seconds) }

    /// The least distance of two times of a day; the length of a day where there is one time. It walks them, at
    /// most 86,400.
    var closest: Int64 {
        var least = Int(CivilCalendar.secondsPerDay)
        var previous = first
        while least > 1, let time = next(atOrAfter: previous + 1) {
            least = min(least, time - previous)
            previous = time
        }
        return Int64(least)
    }

    /// The time of an index, 0 to `count` − 1.
    func time(at index: Int) -> Int {
        let perMinute = seconds.nonzeroBitCount
        let perHour = minutes.nonzeroBitCount * perMinute
        return Self.bit(hours, number: index / perHour) * 3_600
            + Self.bit(minutes, number: index % perHour / perMinute) * 60
            + Self.bit(seconds, number: index % perMinute)
    }

    /// How many times lie earlier in the day than `second`.
    func count(before second: Int) -> Int {
        let perMinute = seconds.nonzeroBitCount
        let perHour = minutes.nonzeroBitCount * perMinute
        let hour = second / 3_600
        let minute = second / 60 % 60
        var result = Self.below(hours, hour) * perHour
        guard hours & 1 << UInt64(hour) != 0 else { return result }
        result += Self.below(minutes, minute) * perMinute
        guard minutes & 1 << UInt64(minute) != 0 else { return result }
        return result + Self.below(seconds, second % 60)
    }

    private static func below(_ bits: UInt64, _ index: Int) -> Int { (bits & (1 << UInt64(index) - 1)).nonzeroBitCount }

    private static func highest(_ bits: UInt64) -> Int { 63 - bits.leadingZeroBitCount }

    private static func bit(_ bits: UInt64, atOrAfter index: Int) -> Int? {
        // A shift by 64, past the last bit, leaves nothing.
        let rest = bits & .max << UInt64(index)
        return rest == 0 ? nil : rest.trailingZeroBitCount
    }

    private static func bit(_ bits: UInt64, atOrBefore index: Int) -> Int? {
        guard index >= 0 else { return nil }
        let rest = bits & (2 << UInt64(index) &- 1)
        return rest == 0 ? nil : highest(rest)
    }

    /// The index of the n-th bit that is set, n counted from 0.
    static func bit(_ bits: UInt64, number: Int) -> Int {
        var rest = bits
        for _ in 0..<number { rest &= rest &- 1 }
        return rest.trailingZeroBitCount
    }
}
