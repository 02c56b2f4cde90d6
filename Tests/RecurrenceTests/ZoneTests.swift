import Foundation
@testable import Recurrence
import Testing
import ZoneFixtures

@Suite("zones")
struct ZoneTests {
    @Test("an offset is that of the instant, in the past, in the file and by the footer", arguments: [
        ("Europe/Paris", "1880-01-01T00:00:00Z", 561), ("Europe/Paris", "2026-07-01T00:00:00Z", 7_200),
        ("Europe/Paris", "2026-03-29T00:59:59Z", 3_600), ("Europe/Paris", "2026-03-29T01:00:00Z", 7_200),
        ("Europe/Paris", "2026-10-25T00:59:59Z", 7_200), ("Europe/Paris", "2026-10-25T01:00:00Z", 3_600),
        ("Europe/Paris", "2100-07-01T00:00:00Z", 7_200), ("Europe/Paris", "2101-07-01T00:00:00Z", 7_200),
        ("Europe/Paris", "9999-12-31T00:00:00Z", 3_600), ("America/New_York", "2450-07-04T00:00:00Z", -14_400),
        ("Australia/Lord_Howe", "2026-01-01T00:00:00Z", 39_600),
        ("Australia/Lord_Howe", "2300-07-01T00:00:00Z", 37_800),
        ("Asia/Kathmandu", "2026-01-01T00:00:00Z", 20_700), ("Africa/Monrovia", "1960-01-01T00:00:00Z", -2_670),
        ("Europe/Dublin", "2026-01-01T00:00:00Z", 0), ("Europe/Dublin", "2026-07-01T00:00:00Z", 3_600),
        ("America/Sao_Paulo", "2040-01-01T00:00:00Z", -10_800), ("Etc/GMT+5", "2026-01-01T00:00:00Z", -18_000),
        ("UTC", "2026-01-01T00:00:00Z", 0), ("Pacific/Apia", "2011-12-30T09:59:59Z", -36_000),
        ("Pacific/Apia", "2011-12-30T10:00:00Z", 50_400), ("America/Nuuk", "2200-07-01T00:00:00Z", -3_600),
    ])
    func offsets(name: String, at: String, seconds: Int) {
        #expect(zone(name).offset(at: instant(at)) == seconds)
    }

    @Test("a local time is unique, in a gap or in a fold", arguments: [
        ("Europe/Berlin", "2026-03-29T01:59:59", "unique 2026-03-29T00:59:59Z"),
        ("Europe/Berlin", "2026-03-29T02:00:00", "gap 2026-03-29T01:00:00Z"),
        ("Europe/Berlin", "2026-03-29T02:30:00", "gap 2026-03-29T01:30:00Z"),
        ("Europe/Berlin", "2026-03-29T02:59:59", "gap 2026-03-29T01:59:59Z"),
        ("Europe/Berlin", "2026-03-29T03:00:00", "unique 2026-03-29T01:00:00Z"),
        ("Europe/Berlin", "2026-10-25T01:59:59", "unique 2026-10-24T23:59:59Z"),
        ("Europe/Berlin", "2026-10-25T02:00:00", "fold 2026-10-25T00:00:00Z 2026-10-25T01:00:00Z"),
        ("Europe/Berlin", "2026-10-25T02:59:59", "fold 2026-10-25T00:59:59Z 2026-10-25T01:59:59Z"),
        ("Europe/Berlin", "2026-10-25T03:00:00", "unique 2026-10-25T02:00:00Z"),
        ("Europe/Berlin", "2400-03-26T02:30:00", "gap 2400-03-26T01:30:00Z"),
        ("Australia/Lord_Howe", "2026-10-04T02:15:00", "gap 2026-10-03T15:45:00Z"),
        ("Australia/Lord_Howe", "2026-04-05T01:45:00", "fold 2026-04-04T14:45:00Z 2026-04-04T15:15:00Z"),
        ("America/Sao_Paulo", "2018-11-04T00:00:00", "gap 2018-11-04T03:00:00Z"),
        ("America/Sao_Paulo", "2018-02-17T23:30:00", "fold 2018-02-18T01:30:00Z 2018-02-18T02:30:00Z"),
        ("Pacific/Apia", "2011-12-30T09:00:00", "gap 2011-12-30T19:00:00Z"),
        ("Pacific/Kwajalein", "1969-09-30T12:00:00", "fold 1969-09-30T01:00:00Z 1969-10-01T00:00:00Z"),
        ("UTC", "2026-03-29T02:30:00", "unique 2026-03-29T02:30:00Z"),
    ])
    func resolution(name: String, text: String, expected: String) {
        let resolution = zone(name).resolve(local(text))
        switch resolution {
        case .unique(let instant): #expect("unique \(instant)" == expected)
        case .gap(let shifted): #expect("gap \(shifted)" == expected)
        case .fold(let first, let second): #expect("fold \(first) \(second)" == expected)
        }
        #expect(expected.hasSuffix("\(resolution.instant)") || expected.contains(" \(resolution.instant) "))
    }

    @Test("around every change of every zone, an instant's local time is read back as that instant")
    func changes() throws {
        let names = try ZoneFiles.entries(below: SystemZones.defaultDirectory).map(\.name)
            .filter { ZoneNames.isValid($0) && $0.contains("/") && !$0.hasPrefix("posix/") && !$0.hasPrefix("right/") }
        #expect(names.count > 300)
        let from = instant("1900-01-01T00:00:00Z").secondsSinceEpoch
        let through = instant("2110-01-01T00:00:00Z").secondsSinceEpoch
        for name in names {
            let zone = zone(name)
            for change in zone.changes(from: from, through: through) {
                #expect(change.before != change.after)
                for second in [change.second - 1, change.second, change.second + 1] {
                    let instant = Instant(secondsSinceEpoch: second)
                    switch zone.resolve(zone.local(at: instant)) {
                    case .unique(let only): #expect(only == instant, "\(name) \(instant)")
                    case .fold(let first, let last): #expect(first == instant || last == instant, "\(name) \(instant)")
                    case .gap: Issue.record("\(name) shows a time in a gap at \(instant)")
                    }
                }
            }
        }
    }

    @Test("zones are equal where name and data are")
    func equality() throws {
        #expect(zone("Europe/Paris") == zone("Europe/Paris"))
        #expect(zone("Europe/Paris") != zone("Europe/Berlin"))
        #expect(Zone.utc.name == "UTC")
        #expect(try Zone(name: "UTC", tzif: Zone.utc.tzif) == .utc)
        let paris = zone("Europe/Paris")
        #expect(try Zone(name: "Europe/Paris", tzif: paris.tzif) == paris)
    }

    @Test("daylight time throughout the year, and rules on other days of the year, are read from the footer",
        arguments: [
        ("XXX3EDT4,0/0,J365/23", "2030-01-01T02:59:59Z", -14_400),
        ("XXX3EDT4,0/0,J365/23", "2030-07-01T00:00:00Z", -14_400),
        ("AAA-1BBB,J60,J300", "2028-02-29T12:00:00Z", 3_600), ("AAA-1BBB,J60,J300", "2028-03-01T12:00:00Z", 7_200),
        ("AAA-1BBB,59,300", "2028-02-29T12:00:00Z", 7_200), ("AAA-1BBB,59,300", "2028-02-28T12:00:00Z", 3_600),
        ("IST-2IDT,M3.4.4/26,M10.5.0", "2030-03-28T23:59:59Z", 7_200),
        ("IST-2IDT,M3.4.4/26,M10.5.0", "2030-03-29T00:00:00Z", 10_800),
        ("<-02>2<-01>,M3.5.0/-1,M10.5.0/0", "2030-03-31T00:59:59Z", -7_200),
        ("<-02>2<-01>,M3.5.0/-1,M10.5.0/0", "2030-03-31T01:00:00Z", -3_600),
        ("IST-1GMT0,M10.5.0,M3.5.0/1", "2030-12-01T00:00:00Z", 0),
        ("IST-1GMT0,M10.5.0,M3.5.0/1", "2030-06-01T00:00:00Z", 3_600),
        ("EST5", "2030-06-01T00:00:00Z", -18_000), ("AAA-12:34:56", "2030-06-01T00:00:00Z", 45_296),
    ])
    func footers(footer: String, at: String, seconds: Int) throws {
        var file = TZifBuilder()
        file.footer = footer
        #expect(try Zone(name: "Test/Zone", tzif: file.bytes).offset(at: instant(at)) == seconds)
        // The same with changes before it, so that the first years are written out in the table.
        file.types = [(3_600, 0, 0), (Int32(seconds), 0, 0)]
        file.transitions = [(0, 0)]
        #expect(try Zone(name: "Test/Zone", tzif: file.bytes).offset(at: instant(at)) == seconds)
        let later = instant(at) + 400 * 365 * 86_400 + 97 * 86_400
        #expect(try Zone(name: "Test/Zone", tzif: file.bytes).offset(at: later) == seconds)
    }
}
