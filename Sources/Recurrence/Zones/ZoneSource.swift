/// Where zones come from: the system's database, or a table in a test.
public protocol ZoneSource: Sendable {
    /// The zone of that name, as the data are now.
    ///
    /// Throws a `ZoneError` for every name that the database does not have.
    func zone(named name: String) throws(ZoneError) -> Zone

    /// The version of the data, for people and for noticing a change, such as `2025b`.
    var version: String { get }
}

/// Why there is no zone of a name.
public enum ZoneError: Error, Hashable, Sendable, CustomStringConvertible {
    /// The name cannot be one of the database: empty, too long, a path, or with other characters.
    case invalidName(String)
    /// The database has none of that name; the nearest one that it has, if any is near.
    case unknown(String, nearest: String?)
    /// The database's file could not be read, for the reason given.
    case unreadable(String, reason: String)
    /// The database's file is damaged, or no zone.
    case damaged(String, TZifError)

    /// A name is at most this long, as a file's name is; the database's own have at most 32.
    public static let nameLimitBytes = 255

    /// The name, what is wrong with it and what is allowed, in a sentence.
    public var description: String {
        switch self {
        case .invalidName(let name):
            "\"\(shown(name, limit: 40))\" is not the name of a time zone; "
                + "names such as Europe/Paris, of at most \(Self.nameLimitBytes) bytes, are allowed"
        case .unknown(let name, let nearest?):
            "\"\(shown(name, limit: 40))\" is not in the time zone database; the nearest name there is \(nearest)"
        case .unknown(let name, nil):
            "\"\(shown(name, limit: 40))\" is not in the time zone database; names such as Europe/Paris are"
        case .unreadable(let name, let reason):
            "\"\(shown(name, limit: 40))\" cannot be read from the time zone database: \(reason)"
        case .damaged(let name, let error):
            "\"\(shown(name, limit: 40))\" is no zone in the time zone database: \(error)"
        }
    }
}
