public import CampaignModel
public import VarlinkKit

/// What the draft beside a live version would change.
public struct DiffView: Hashable, Sendable {
    public var liveVersion: Int
    public var draftVersion: Int
    /// In the order of a campaign file.
    public var changes: [ChangedField]

    public init(live: Version, draft: Version) {
        liveVersion = live.number
        draftVersion = draft.number
        changes = ChangedField.all(from: live.content.definition, to: draft.content.definition)
    }

    public init(json: JSONObject) throws(ViewError) {
        let fields = JSONFields(json)
        liveVersion = try fields.required("live_version", fields.number)
        draftVersion = try fields.required("draft_version", fields.number)
        changes = try fields.views("changes", ChangedField.init(json:))
    }

    public var json: JSONObject {
        [
            "live_version": JSONValue(liveVersion), "draft_version": JSONValue(draftVersion),
            "changes": .array(changes.map { .object($0.json) }),
        ]
    }
}

/// A key of a campaign file whose values in two versions differ.
public struct ChangedField: Hashable, Sendable {
    /// With a dot below `schedule`: `schedule.start`.
    public var field: String
    /// As in a file, a list as `[a, b]`; nil where the key is left out.
    public var live: String?
    public var draft: String?

    init(_ field: String, live: String?, draft: String?) {
        self.field = field
        self.live = live
        self.draft = draft
    }

    public init(json: JSONObject) throws(ViewError) {
        let fields = JSONFields(json)
        field = try fields.required("field", fields.text)
        live = try fields.text("live")
        draft = try fields.text("draft")
    }

    public var json: JSONObject {
        ["field": .string(field), "live": JSONValue(live), "draft": JSONValue(draft)]
    }

    /// The keys that differ, in the order of a campaign file.
    public static func all(from live: CampaignDefinition, to draft: CampaignDefinition) -> [ChangedField] {
        let schedules = [live, draft].map { ($0.schedule ?? ScheduleDefinition()).json }
        return CampaignDefinition.keys.flatMap { key in
            guard key == "schedule" else { return changes(key, key, live.json, draft.json) }
            return ScheduleDefinition.keys.flatMap { changes("schedule.\($0)", $0, schedules[0], schedules[1]) }
        }
    }

    private static func changes(
        _ field: String, _ key: String, _ live: JSONObject, _ draft: JSONObject
    ) -> [ChangedField] {
        let (live, draft) = (live[key].flatMap(text), draft[key].flatMap(text))
        return live == draft ? [] : [ChangedField(field, live: live, draft: draft)]
    }

    private static func text(_ value: JSONValue) -> String? {
        if let items = value.arrayValue {
            return "[" + items.map { $0.stringValue ?? $0.description }.joined(separator: ", ") + "]"
        }
        return value.isNull ? nil : value.stringValue ?? value.description
    }
}
