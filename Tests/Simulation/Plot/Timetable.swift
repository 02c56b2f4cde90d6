import CampaignModel
import Recurrence

/// What a campaign's file says of its times, read on its own: the judge's answer to what the planner of the daemon
/// computes. It knows the few forms that stories draw, and works each out in the plainest way.
struct Timetable {
    /// One time: what the clocks read (seconds as if in UTC), and when that is.
    struct Time: Hashable {
        let nominal: Int64
        let second: Int64
    }

    enum Form {
        case once
        case triggered
        /// Every so many days, or each week on these days (0 is Monday), at these seconds of the day.
        case days(every: Int64, on: Set<Int64>?, at: [Int64])
        /// Every so many seconds that pass.
        case steps(Int64)
    }

    let form: Form
    let zone: ZonePlan
    /// The series begins there: as clocks read it, and when.
    let anchor: Time
    let end: Int64?
    let count: Int?
    let skipsGaps: Bool
    let isByInstant: Bool

    /// When it begins. A start in a gap is moved past times that follow it, and those are part of the series.
    var start: Int64 {
        let early = times(after: anchor.second - 86_400, through: anchor.second).first
        return min(anchor.second, early?.second ?? .max)
    }

    /// All times in `floor`..<`limit`, without the first bound and with the second.
    func times(after floor: Int64, through limit: Int64) -> [Time] {
        switch form {
        case .triggered: return []
        case .once: return anchor.second > floor && anchor.second <= limit ? [anchor] : []
        case .steps(let seconds):
            var found: [Time] = []
            var step = max(0, floor < anchor.second ? 0 : (floor - anchor.second) / seconds + 1)
            // A written start in a gap is a time that does not exist.
            let isStartLeftOut = skipsGaps && !isByInstant && !zone.instant(ofLocal: anchor.nominal).exists
            while count.map({ step < $0 }) ?? true {
                let second = anchor.second + step * seconds
                if second > min(limit, end ?? .max) { break }
                if second > floor, step > 0 || !isStartLeftOut {
                    found.append(Time(nominal: second + zone.offset(at: second), second: second))
                }
                step += 1
            }
            return found
        case .days(let every, let weekdays, let at):
            var found: [Time] = []
            var number = 0
            var day = Self.day(anchor.nominal)
            // Local days differ from those of UTC by less than two.
            search: while day <= (min(limit, end ?? .max) / 86_400) + 2 {
                for time in at where isOn(day, every, weekdays) && day * 86_400 + time >= anchor.nominal {
                    number += 1
                    if let count, number > count { break search }
                    let nominal = day * 86_400 + time
                    let (second, exists) = zone.instant(ofLocal: nominal)
                    if !exists && skipsGaps { continue }
                    if second <= min(limit, end ?? .max), second > floor {
                        found.append(Time(nominal: nominal, second: second))
                    }
                }
                day += 1
            }
            return found.sorted { $0.second < $1.second }
        }
    }

    func next(after floor: Int64, within seconds: Int64 = 40 * 86_400) -> Time? {
        // Whatever lies before the anchor holds none.
        let from = max(floor, anchor.second - 3 * 86_400)
        return times(after: from, through: from + seconds).first
    }

    private func isOn(_ day: Int64, _ every: Int64, _ weekdays: Set<Int64>?) -> Bool {
        // 1970-01-01 was a Thursday.
        if let weekdays { return weekdays.contains(((day + 3) % 7 + 7) % 7) }
        return (day - Self.day(anchor.nominal)) % every == 0
    }

    private static func day(_ local: Int64) -> Int64 { local >= 0 ? local / 86_400 : (local - 86_399) / 86_400 }
}

extension Timetable {
    /// Reads what the author wrote; nil for a form that stories do not draw.
    init?(_ definition: CampaignDefinition, anchor: Anchor, zone: ZonePlan) {
        let schedule = definition.schedule ?? ScheduleDefinition()
        self.zone = zone
        let nominal: Int64
        if let start = schedule.start.flatMap(Self.seconds) {
            nominal = start
            isByInstant = false
            self.anchor = Time(nominal: start, second: zone.instant(ofLocal: start).second)
        } else if anchor.isWritten {
            // A newer version without a start keeps the one that was written.
            nominal = Self.seconds(anchor.local)
            isByInstant = false
            self.anchor = Time(nominal: nominal, second: zone.instant(ofLocal: nominal).second)
        } else {
            let second = anchor.instant.secondsSinceEpoch
            nominal = Self.seconds(anchor.local)
            isByInstant = true
            self.anchor = Time(nominal: nominal, second: second)
        }
        skipsGaps = schedule.gap == "skip"
        count = schedule.count.flatMap { Int($0) }
        if let text = schedule.end {
            let local = Self.seconds(text.utf8.count == 10 ? text + "T23:59:59" : text)
            end = local.map { zone.instant(ofLocal: $0).second }
        } else {
            end = nil
        }
        let times = (schedule.at ?? []).compactMap { Self.seconds("1970-01-01T\($0):00") }
        switch schedule.every?.split(separator: " ").map(String.init) ?? [] {
        case []: form = definition.type == "triggered" ? .triggered : .once
        case ["day"]: form = .days(every: 1, on: nil, at: times)
        case ["week"]:
            let names = ["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"]
            let days = (schedule.days ?? []).compactMap { name in names.firstIndex(of: name).map { Int64($0) } }
            form = .days(every: 1, on: Set(days), at: times)
        case let words where words.count == 2:
            guard let number = Int64(words[0]) else { return nil }
            switch words[1] {
            case "days": form = .days(every: number, on: nil, at: times)
            case "hours": form = .steps(number * 3_600)
            case "minutes": form = .steps(number * 60)
            default: return nil
            }
        default: return nil
        }
    }

    /// What clocks read, in seconds as if in UTC.
    static func seconds(_ local: LocalDateTime) -> Int64 { seconds("\(local)") ?? .min }

    static func seconds(_ text: String) -> Int64? {
        let full = text.utf8.count == 16 ? text + ":00" : text
        return Instant(full + "Z")?.secondsSinceEpoch
    }

    /// What names a time for ever: for steps its instant, else what the clocks of its zone read.
    struct Mark: Hashable {
        let second: Int64
        let zone: String?
    }

    func mark(_ time: Time) -> Mark {
        if case .steps = form { return Mark(second: time.second, zone: nil) }
        return Mark(second: time.nominal, zone: zone.name)
    }

    /// Whether its rule has nothing after `floor`, its end left out.
    func isOver(after floor: Int64) -> Bool {
        guard count != nil else { return false }
        return next(after: floor) == nil
    }
}
