/// One revision of a named message, with all its parts.
public struct Message: Hashable, Sendable {
    public let name: Slug
    /// 1, 2, …
    public let revision: Int
    public let isPublished: Bool
    public let content: MessageContent

    public init(name: Slug, revision: Int, isPublished: Bool, content: MessageContent) {
        self.name = name
        self.revision = revision
        self.isPublished = isPublished
        self.content = content
    }
}

/// What a message says: its bodies and headers as read from its file, the file itself, and its attachments.
public struct MessageContent: Hashable, Sendable {
    public var subject: String?
    public var text: String?
    public var html: String?
    public var headers: [MessageHeader]
    public var attachments: [MessageFile]
    /// The file as it was put, which a surface gets as `MESSAGE_FILE`.
    public var file: MessageFile

    /// A message with all its parts, attachments included: 10 MiB, what most relays take.
    public static let maximumBytes = 10 * 1_024 * 1_024
    /// More attachments than any mail program shows in one view.
    public static let maximumAttachments = 32

    public init(
        subject: String?, text: String?, html: String?, headers: [MessageHeader] = [],
        attachments: [MessageFile] = [], file: MessageFile
    ) {
        self.subject = subject
        self.text = text
        self.html = html
        self.headers = headers
        self.attachments = attachments
        self.file = file
    }
}

public struct MessageHeader: Hashable, Sendable, Codable {
    public let name: String
    public let value: String

    public init(name: String, value: String) {
        self.name = name
        self.value = value
    }
}

/// A file's own name (no `/`) and its bytes.
public struct MessageFile: Hashable, Sendable {
    public let name: String
    public let bytes: [UInt8]

    public init(name: String, bytes: [UInt8]) {
        self.name = name
        self.bytes = bytes
    }
}
