import CampaignModel
import Recurrence

/// The zones as one turn of the engine sees them: those that campaigns are planned by, read once for all of them, and
/// the system's database for every other name.
///
/// A zone that the database has lost goes on with the data that its campaigns are planned by.
struct ZoneBoard: ZoneSource {
    let version: String
    /// Why zones that campaigns are planned by can't be read, by their names.
    private(set) var faults: [String: ZoneError] = [:]
    /// What campaigns are planned by and the database has changed.
    private(set) var outdated: [ZoneEdition] = []
    private let source: any ZoneSource
    private var known: [String: Zone] = [:]

    /// - Parameter planned: what campaigns in force are planned by; a name may have several editions while campaigns
    ///   are planned anew.
    init(_ source: any ZoneSource, planned: [ZoneEdition]) {
        self.source = source
        version = source.version
        for edition in planned {
            let name = edition.zone.name
            do throws(ZoneError) {
                if known[name] == nil { known[name] = try source.zone(named: name) }
                if known[name] != edition.zone { outdated.append(edition) }
            } catch {
                faults[name] = error
            }
        }
        for edition in planned where faults[edition.zone.name] != nil { known[edition.zone.name] = edition.zone }
    }

    func zone(named name: String) throws(ZoneError) -> Zone {
        if let zone = known[name] { return zone }
        return try source.zone(named: name)
    }
}
