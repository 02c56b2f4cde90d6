/// Who did something: a person by uid, or the daemon itself.
public struct EventActor: Hashable, Sendable, Codable {
    /// The peer's uid; nil for the daemon's own clock.
    public let uid: UInt32?
    /// The user's name at that moment; `campaignd` for the daemon.
    public let name: String

    public init(uid: UInt32?, name: String) {
        self.uid = uid
        self.name = name
    }

    public static let daemon = EventActor(uid: nil, name: "campaignd")
}
