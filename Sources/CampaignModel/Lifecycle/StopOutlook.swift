public import Recurrence

/// What a stop would do to a campaign's sends.
public struct StopOutlook: Hashable, Sendable {
    /// Those that would never begin, triggers to come included.
    public let cancels: [Send]
    /// Those that go on to their end.
    public let goesOn: [Send]
    /// When what is planned would have been due: the first ones, ``dropsLimit`` at most.
    public let drops: [Instant]

    /// As many as a campaign's page shows.
    public static let dropsLimit = 5

    public init(cancels: [Send], goesOn: [Send], drops: [Instant]) {
        self.cancels = cancels
        self.goesOn = goesOn
        self.drops = drops
    }
}
