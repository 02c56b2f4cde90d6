package import Recurrence

/// The system's zones, some under the data of another, or without them: what an update of the database does.
package struct ChangedZones: ZoneSource {
    package let version: String
    private let dataOf: [String: String]
    private let gone: Set<String>
    private let system = SystemZones()

    /// - Parameters:
    ///   - dataOf: the zones whose data stand in, by the names that have them now.
    ///   - gone: names that the database has lost.
    package init(version: String, dataOf: [String: String] = [:], gone: Set<String> = []) {
        self.version = version
        self.dataOf = dataOf
        self.gone = gone
    }

    package func zone(named name: String) throws(ZoneError) -> Zone {
        if gone.contains(name) { throw .unknown(name, nearest: nil) }
        guard let other = dataOf[name] else { return try system.zone(named: name) }
        let data = try system.zone(named: other).tzif
        do { return try Zone(name: name, tzif: data) } catch { throw .damaged(name, error) }
    }
}
