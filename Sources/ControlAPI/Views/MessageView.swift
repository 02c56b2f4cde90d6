public import CampaignModel
public import VarlinkKit

/// A message's newest revision as clients see it.
public struct MessageView: Hashable, Sendable {
    public var name: String
    public var revision: Int
    /// The newest published one.
    public var publishedRevision: Int?
    public var subject: String?
    /// Of its file and its attachments.
    public var bytes: Int
    public var attachments: Int

    /// - Parameter bytes: of its file and its attachments.
    public init(name: Slug, revision: Int, publishedRevision: Int?, subject: String?, bytes: Int, attachments: Int) {
        self.name = name.text
        self.revision = revision
        self.publishedRevision = publishedRevision
        self.subject = subject
        self.bytes = bytes
        self.attachments = attachments
    }

    /// - Parameter message: the newest revision.
    public init(_ message: Message, publishedRevision: Int?) {
        let content = message.content
        self.init(
            name: message.name, revision: message.revision, publishedRevision: publishedRevision,
            subject: content.subject,
            bytes: content.attachments.reduce(content.file.bytes.count) { $0 + $1.bytes.count },
            attachments: content.attachments.count)
    }

    public init(json: JSONObject) throws(ViewError) {
        let fields = JSONFields(json)
        name = try fields.required("name", fields.text)
        revision = try fields.required("revision", fields.number)
        publishedRevision = try fields.number("published_revision")
        subject = try fields.text("subject")
        bytes = try fields.required("bytes", fields.number)
        attachments = try fields.required("attachments", fields.number)
    }

    public var json: JSONObject {
        [
            "name": .string(name), "revision": JSONValue(revision),
            "published_revision": JSONValue(publishedRevision), "subject": JSONValue(subject),
            "bytes": JSONValue(bytes), "attachments": JSONValue(attachments),
        ]
    }
}
