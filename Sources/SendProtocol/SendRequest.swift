public import CampaignModel
public import Recurrence

/// Everything that campaign-send needs to know of one attempt. Surface and audience are names: what they stand for
/// it reads itself, so that whoever asks can't choose what runs.
public struct SendRequest: Hashable, Sendable {
    public let attempt: Attempt
    public let campaign: SentCampaign
    public let surface: Slug
    /// Nil for a test, and for a notice of alerts that has no recipients of its own; every other send has one.
    public let audience: Slug?
    /// The one recipient of a test; nil for every other send, and for a test that is to deliver nothing.
    public let address: ProofAddress?
    public let message: SentMessage
    /// The instant at which the occurrence is due.
    public let due: Instant
    /// What the wall clock reads then, and in which IANA zone; nil for asked ones.
    public let nominal: NominalTime?
    public let origin: SendOrigin
    /// What `trigger` gave along, as JSON text of ``ProtocolLimits/dataBytes`` at most.
    public let data: String?

    public init(
        attempt: Attempt, campaign: SentCampaign, surface: Slug, audience: Slug?, address: ProofAddress? = nil,
        message: SentMessage, due: Instant, nominal: NominalTime? = nil, origin: SendOrigin = .schedule,
        data: String? = nil
    ) {
        self.attempt = attempt
        self.campaign = campaign
        self.surface = surface
        self.audience = audience
        self.address = address
        self.message = message
        self.due = due
        self.nominal = nominal
        self.origin = origin
        self.data = data
    }
}

/// The campaign as a surface sees it.
public struct SentCampaign: Hashable, Sendable, Codable {
    public let name: Slug
    public let title: String?
    /// The version that the send began with: 1, 2, …
    public let version: Int
    public let channel: Slug

    public init(name: Slug, title: String?, version: Int, channel: Slug) {
        self.name = name
        self.title = title
        self.version = version
        self.channel = channel
    }
}

/// The message as it was published when the occurrence was claimed.
public struct SentMessage: Hashable, Sendable {
    public let name: Slug
    /// 1, 2, …
    public let revision: Int
    public let content: MessageContent

    public init(name: Slug, revision: Int, content: MessageContent) {
        self.name = name
        self.revision = revision
        self.content = content
    }
}

/// A local time with the name of its zone.
public struct NominalTime: Hashable, Sendable {
    public let local: LocalDateTime
    public let timezone: String

    public init(local: LocalDateTime, timezone: String) {
        self.local = local
        self.timezone = timezone
    }
}
