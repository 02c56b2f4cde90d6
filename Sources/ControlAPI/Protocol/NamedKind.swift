/// What has names that a person types.
public enum NamedKind: String, CaseIterable, Hashable, Sendable {
    /// Archived ones too.
    case campaign
    /// That some campaign has.
    case tag
    case message, surface, audience

    /// How many names are told at once; more are no help to anybody.
    public static let allowedLimits = 1...1_000
    public static let defaultLimit = 100
}
