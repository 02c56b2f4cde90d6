import Recurrence
import Synchronization

/// A zone database that the test updates: the system's, with some names under the data of another, or without them.
final class ZoneShelf: ZoneSource {
    private struct State {
        var version = "2026a"
        var dataOf: [String: String] = [:]
        var gone: Set<String> = []
    }

    private let state = Mutex(State())
    private let system = SystemZones()

    var version: String { state.withLock(\.version) }

    func update(to version: String, dataOf: [String: String] = [:], without gone: Set<String> = []) {
        state.withLock { $0 = State(version: version, dataOf: dataOf, gone: gone) }
    }

    func zone(named name: String) throws(ZoneError) -> Zone {
        let state = state.withLock { $0 }
        if state.gone.contains(name) { throw .unknown(name, nearest: nil) }
        guard let other = state.dataOf[name] else { return try system.zone(named: name) }
        let zone = try system.zone(named: other)
        do { return try Zone(name: name, tzif: zone.tzif) } catch { throw .damaged(name, error) }
    }
}
