/// How many recipients an audience has, as the sender found it.
public enum AudienceCount: Hashable, Sendable {
    case counted(Int)
    /// Nobody but the surface can tell: the audience is a reference that it alone understands.
    case onlyTheSurfaceKnows
    /// It could not be counted; why.
    case failed(String)
}

/// One recipient of an audience: its columns with their values, in the audience's order.
public struct Recipient: Hashable, Sendable {
    public let columns: [Column]

    public struct Column: Hashable, Sendable, Codable {
        public let name: String
        public let value: String

        public init(name: String, value: String) {
            self.name = name
            self.value = value
        }
    }

    public init(columns: [Column]) {
        self.columns = columns
    }
}

/// The first recipients of an audience, or why there are none to show.
public enum AudienceSample: Hashable, Sendable {
    case recipients([Recipient])
    case onlyTheSurfaceKnows
    case failed(String)

    /// How many may be asked for: a look, and no copy of the list.
    public static let allowedLimits = 1...100
    public static let defaultLimit = 5
}
