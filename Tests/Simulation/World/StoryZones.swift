import Recurrence
import ZoneFixtures

/// The machine's zone database, as its present release says.
struct StoryZones: ZoneSource {
    let machine: Machine

    var version: String { "release\(machine.zoneRelease)" }

    func zone(named name: String) throws(ZoneError) -> Zone {
        guard let plan = machine.zonePlan(named: name) else { throw .unknown(name, nearest: nil) }
        do {
            return try Zone(name: name, tzif: plan.tzif)
        } catch {
            throw .damaged(name, error)
        }
    }
}

extension ZonePlan {
    var tzif: [UInt8] {
        var builder = TZifBuilder()
        let offsets = [firstOffset] + changes.map(\.offset)
        builder.types = offsets.map { (Int32($0), 0, 0) }
        builder.transitions = changes.enumerated().map { ($1.at, UInt8($0 + 1)) }
        return builder.bytes
    }
}
