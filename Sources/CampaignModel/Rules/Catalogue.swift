/// What the administrator set up, as far as the daemon may know it: names, channels, caps and times.
public struct Catalogue: Hashable, Sendable {
    public var surfaces: [Slug: Surface]
    public var audiences: Set<Slug>

    public init(surfaces: [Surface] = [], audiences: Set<Slug> = []) {
        self.surfaces = Dictionary(surfaces.map { ($0.name, $0) }) { first, _ in first }
        self.audiences = audiences
    }
}

/// A named way of delivering for one channel.
public struct Surface: Hashable, Sendable {
    public let name: Slug
    public let channel: Slug
    /// Sends under way at a time.
    public let maxConcurrent: Int
    /// Nil: the daemon's own number.
    public let retries: Int?
    /// What all of its sends keep together; nil where none is set.
    public let rate: MailRate?
    /// After so long the sender ends an attempt.
    public let timeout: Duration

    public static let defaultMaxConcurrent = 4
    public static let defaultTimeout = Duration.seconds(3_600)

    public init(
        name: Slug, channel: Slug, maxConcurrent: Int = defaultMaxConcurrent, retries: Int? = nil,
        rate: MailRate? = nil, timeout: Duration = defaultTimeout
    ) {
        self.name = name
        self.channel = channel
        self.maxConcurrent = maxConcurrent
        self.retries = retries
        self.rate = rate
        self.timeout = timeout
    }
}

/// What the ledger holds of a message.
public enum MessageState: Hashable, Sendable {
    case missing
    case notPublished
    case published(revision: Int)
}
