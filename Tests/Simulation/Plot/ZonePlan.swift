/// A zone of the story's own: what its clocks do, as the story draws it. The daemon gets it as a TZif file; the judge
/// reads it as it stands here.
struct ZonePlan: Codable, Hashable {
    var name: String
    /// Seconds east of UTC before the first change.
    var firstOffset: Int64
    /// In order of time.
    var changes: [Change]

    struct Change: Codable, Hashable {
        /// Seconds since 1970.
        var at: Int64
        /// Seconds east of UTC from then on.
        var offset: Int64
    }

    func offset(at second: Int64) -> Int64 {
        changes.last { $0.at <= second }?.offset ?? firstOffset
    }

    /// The instant that a local time means: of two the first; of none, the one with the offset before the gap.
    func instant(ofLocal local: Int64) -> (second: Int64, exists: Bool) {
        var before = firstOffset
        var from = Int64.min
        for change in changes + [Change(at: .max, offset: 0)] {
            let second = local - before
            if second >= from, second < change.at { return (second, true) }
            if second >= change.at, change.at != .max, local - change.offset < change.at {
                return (second, false)
            }
            before = change.offset
            from = change.at
        }
        return (local - before, true)
    }
}

extension ZonePlan {
    /// Changes at night of two hours at most, so that times three hours apart keep their order.
    static func drawn(_ name: String, from start: Int64, days: Int, _ draw: Draw) -> ZonePlan {
        let base = Int64(draw.number(-24...28)) * 1_800
        var offset = base
        var changes: [Change] = []
        var day = draw.number(-3...2)
        while day < days + 4 {
            let step = draw.one(of: [3_600, 3_600, 1_800, 7_200]) as Int64
            let next = offset == base ? base + (draw.once(in: 2) ? step : -step) : base
            let midnight = start + Int64(day) * 86_400 - offset
            changes.append(Change(at: midnight + Int64(draw.number(2...3)) * 3_600, offset: next))
            offset = next
            day += draw.number(2...7)
        }
        return ZonePlan(name: name, firstOffset: base, changes: changes)
    }

    /// What a new release of the database says of it: a change that comes on another day, or an offset of its own.
    func revised(from start: Int64, days: Int, _ draw: Draw) -> ZonePlan {
        switch draw.number(0...2) {
        case 0:
            // Everything earlier or later by up to three hours.
            let shift = Int64(draw.one(of: [-6, -4, -2, -1, 1, 2, 4, 6])) * 1_800
            let shifted = changes.map { Change(at: $0.at - shift, offset: $0.offset + shift) }
            return ZonePlan(name: name, firstOffset: firstOffset + shift, changes: shifted)
        case 1:
            var revised = self
            if !changes.isEmpty { revised.changes.remove(at: draw.number(0...changes.count - 1)) }
            return revised
        default:
            return ZonePlan.drawn(name, from: start, days: days, draw)
        }
    }
}
