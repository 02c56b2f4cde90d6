/// What the administrator set up, as far as the daemon may know it: names, channels and caps.
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

    public static let defaultMaxConcurrent = 4

    public init(name: Slug, channel: Slug, maxConcurrent: Int = defaultMaxConcurrent, retries: Int? = nil) {
        self.name = name
        self.channel = channel
        self.maxConcurrent = maxConcurrent
        self.retries = retries
    }
}

/// What the ledger holds of a message.
public enum MessageState: Hashable, Sendable {
    case missing
    case notPublished
    case published(revision: Int)
}
