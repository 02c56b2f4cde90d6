/// How long the ledger keeps what is over. A campaign itself goes only when a person deletes it, and its versions and
/// messages with it.
public struct RetentionTimes: Hashable, Sendable {
    /// Lines of the history, whatever they tell of.
    public var history: Duration = .seconds(1_096 * 86_400)
    /// Ended sends: those of campaigns that have ended, and those of a schedule in force.
    public var sends: Duration = .seconds(1_096 * 86_400)

    /// A month is what people look back for, and a century is for ever.
    public static let allowed: ClosedRange<Duration> = .seconds(30 * 86_400)...Duration.seconds(36_600 * 86_400)

    public init() {}
}
