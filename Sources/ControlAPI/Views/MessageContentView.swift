public import CampaignModel
public import VarlinkKit

/// One revision of a message with what it says, as clients see it.
public struct MessageContentView: Hashable, Sendable {
    public var name: String
    public var revision: Int
    public var isPublished: Bool
    public var subject: String?
    public var headers: [MessageHeader]
    /// The first ``bodyLimitBytes``.
    public var text: String?
    /// The first ``bodyLimitBytes``.
    public var html: String?
    public var fileName: String
    public var attachments: [Attachment]
    /// Whether a body was cut.
    public var isCut: Bool

    /// A file that is attached: its own name and its size.
    public struct Attachment: Hashable, Sendable {
        public var name: String
        public var bytes: Int

        public init(name: String, bytes: Int) {
            self.name = name
            self.bytes = bytes
        }
    }

    /// More than anybody reads on a terminal. Two of them stay below a reply's 16 MiB even where JSON takes six bytes
    /// for one.
    public static let bodyLimitBytes = 1 << 20

    public init(_ message: Message) {
        let content = message.content
        name = message.name.text
        revision = message.revision
        isPublished = message.isPublished
        subject = content.subject
        headers = content.headers
        text = content.text.map(Self.cut)
        html = content.html.map(Self.cut)
        fileName = content.file.name
        attachments = content.attachments.map { Attachment(name: $0.name, bytes: $0.bytes.count) }
        isCut = [content.text, content.html].contains { ($0?.utf8.count ?? 0) > Self.bodyLimitBytes }
    }

    public init(json: JSONObject) throws(ViewError) {
        let fields = JSONFields(json)
        name = try fields.required("name", fields.text)
        revision = try fields.required("revision", fields.number)
        isPublished = try fields.required("published", fields.flag)
        subject = try fields.text("subject")
        headers = try fields.views("headers", MessageHeader.init(json:))
        text = try fields.text("text")
        html = try fields.text("html")
        fileName = try fields.required("file_name", fields.text)
        attachments = try fields.views("attachments") { (json) throws(ViewError) in
            let fields = JSONFields(json)
            return Attachment(
                name: try fields.required("name", fields.text), bytes: try fields.required("bytes", fields.number))
        }
        isCut = try fields.required("cut", fields.flag)
    }

    public var json: JSONObject {
        [
            "name": .string(name), "revision": JSONValue(revision), "published": .bool(isPublished),
            "subject": JSONValue(subject), "headers": .array(headers.map { .object($0.json) }),
            "text": JSONValue(text), "html": JSONValue(html), "file_name": .string(fileName),
            "attachments": .array(
                attachments.map { ["name": .string($0.name), "bytes": JSONValue($0.bytes)] }),
            "cut": .bool(isCut),
        ]
    }

    /// The first bytes, up to the end of a character.
    private static func cut(_ text: String) -> String {
        guard text.utf8.count > bodyLimitBytes else { return text }
        var end = text.utf8.index(text.startIndex, offsetBy: bodyLimitBytes)
        while end.samePosition(in: text.unicodeScalars) == nil { end = text.utf8.index(before: end) }
        return String(text.unicodeScalars[..<end])
    }
}

extension MessageHeader {
    init(json: JSONObject) throws(ViewError) {
        let fields = JSONFields(json)
        self.init(name: try fields.required("name", fields.text), value: try fields.required("value", fields.text))
    }

    var json: JSONObject { ["name": .string(name), "value": .string(value)] }
}
