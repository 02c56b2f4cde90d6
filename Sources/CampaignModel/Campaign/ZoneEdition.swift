public import Recurrence

/// The data of a zone by which a schedule in force is planned. They are kept with the campaign, so that a change of
/// the system's data is noticed whenever it came, and what was planned can be told from what is planned now.
public struct ZoneEdition: Hashable, Sendable {
    public let zone: Zone
    /// The version of the database that the zone was read from, such as `2025b`.
    public let version: String

    public init(zone: Zone, version: String) {
        self.zone = zone
        self.version = version
    }
}
