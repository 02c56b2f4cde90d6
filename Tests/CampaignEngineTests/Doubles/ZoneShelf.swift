import Recurrence
import Synchronization
import ZoneFixtures

/// A zone database that the test updates.
final class ZoneShelf: ZoneSource {
    private let present = Mutex(ChangedZones(version: "2026a"))

    var version: String { present.withLock(\.version) }

    func update(to version: String, dataOf: [String: String] = [:], without gone: Set<String> = []) {
        present.withLock { $0 = ChangedZones(version: version, dataOf: dataOf, gone: gone) }
    }

    func zone(named name: String) throws(ZoneError) -> Zone {
        try present.withLock { $0 }.zone(named: name)
    }
}
