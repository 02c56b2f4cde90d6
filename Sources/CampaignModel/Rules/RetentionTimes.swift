/// How long what is over is kept by the ledger, and by the sender what became of recipients. A campaign itself goes
/// only when a person deletes it, and its versions and messages with it.
public struct RetentionTimes: Hashable, Sendable {
    /// Lines of the history, whatever they tell of.
    public var history: Duration = .seconds(1_096 * 86_400)
    /// Ended sends: those of campaigns that have ended, and those of a schedule in force.
    public var sends: Duration = .seconds(1_096 * 86_400)

    /// What became of each recipient of a send, which is personal data: long enough for a question about a newsletter.
    public var recipients: Duration = .seconds(90 * 86_400)

    /// A month is what people look back for, and a century is for ever.
    public static let allowed: ClosedRange<Duration> = .seconds(30 * 86_400)...Duration.seconds(36_600 * 86_400)

    public init() {}
}
