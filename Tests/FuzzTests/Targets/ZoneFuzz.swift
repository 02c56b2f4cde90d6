import Recurrence

/// The content of a TZif file: refused in a short sentence, or a zone whose answers agree with each other.
enum ZoneFuzz {
    static func run(_ bytes: [UInt8]) throws(Finding) {
        let zone: Zone
        do throws(TZifError) {
            zone = try Zone(name: "Fuzz/Zone", tzif: bytes)
        } catch {
            return try checkRefusal(error)
        }
        try check((try? Zone(name: zone.name, tzif: zone.tzif)) == zone, "the zone is not read again as it was")
        for instant in questions(bytes) {
            try checkThereAndBack(zone, instant)
            try checkLocal(zone, zone.local(at: instant).adding(seconds: 1_800))
        }
        try checkSeries(zone)
    }

    /// Ends, hours around the changes of most zones, and instants that the input itself holds: its transitions.
    private static func questions(_ bytes: [UInt8]) -> [Instant] {
        var seconds: [Int64] = [
            .min, -62_135_596_799, -2_208_988_800, -1, 0, 1, 1_774_745_999, 1_774_746_000, 1_792_890_000, 2_147_483_647,
            4_102_444_800, 4_118_000_000, 253_402_300_798, .max,
        ]
        // The 64-bit block of a small file begins after its two headers; whatever lies there will do.
        let wordsLimit = 24
        var start = 95
        while start + 8 <= bytes.count, seconds.count < wordsLimit {
            let word = bytes[start..<start + 8].reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
            seconds += [Int64(bitPattern: word), Int64(bitPattern: word) &- 1]
            start += 8
        }
        return seconds.map { Instant(secondsSinceEpoch: $0) }
    }

    private static func checkThereAndBack(_ zone: Zone, _ instant: Instant) throws(Finding) {
        let offset = zone.offset(at: instant)
        try check((-89_999...93_599).contains(offset), "the offset at \(instant) is \(offset)")
        let local = zone.local(at: instant)
        let shown = instant.secondsSinceEpoch + Int64(offset)
        // At the ends of the calendar clocks stop.
        guard instant > .earliest, instant < .latest,
              shown == Instant(secondsSinceEpoch: shown).secondsSinceEpoch else { return }
        switch zone.resolve(local) {
        case .unique(let only):
            try check(only == instant, "\(instant) shows \(local), which is \(only)")
        case .fold(let first, let second):
            try check(first < second && first <= instant && instant <= second,
                      "\(instant) shows \(local), which is \(first) and \(second)")
            // What would lie outside of the calendar is told as its end.
            for pass in [first, second] where pass != .earliest && pass != .latest {
                try check(zone.local(at: pass) == local, "\(local) is not shown at \(pass)")
            }
        case .gap(let shifted):
            throw Finding(description: "\(instant) shows \(local), which does not exist but for \(shifted)")
        }
    }

    private static func checkLocal(_ zone: Zone, _ local: LocalDateTime) throws(Finding) {
        guard case .gap(let shifted) = zone.resolve(local), shifted > .earliest, shifted < .latest else { return }
        try check(zone.local(at: shifted) != local, "\(local) does not exist and is shown at \(shifted)")
    }

    private static func checkSeries(_ zone: Zone) throws(Finding) {
        let rules = ["FREQ=DAILY;BYHOUR=0,2,23;BYMINUTE=30", "FREQ=HOURLY;BYMINUTE=0,45", "FREQ=MINUTELY;BYHOUR=2,3"]
        for text in rules {
            guard let rule = try? RecurrenceRule(parsing: text), let anchor = LocalDateTime("2026-03-28T02:30"),
                  let series = try? Series(anchor: anchor, zone: zone, rule: rule) else { continue }
            let questions = [series.first.instant + 7_776_000, Instant(secondsSinceEpoch: 4_118_000_000)]
            try SeriesChecks(series: series).run(questions, walking: 12)
        }
    }
}

extension LocalDateTime {
    /// What an even wall clock shows so many seconds later, in a few days at most.
    fileprivate func adding(seconds: Int) -> LocalDateTime {
        let zone = Zone.utc
        return zone.local(at: zone.resolve(self).instant + Int64(seconds))
    }
}
