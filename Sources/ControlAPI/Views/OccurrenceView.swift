public import CampaignModel
public import Recurrence
public import VarlinkKit

/// An occurrence to come as clients see it.
public struct OccurrenceView: Hashable, Sendable {
    /// The local time that the schedule names.
    public var nominal: LocalDateTime
    /// What clocks in the zone show then.
    public var local: LocalDateTime
    public var timezone: String
    public var instant: Instant
    /// `gap: shifted`, `fold: first`, `month end`, or one that a newer daemon has.
    public var mark: String?

    public init(_ occurrence: Occurrence, timezone: String) {
        nominal = occurrence.nominal
        local = occurrence.local
        self.timezone = timezone
        instant = occurrence.instant
        mark = occurrence.mark?.rawValue
    }

    public init(json: JSONObject) throws(ViewError) {
        let fields = JSONFields(json)
        nominal = try fields.required("nominal", fields.localTime)
        local = try fields.required("local", fields.localTime)
        timezone = try fields.required("timezone", fields.text)
        instant = try fields.required("instant", fields.instant)
        mark = try fields.text("mark")
    }

    public var json: JSONObject {
        [
            "nominal": JSONValue(nominal), "local": JSONValue(local), "timezone": .string(timezone),
            "instant": JSONValue(instant), "mark": JSONValue(mark),
        ]
    }
}

/// Occurrences to come, in order.
public struct PreviewView: Hashable, Sendable {
    public var occurrences: [OccurrenceView]
    /// Whether none follows the last one.
    public var isExhausted: Bool

    public init(_ page: OccurrencePage) {
        occurrences = page.occurrences.map { OccurrenceView($0, timezone: page.zoneName) }
        isExhausted = page.isExhausted
    }

    public init(json: JSONObject) throws(ViewError) {
        let fields = JSONFields(json)
        occurrences = try fields.views("occurrences", OccurrenceView.init(json:))
        isExhausted = try fields.required("exhausted", fields.flag)
    }

    public var json: JSONObject {
        ["occurrences": .array(occurrences.map { .object($0.json) }), "exhausted": .bool(isExhausted)]
    }
}
