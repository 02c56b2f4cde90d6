/// What a person wrote in a campaign file, value by value, unjudged: the form that goes over the socket and is
/// kept with each version, so that it can be given back as it was. ``CampaignContent`` is its judged form.
///
/// Every value is the text of its scalar, so that no reader guesses at types; keys are those of the file.
public struct CampaignDefinition: Hashable, Sendable, Codable {
    public var name: String?
    public var title: String?
    public var type: String?
    public var channel: String?
    public var surface: String?
    public var message: String?
    public var audience: String?
    public var tags: [String]?
    public var schedule: ScheduleDefinition?
    public var overlap: String?
    public var lateLimit: String?
    public var retries: String?
    public var onInterrupt: String?

    enum CodingKeys: String, CodingKey, CaseIterable {
        case name, title, type, channel, surface, message, audience, tags, schedule, overlap, retries
        case lateLimit = "late_limit"
        case onInterrupt = "on_interrupt"
    }

    /// The keys of a campaign file at its top level.
    public static let keys = CodingKeys.allCases.map(\.rawValue)

    public init() {}
}

/// The `schedule` of a campaign file, as its author wrote it.
public struct ScheduleDefinition: Hashable, Sendable, Codable {
    public var start: String?
    public var timezone: String?
    public var every: String?
    public var days: [String]?
    public var at: [String]?
    public var end: String?
    public var count: String?
    public var except: [String]?
    public var gap: String?
    public var monthEnd: String?
    public var rrule: String?

    enum CodingKeys: String, CodingKey, CaseIterable {
        case start, timezone, every, days, at, end, count, except, gap, rrule
        case monthEnd = "month_end"
    }

    /// The keys below `schedule`.
    public static let keys = CodingKeys.allCases.map(\.rawValue)

    public init() {}
}
