/// What a person may ask of a campaign. ``CommandName`` is its name alone.
public enum Command: Hashable, Sendable {
    /// Makes this the draft's content; makes a draft beside a live recurring or triggered version.
    case apply(CampaignContent, sourceText: String?, tags: [Slug])
    /// Adds and removes tags; one that is not there need not be removed.
    case tag(adding: [Slug], removing: [Slug])
    case activate
    case unschedule
    case modify
    case discard
    case stop
    case pause
    case resume
    case archive
    case unarchive
    case delete
    /// Ends what is being sent: of one key, or of the campaign.
    case cancel(OccurrenceKey?)
    /// Sends once beside the schedule.
    case send(SendOrder)
    /// Tries a send once more that has failed, was interrupted or cancelled.
    case retry(OccurrenceKey)
    /// Takes note of what happened: the alerts that report it are cleared.
    case acknowledge

    /// The verb, without what it carries.
    public var name: CommandName {
        switch self {
        case .apply: .apply
        case .tag: .tag
        case .activate: .activate
        case .unschedule: .unschedule
        case .modify: .modify
        case .discard: .discard
        case .stop: .stop
        case .pause: .pause
        case .resume: .resume
        case .archive: .archive
        case .unarchive: .unarchive
        case .delete: .delete
        case .cancel: .cancel
        case .send(let order):
            switch order.kind {
            case .trigger: .trigger
            case .sendNow: .sendNow
            }
        case .retry: .retry
        case .acknowledge: .acknowledge
        }
    }
}

/// The verbs of the lifecycle, as campaignctl has them.
public enum CommandName: String, CaseIterable, Hashable, Sendable, Codable {
    case apply, activate, unschedule, modify, discard, stop, pause, resume, trigger
    case sendNow = "send-now"
    case retry, cancel, duplicate, archive, unarchive, delete, tag
    case acknowledge = "ack"
}

/// Who asks, and why.
public struct Issuer: Hashable, Sendable {
    public let actor: EventActor
    public let reason: String?

    public init(actor: EventActor, reason: String? = nil) {
        self.actor = actor
        self.reason = reason
    }

    public static let daemon = Issuer(actor: .daemon)
}
