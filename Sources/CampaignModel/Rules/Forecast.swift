public import Recurrence

/// How long a send takes, before it has begun: from the size of its audience and the rate of its surface. What else the
/// surface sends meanwhile, and a relay that is slower, make it longer.
public struct Forecast: Hashable, Sendable {
    public let recipients: Int
    /// Nil where the surface has none: then nobody knows how long it takes.
    public let rate: MailRate?
    /// When it begins; nil where nothing is planned.
    public let startsAt: Instant?

    /// Longer than any campaign lives: a list that takes more is a mistake all the same.
    static let longestSeconds: Int64 = 100 * 366 * 86_400

    public init(recipients: Int, rate: MailRate?, startsAt: Instant?) {
        self.recipients = recipients
        self.rate = rate
        self.startsAt = startsAt
    }

    /// How long it takes, rounded up; nil without a rate.
    public var seconds: Int64? {
        guard let rate else { return nil }
        let seconds = (Double(recipients) / rate.perSecond).rounded(.up)
        return seconds < Double(Self.longestSeconds) ? Int64(seconds) : Self.longestSeconds
    }

    public var endsAt: Instant? {
        guard let startsAt, let seconds else { return nil }
        return startsAt + seconds
    }
}
