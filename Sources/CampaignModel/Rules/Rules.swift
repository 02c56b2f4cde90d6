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

    /// A text that is another one where campaigns may wake or be checked otherwise under other rules.
    public var fingerprint: String {
        let durations = [settings.completesAfter, settings.lateLimit, settings.slowAfter, settings.tickInterval]
        let surfaces = catalogue.surfaces.values.sorted { $0.name < $1.name }.map { "\($0.name):\($0.channel)" }
        let audiences = catalogue.audiences.sorted().map(\.text)
        return [durations.map(\.text), surfaces, audiences].map { $0.joined(separator: " ") }.joined(separator: "; ")
    }
}
