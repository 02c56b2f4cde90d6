public import Recurrence

/// A part of a schedule's occurrences, in order, as a preview shows it.
public struct OccurrencePage: Hashable, Sendable {
    public let occurrences: [Occurrence]
    /// The zone that their local times are read in.
    public let zoneName: String
    /// Whether no occurrence follows the last one here; with none here, whether there is none to follow.
    public let isExhausted: Bool

    /// How many occurrences may be asked for: those of an hourly schedule in a year are 8,760.
    public static let allowedLimits = 1...10_000
    /// As many as a person looks at.
    public static let defaultLimit = 10

    /// Of what has no occurrences to come.
    static func none(in zone: String) -> OccurrencePage {
        OccurrencePage(occurrences: [], zoneName: zone, isExhausted: true)
    }

    public init(occurrences: [Occurrence], zoneName: String, isExhausted: Bool) {
        self.occurrences = occurrences
        self.zoneName = zoneName
        self.isExhausted = isExhausted
    }
}
