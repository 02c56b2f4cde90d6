import Foundation
import Recurrence
import Testing

/// Every zone of the system's database at each change of its clocks from 1900 to 2100, as zoneinfo has it.
@Suite("Zones against zoneinfo", .timeLimit(.minutes(60)))
struct ZoneOracleTests {
    private struct Names: Encodable { let zones = true }
    private struct Name: Encodable { let zone: String }

    private struct Groups: Decodable {
        /// Names whose files are the same.
        let groups: [[String]]
        /// Names whose files count leap seconds.
        let leaping: [String]
    }

    private struct Clocks: Decodable {
        let name: String
        /// The second of each change, and the offsets one second before, at it and one second after.
        let changes: [[Int64]]
        /// A local time in seconds of a clock that never changes; 0 where it exists once, 1 in a gap, 2 in a fold; its
        /// first and its last instant.
        let locals: [[Int64]]
    }

    private let zones = SystemZones(directory: ProcessInfo.processInfo.environment["TZDIR"])

    @Test("at every change, and a second before and after, offsets and local times are those of zoneinfo")
    func everyChange() async throws {
        var oracle = try OracleProcess()
        try oracle.send(Names())
        let names = try await oracle.receive(Groups.self)
        // The database has some 340 zones that differ, or more where its packagers keep old ones, and 600 names.
        #expect(names.groups.count > 200)
        var changes = 0
        if let first = names.groups.first { try oracle.send(Name(zone: first[0])) }
        for (index, group) in names.groups.enumerated() {
            let clocks = try await oracle.receive(Clocks.self)
            // The next one is looked up while this one is compared.
            if index + 1 < names.groups.count { try oracle.send(Name(zone: names.groups[index + 1][0])) }
            changes += clocks.changes.count
            try compare(clocks)
            try compareLinks(group, clocks)
        }
        print("zones: \(names.groups.joined().count) names, \(names.groups.count) different, \(changes) changes")
        #expect(changes > 10_000)
    }

    @Test("files that count leap seconds are refused")
    func leapSeconds() async throws {
        var oracle = try OracleProcess()
        try oracle.send(Names())
        for name in try await oracle.receive(Groups.self).leaping {
            #expect(throws: ZoneError.damaged(name, .leapSeconds)) { try zones.zone(named: name) }
        }
    }

    private func compare(_ clocks: Clocks) throws {
        let zone = try zones.zone(named: clocks.name)
        for change in clocks.changes {
            for (beside, offset) in zip([-1, 0, 1], change.dropFirst()) {
                let instant = Instant(secondsSinceEpoch: change[0] + Int64(beside))
                let found = zone.offset(at: instant)
                if Int64(found) != offset { Issue.record("\(clocks.name) at \(instant): \(found), not \(offset)") }
                let local = zone.local(at: instant)
                if local != wallClock(change[0] + Int64(beside) + offset) {
                    Issue.record("\(clocks.name) at \(instant): clocks show \(local)")
                }
            }
        }
        for meaning in clocks.locals {
            let (first, last) = (Instant(secondsSinceEpoch: meaning[2]), Instant(secondsSinceEpoch: meaning[3]))
            let wanted: Zone.Resolution = switch meaning[1] {
            case 0: .unique(first)
            case 1: .gap(shifted: first)
            default: .fold(first: first, second: last)
            }
            let local = wallClock(meaning[0])
            let found = zone.resolve(local)
            if found != wanted { Issue.record("\(clocks.name), \(local): \(found), not \(wanted)") }
        }
    }

    /// Other names of the same file.
    private func compareLinks(_ group: [String], _ clocks: Clocks) throws {
        for name in group.dropFirst() {
            let zone = try zones.zone(named: name)
            for change in clocks.changes {
                let found = zone.offset(at: Instant(secondsSinceEpoch: change[0]))
                if Int64(found) != change[2] { Issue.record("\(name) at \(change[0]): \(found), not \(change[2])") }
            }
        }
    }

    /// What a clock that never changes shows so many seconds after 1970-01-01T00:00:00.
    private func wallClock(_ second: Int64) -> LocalDateTime {
        Zone.utc.local(at: Instant(secondsSinceEpoch: second))
    }
}
