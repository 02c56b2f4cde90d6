public import CampaignModel
public import Recurrence
public import VarlinkKit

/// A line of the history as clients see it. Its words are texts: a newer daemon may have more of them.
public struct EventView: Hashable, Sendable {
    public var sequence: Int64
    public var at: Instant
    /// The campaign's name.
    public var campaign: String?
    public var kind: String
    public var from: String?
    public var to: String?
    public var version: Int?
    public var key: String?
    /// The user's name, or `campaignd`.
    public var actor: String
    public var reason: String?
    public var text: String

    public init(_ recorded: RecordedEvent) {
        let event = recorded.event
        sequence = recorded.sequence
        at = event.at
        campaign = event.campaign?.name.text
        kind = event.kind.rawValue
        from = event.from?.rawValue
        to = event.to?.rawValue
        version = event.campaign?.version
        key = event.key?.text
        actor = event.actor.name
        reason = event.reason
        text = event.text
    }

    public init(json: JSONObject) throws(ViewError) {
        let fields = JSONFields(json)
        sequence = Int64(try fields.required("seq", fields.number))
        at = try fields.required("at", fields.instant)
        campaign = try fields.text("campaign")
        kind = try fields.required("kind", fields.text)
        from = try fields.text("from")
        to = try fields.text("to")
        version = try fields.number("version")
        key = try fields.text("key")
        actor = try fields.required("actor", fields.text)
        reason = try fields.text("reason")
        text = try fields.required("text", fields.text)
    }

    public var json: JSONObject {
        [
            "seq": .int(sequence), "at": JSONValue(at), "campaign": JSONValue(campaign), "kind": .string(kind),
            "from": JSONValue(from), "to": JSONValue(to), "version": JSONValue(version), "key": JSONValue(key),
            "actor": .string(actor), "reason": JSONValue(reason), "text": .string(text),
        ]
    }
}
