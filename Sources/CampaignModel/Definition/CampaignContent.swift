import Recurrence
import Spelling

/// The judged form of a ``CampaignDefinition``: everything of a campaign that a version holds. Its name and tags
/// belong to the campaign itself.
///
/// It never changes, and is one object for all who hold it: as a value its thirty texts were copied from hand to hand.
public final class CampaignContent: Hashable, Sendable {
    /// The definition that this was read from, without name and tags; equal definitions mean equal contents.
    public let definition: CampaignDefinition
    public let title: String?
    public let isTriggered: Bool
    public let channel: Slug?
    public let surface: Slug?
    public let message: Slug?
    public let audience: Slug?
    public let schedule: Schedule
    public let overlap: Overlap
    /// How late a send may begin; nil for the daemon's own limit.
    public let lateLimit: Duration?
    /// How often a temporary failure is tried again; nil for the surface's or the daemon's own number.
    public let retries: Int?
    public let onInterrupt: OnInterrupt

    /// 1–256 characters of any language.
    public static let titleLimit = 256
    /// More repeats than the hourly ones of four days.
    public static let allowedRetries = 0...100
    private static let types = ["scheduled": false, "triggered": true]
    /// From what a clock in whole seconds can tell to a year.
    public static let allowedLateLimit = Duration.seconds(1)...Duration.seconds(366 * 86_400)

    /// - Throws: ``FieldError`` for the first value that can't be taken. What is missing is no error: a draft may
    ///   be unfinished, and the checks tell what an activation needs.
    public init(_ definition: CampaignDefinition) throws(FieldError) {
        var own = definition
        own.name = nil
        own.tags = nil
        self.definition = own
        title = try definition.title.map(Self.title)
        isTriggered = try Self.word(definition.type, "type", among: Self.types) ?? false
        channel = try Self.slug(definition.channel, "channel")
        surface = try Self.slug(definition.surface, "surface")
        message = try Self.slug(definition.message, "message")
        audience = try Self.slug(definition.audience, "audience")
        schedule = try Schedule(definition.schedule ?? ScheduleDefinition())
        if isTriggered, schedule.rule != nil {
            throw FieldError(
                "schedule", nil, "a triggered campaign has no rule; leave out every, days, at, count and rrule")
        }
        overlap = try Self.word(definition.overlap, "overlap", among: Overlap.words) ?? (isTriggered ? .allow : .queue)
        lateLimit = try Self.duration(definition.lateLimit, "late_limit", in: Self.allowedLateLimit)
        retries = try Self.number(definition.retries, "retries", in: Self.allowedRetries)
        onInterrupt = try Self.word(definition.onInterrupt, "on_interrupt", among: OnInterrupt.words) ?? .leave
    }

    public static func == (left: CampaignContent, right: CampaignContent) -> Bool {
        left === right || left.definition == right.definition
    }

    public func hash(into hasher: inout Hasher) {
        hasher.combine(definition)
    }

    /// How a campaign with this content comes to its sends.
    public var kind: CampaignKind {
        if isTriggered { return .triggered }
        return schedule.rule == nil ? .oneShot : .recurring
    }

    private static func title(_ text: String) throws(FieldError) -> String {
        // Most titles are short and of plain letters, each of which is one character, and lists are long.
        let isPlain = text.utf8.allSatisfy { (0x20..<0x7F).contains($0) }
        if isPlain, (1...titleLimit).contains(text.utf8.count) { return text }
        guard (1...titleLimit).contains(text.count), text.utf8.count <= titleLimit * 16 else {
            throw FieldError("title", text, "has \(text.count) characters; 1 to \(titleLimit) are allowed")
        }
        if let unsafe = text.unicodeScalars.first(where: \.isUnsafeToDisplay) {
            let code = String(unsafe.value, radix: 16, uppercase: true)
            throw FieldError("title", text, "holds the control character U+\(code); none is allowed")
        }
        return text
    }

    private static func slug(_ text: String?, _ field: String) throws(FieldError) -> Slug? {
        guard let text else { return nil }
        return try Slug(text, field: field)
    }

    private static func duration(
        _ text: String?, _ field: String, in allowed: ClosedRange<Duration>
    ) throws(FieldError) -> Duration? {
        guard let text else { return nil }
        return try Duration(text: text, field: field, allowed: allowed)
    }

    static func number(_ text: String?, _ field: String, in allowed: ClosedRange<Int>) throws(FieldError) -> Int? {
        guard let text else { return nil }
        guard let number = Int(text), allowed.contains(number), text.utf8.allSatisfy({ (48...57).contains($0) }) else {
            throw FieldError(
                field, text, "is not a whole number from \(allowed.lowerBound) to \(allowed.upperBound)")
        }
        return number
    }

    /// `did you mean friday?`; nil where none of the words is near.
    static func meant(_ text: String, in words: [String]) -> String? {
        NearestWord.of(text, in: words).map { "did you mean \($0)?" }
    }

    static func word<Value>(
        _ text: String?, _ field: String, among words: [String: Value]
    ) throws(FieldError) -> Value? {
        guard let text else { return nil }
        guard let value = words[text] else {
            let known = words.keys.sorted()
            let hint = meant(text, in: known) ?? "use \(known.joined(separator: " or "))"
            throw FieldError(field, text, "is not known; \(hint)")
        }
        return value
    }
}

/// What happens to an occurrence that falls due while the one before it is not ended.
public enum Overlap: String, CaseIterable, Hashable, Sendable {
    /// One waits for it; the next is skipped.
    case queue
    case skip
    case allow

    static let words = Dictionary(uniqueKeysWithValues: allCases.map { ($0.rawValue, $0) })
}

/// What happens to a send whose outcome is not known.
public enum OnInterrupt: String, CaseIterable, Hashable, Sendable {
    /// It stays `interrupted`, for a person to decide.
    case leave
    case retry

    static let words = Dictionary(uniqueKeysWithValues: allCases.map { ($0.rawValue, $0) })
}

/// Tags of a campaign, judged: slugs, each once, in the order given.
public enum Tags {
    /// More than one view of a list shows.
    public static let limit = 32

    /// - Throws: ``FieldError`` naming `field` for a tag that is no slug, and for more than ``limit``.
    public static func read(_ texts: [String], field: String = "tags") throws(FieldError) -> [Slug] {
        guard texts.count <= limit else {
            throw FieldError(field, "\(texts.count)", "tags are too many; \(limit) at most are allowed")
        }
        var tags: [Slug] = []
        for text in texts {
            let tag = try Slug(text, field: field)
            if !tags.contains(tag) { tags.append(tag) }
        }
        return tags
    }
}
