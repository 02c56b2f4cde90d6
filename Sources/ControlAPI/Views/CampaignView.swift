public import CampaignModel
public import Recurrence
public import VarlinkKit

/// A campaign as clients see it, with the content of one of its versions.
public struct CampaignView: Hashable, Sendable {
    public var id: String
    public var name: String
    public var title: String?
    public var isTriggered: Bool
    public var status: Status
    public var channel: String?
    public var surface: String?
    public var message: String?
    public var audience: String?
    public var tags: [String]
    public var isRecurring: Bool
    /// The number of the version that is shown.
    public var version: Int
    /// The draft beside the live version; nil where there is no live one.
    public var draftVersion: Int?
    public var revision: Int
    public var schedule: ScheduleView
    public var next: [Instant]
    public var isPaused: Bool
    public var activatedAt: Instant?
    public var completesAt: Instant?
    public var endedAt: Instant?
    public var archivedFrom: Status?
    public var alerts: [AlertView]

    /// What ``next`` holds at most, but for lists.
    public static let nextLimit = 5
    /// What ``next`` holds at most in lists.
    public static let nextLimitInLists = 1

    /// - Parameters:
    ///   - version: whose content to show: the campaign's live version, its draft, or an older one.
    ///   - next: the instants to come, up to ``nextLimit``; a draft's as if it were activated now.
    ///   - completesAt: when the campaign will be, or was, completed by its schedule; nil where nobody knows.
    public init(_ campaign: Campaign, showing version: Version, next: [Instant], completesAt: Instant?) {
        let content = version.content
        id = campaign.id.text
        name = campaign.name.text
        title = content.title
        isTriggered = content.isTriggered
        status = campaign.status
        channel = content.channel?.text
        surface = content.surface?.text
        message = content.message?.text
        audience = content.audience?.text
        tags = campaign.tags.map(\.text)
        isRecurring = content.kind == .recurring
        self.version = version.number
        draftVersion = campaign.live == nil ? nil : campaign.draft?.number
        revision = campaign.revision
        schedule = ScheduleView(content)
        self.next = Array(next.prefix(Self.nextLimit))
        isPaused = campaign.paused
        activatedAt = campaign.activatedAt
        self.completesAt = completesAt
        endedAt = campaign.endedAt
        archivedFrom = campaign.archivedFrom
        alerts = campaign.alerts.map { AlertView($0, campaign: campaign.name) }
    }

    public init(json: JSONObject) throws(ViewError) {
        let fields = JSONFields(json)
        id = try fields.required("id", fields.text)
        name = try fields.required("name", fields.text)
        title = try fields.text("title")
        isTriggered = try fields.required("type", fields.text) == CampaignKind.triggered.rawValue
        status = try fields.requiredWord("status", Status.self)
        channel = try fields.text("channel")
        surface = try fields.text("surface")
        message = try fields.text("message")
        audience = try fields.text("audience")
        tags = try fields.required("tags", fields.texts)
        isRecurring = try fields.required("recurring", fields.flag)
        version = try fields.required("version", fields.number)
        draftVersion = try fields.number("draft_version")
        revision = try fields.required("revision", fields.number)
        schedule = try fields.view("schedule", ScheduleView.init(json:))
        next = try fields.required("next", fields.instants)
        isPaused = try fields.required("paused", fields.flag)
        activatedAt = try fields.instant("activated_at")
        completesAt = try fields.instant("completes_at")
        endedAt = try fields.instant("ended_at")
        archivedFrom = try fields.word("archived_from", Status.self)
        alerts = try fields.views("alerts", AlertView.init(json:))
    }

    public var json: JSONObject {
        [
            "activated_at": JSONValue(activatedAt), "alerts": .array(alerts.map { .object($0.json) }),
            "archived_from": JSONValue(archivedFrom?.rawValue), "audience": JSONValue(audience),
            "channel": JSONValue(channel), "completes_at": JSONValue(completesAt),
            "draft_version": JSONValue(draftVersion), "ended_at": JSONValue(endedAt), "id": .string(id),
            "message": JSONValue(message), "name": .string(name), "next": .array(next.map { JSONValue($0) }),
            "paused": .bool(isPaused), "recurring": .bool(isRecurring), "revision": JSONValue(revision),
            "schedule": .object(schedule.json), "status": .string(status.rawValue), "surface": JSONValue(surface),
            "tags": JSONValue(tags), "title": JSONValue(title),
            "type": .string(isTriggered ? CampaignKind.triggered.rawValue : "scheduled"), "version": JSONValue(version),
        ]
    }
}
