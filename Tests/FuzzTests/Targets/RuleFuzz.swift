import Recurrence

/// Lines of text: a rule, and then, where given, an anchor, a zone, a gap policy and an instant to ask about.
/// Without an anchor some fixed ones are taken.
enum RuleFuzz {
    private struct Setting {
        let anchor: LocalDateTime
        let zone: Zone
        let gap: GapPolicy
    }

    private static let zones = SystemZones()

    /// An anchor in a gap, one before a day that a zone left out, and one in a zone whose clocks change by half
    /// an hour.
    private static let settings: [Setting] = [
        ("2026-03-29T02:30", "Europe/Paris", GapPolicy.shift),
        ("2011-12-29T23:59:59", "Pacific/Apia", .skip),
        ("1999-12-31T00:00", "Australia/Lord_Howe", .shift),
    ].map { anchor, zone, gap in
        guard let anchor = LocalDateTime(anchor), let zone = try? zones.zone(named: zone) else {
            preconditionFailure("the system's zone database has no \(zone)")
        }
        return Setting(anchor: anchor, zone: zone, gap: gap)
    }

    /// Before the calendar, in a fold, past the zones' tables, and at the end.
    private static let questions = [
        Instant.earliest, Instant(secondsSinceEpoch: 1_792_888_200), Instant(secondsSinceEpoch: 5_695_120_799),
        Instant.latest,
    ]

    static func run(_ bytes: [UInt8]) throws(Finding) {
        let lines = String(decoding: bytes, as: UTF8.self).split(separator: "\n", omittingEmptySubsequences: false)
            .map(String.init)
        let rule: RecurrenceRule
        do throws(RuleError) {
            rule = try RecurrenceRule(parsing: lines[0])
        } catch {
            return try checkRefusal(error)
        }
        for text in [rule.description, rule.iCalendarText] {
            try check((try? RecurrenceRule(parsing: text)) == rule, "\(text) is not read back as it was printed")
        }
        let questions = Self.questions + (lines.count > 4 ? Instant(lines[4]).map { [$0] } ?? [] : [])
        // Long steps that seldom fall on a time that is left, and long counts, take milliseconds where others take
        // one microsecond: they are asked less.
        let isSlow = rule.frequency.isElapsed && rule.interval >= 60 || rule.count ?? 0 > 1_000
        for setting in Self.setting(lines).map({ [$0] }) ?? Array(Self.settings.prefix(isSlow ? 1 : 3)) {
            let series: Series
            do throws(SeriesError) {
                series = try Series(anchor: setting.anchor, zone: setting.zone, rule: rule, gap: setting.gap)
            } catch {
                try checkRefusal(error)
                continue
            }
            let checks = SeriesChecks(series: series)
            try checks.run(questions, walking: isSlow ? 3 : 12)
            try checks.checkSpacing()
        }
    }

    private static func setting(_ lines: [String]) -> Setting? {
        guard lines.count > 1, let anchor = LocalDateTime(lines[1]) else { return nil }
        let zone = lines.count > 2 ? try? zones.zone(named: lines[2]) : nil
        let gap = lines.count > 3 ? GapPolicy(rawValue: lines[3]) : nil
        return Setting(anchor: anchor, zone: zone ?? .utc, gap: gap ?? .shift)
    }
}
