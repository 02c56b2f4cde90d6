import CampaignModel
import Recurrence
import Testing

/// The plan of one version.
struct PlanTests {
    private func plan(_ zone: String, start: String, end: String) throws -> Plan {
        let content = try CampaignContent.sample {
            $0.schedule?.timezone = zone
            $0.schedule?.start = start
            $0.schedule?.every = "day"
            $0.schedule?.end = end
        }
        return try Rules.sample.plan(of: content, activatedAt: .earliest)
    }

    @Test(
        "a bare date ends with the last second that the day's clocks show, as the series itself does",
        arguments: [
            ("Europe/Paris", "2027-03-31", "2027-03-31T21:59:59Z"),
            // Midnight is left out.
            ("America/Sao_Paulo", "2018-11-03", "2018-11-04T02:59:59Z"),
            // The last hour of the day comes twice.
            ("America/Sao_Paulo", "2019-02-16", "2019-02-17T02:59:59Z"),
            // The first hour of the next day comes twice; its first pass is the next day's.
            ("America/Havana", "2026-10-31", "2026-11-01T03:59:59Z"),
            // 23:01 to 00:01 comes twice: the second pass of 23:59:59.
            ("America/St_Johns", "2006-10-28", "2006-10-29T03:29:59Z"),
        ])
    func endOfDay(zone: String, end: String, instant: String) throws {
        let plan = try plan(zone, start: "2006-01-01T00:30", end: end)
        #expect(plan.end?.description == instant)
        // Nothing of the next day is let through.
        let last = try #require(plan.last(atOrBefore: .latest))
        #expect(last.nominal.date.description == end)
        #expect(last.instant <= (try #require(plan.end)))
    }

    /// Any name at all, with the data of one zone.
    private struct AnyNames: ZoneSource {
        let version = "x"
        func zone(named name: String) throws(ZoneError) -> Zone {
            let known = try SystemZones().zone(named: "Europe/Paris")
            do { return try Zone(name: name, tzif: known.tzif) } catch { throw .damaged(name, error) }
        }
    }

    @Test(
        "a zone whose name can stand in no key makes no plan, whoever brings its data",
        arguments: ["Ünï/Code", "a b", "a\n", ""])
    func zoneNames(name: String) throws {
        let content = try CampaignContent.sample {
            $0.schedule?.timezone = name
            $0.schedule?.every = "day"
        }
        var rules = Rules.sample
        rules.zones = AnyNames()
        #expect(throws: FieldError.self) { try rules.plan(of: content, activatedAt: .earliest) }
    }

    @Test("a day that the clocks leave out ends with its last second as it is read")
    func missingDay() throws {
        #expect(try plan("Pacific/Apia", start: "2006-01-01T00:30", end: "2011-12-30").end?.description
            == "2011-12-31T09:59:59Z")
    }

    @Test("a start in a gap is moved past times that follow it: the series starts with the first of those")
    func startInGap() throws {
        let content = try CampaignContent.sample {
            $0.schedule?.timezone = "Europe/Paris"
            $0.schedule?.start = "2027-03-28T02:30"
            $0.schedule?.every = "day"
            $0.schedule?.at = ["02:30", "03:10"]
        }
        let plan = try Rules.sample.plan(of: content, activatedAt: .earliest)
        let instants = plan.occurrences(after: nil, limit: 2).map(\.instant.description)
        #expect(instants == ["2027-03-28T01:10:00Z", "2027-03-28T01:30:00Z"])
        #expect(plan.start.description == instants.first)
    }

    @Test("a page begins with the first occurrence, or after an instant, and tells whether it is the last")
    func page() throws {
        let plan = try plan("Europe/Paris", start: "2026-12-07T09:00", end: "2026-12-09")
        let days = ["2026-12-07T08:00:00Z", "2026-12-08T08:00:00Z", "2026-12-09T08:00:00Z"]
        let all = plan.page(after: nil, limit: 3)
        #expect(all.occurrences.map(\.instant.description) == days)
        #expect(all.isExhausted)
        let first = plan.page(after: nil, limit: 1)
        #expect(first.occurrences.map(\.instant.description) == [days[0]])
        #expect(!first.isExhausted)
        let last = plan.page(after: Instant(days[1]), limit: 5)
        #expect(last.occurrences.map(\.instant.description) == [days[2]])
        #expect(last.isExhausted)
        #expect(plan.page(after: Instant(days[2]), limit: 5).occurrences.isEmpty)
    }
}
