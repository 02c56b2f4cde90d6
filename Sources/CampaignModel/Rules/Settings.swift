/// The numbers that decisions depend on, as campaignd.yaml sets them.
public struct Settings: Hashable, Sendable {
    /// The longest time between two ticks.
    public var tickInterval: Duration = .seconds(30)
    /// A one-shot is completed this long after its activation.
    public var completesAfter: Duration = .seconds(72 * 3_600)
    /// How late a send may begin.
    public var lateLimit: Duration = .seconds(3_600)
    /// A send that runs for longer is told as a slow one.
    public var slowAfter: Duration = .seconds(1_800)
    /// The least time between two occurrences of a campaign.
    public var minSpacing: Duration = .seconds(60)
    /// Sends under way at a time, of all surfaces.
    public var maxConcurrent = 8
    /// How often a temporary failure is tried again.
    public var retries = 3
    /// How far behind the ledger's newest instant the clock may be and still be believed.
    public var clockTolerance: Duration = .seconds(3_600)
    public var defaultTimezone = "UTC"
    /// The surface that gets each new alert as well; nil: none.
    public var onAlert: Slug?
    public var limits = Limits()
    public var retention = RetentionTimes()

    public init() {}
}

/// Named limits of what people can fill. A full one refuses with its name and touches no send that is due.
public struct Limits: Hashable, Sendable {
    /// A million campaigns is what the ledger is measured for.
    public var campaigns = 1_000_000
    /// Versions of one campaign, those dropped included.
    public var versions = 10_000
    public var messages = 100_000
    /// Triggers of one campaign that are still to come.
    public var pendingTriggers = 1_000

    public init() {}
}
