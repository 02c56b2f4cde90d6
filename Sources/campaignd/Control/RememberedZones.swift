import Recurrence
import Synchronization

/// Zones as one look sees them: each is read once, whatever number of campaigns is planned by it. Its source looks at
/// the file each time that it is asked.
final class RememberedZones: ZoneSource {
    private let source: any ZoneSource
    private let known = Mutex<[String: Zone]>([:])

    init(_ source: any ZoneSource) {
        self.source = source
    }

    var version: String { source.version }

    func zone(named name: String) throws(ZoneError) -> Zone {
        if let zone = known.withLock({ $0[name] }) { return zone }
        let zone = try source.zone(named: name)
        known.withLock { $0[name] = zone }
        return zone
    }
}
