public import CampaignModel

/// Who asks for a change, why, and on what condition.
public struct Change: Hashable, Sendable {
    public var actor: EventActor
    /// The revision that the caller saw; nil: whichever it is.
    public var revision: Int?
    /// For the history; up to ``reasonLimit`` characters, kept as given.
    public var reason: String?
    /// Answer what would be, and change nothing.
    public var isDryRun: Bool

    /// A sentence or two; it goes into every line of the history that the change makes.
    public static let reasonLimit = 1_000

    public init(actor: EventActor, revision: Int? = nil, reason: String? = nil, isDryRun: Bool = false) {
        self.actor = actor
        self.revision = revision
        self.reason = reason
        self.isDryRun = isDryRun
    }

    /// As the lifecycle takes it.
    public var issuer: Issuer { Issuer(actor: actor, reason: reason) }
}
