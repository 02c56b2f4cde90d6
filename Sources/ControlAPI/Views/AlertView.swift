public import CampaignModel
public import Recurrence
public import VarlinkKit

/// An alert as clients see it.
public struct AlertView: Hashable, Sendable {
    /// An ``AlertCode``, or one that a newer daemon has.
    public var code: String
    public var severity: AlertSeverity
    public var text: String
    public var field: String?
    /// The campaign's name; nil for the daemon itself.
    public var campaign: String?
    public var since: Instant
    /// How often what it reports has happened since then; from 1.
    public var count: Int

    /// Its text, and how often it happened where that is more than once.
    public var textWithCount: String { count > 1 ? "\(text) (\(count) times)" : text }

    public init(_ alert: Alert, campaign: Slug?) {
        code = alert.code.rawValue
        severity = alert.severity
        text = alert.text
        field = alert.field
        self.campaign = campaign?.text
        since = alert.since
        count = alert.count
    }

    public init(json: JSONObject) throws(ViewError) {
        let fields = JSONFields(json)
        code = try fields.required("code", fields.text)
        severity = try fields.requiredWord("severity", AlertSeverity.self)
        text = try fields.required("text", fields.text)
        field = try fields.text("field")
        campaign = try fields.text("campaign")
        since = try fields.required("since", fields.instant)
        count = try fields.number("count") ?? 1
    }

    public var json: JSONObject {
        [
            "code": .string(code), "severity": .string(severity.rawValue), "text": .string(text),
            "field": JSONValue(field), "campaign": JSONValue(campaign), "since": JSONValue(since),
            "count": JSONValue(count),
        ]
    }
}
