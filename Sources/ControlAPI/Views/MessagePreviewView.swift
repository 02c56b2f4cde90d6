public import CampaignModel
public import VarlinkKit

/// A message as one recipient gets it, beside its bytes.
public struct MessagePreviewView: Hashable, Sendable {
    /// Of the message.
    public var name: String
    public var revision: Int
    public var surface: String
    public var audience: String
    /// The message's bytes.
    public var size: Int
    /// How often the audience has the recipient; of several the first counts.
    public var found: Int
    /// The audience's columns, in the order in which they come first.
    public var columns: [String]
    /// The names in the message's tags that no recipient has as a column.
    public var unknownTags: [String]
    /// Why the list was not read to its end; nil where it was.
    public var listFault: String?

    public init(_ message: Message, surface: Slug, audience: Slug, _ composed: ComposedMessage) {
        name = message.name.text
        revision = message.revision
        self.surface = surface.text
        self.audience = audience.text
        size = composed.size
        found = composed.found
        columns = composed.columns
        unknownTags = composed.unknownTags
        listFault = composed.listFault
    }

    public init(json: JSONObject) throws(ViewError) {
        let fields = JSONFields(json)
        name = try fields.required("name", fields.text)
        revision = try fields.required("revision", fields.number)
        surface = try fields.required("surface", fields.text)
        audience = try fields.required("audience", fields.text)
        size = try fields.required("size", fields.number)
        found = try fields.required("found", fields.number)
        columns = try fields.required("columns", fields.texts)
        unknownTags = try fields.required("unknown_tags", fields.texts)
        listFault = try fields.text("list_fault")
    }

    public var json: JSONObject {
        [
            "name": .string(name), "revision": JSONValue(revision), "surface": .string(surface),
            "audience": .string(audience), "size": JSONValue(size), "found": JSONValue(found),
            "columns": JSONValue(columns), "unknown_tags": JSONValue(unknownTags), "list_fault": JSONValue(listFault),
        ]
    }
}
