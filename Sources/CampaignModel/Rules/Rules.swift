public import Recurrence

/// What decisions depend on besides the campaign, the event and the time.
public struct Rules: Sendable {
    public var settings: Settings
    public var catalogue: Catalogue
    public var zones: any ZoneSource
    /// Why nothing may fire now: a clock that is not believed, a ledger of another machine. Commands work.
    public var firingIsHeld: Bool

    public init(settings: Settings, catalogue: Catalogue, zones: any ZoneSource, firingIsHeld: Bool = false) {
        self.settings = settings
        self.catalogue = catalogue
        self.zones = zones
        self.firingIsHeld = firingIsHeld
    }
}
