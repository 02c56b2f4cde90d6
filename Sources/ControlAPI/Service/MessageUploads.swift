internal import CampaignModel

/// The messages that are being uploaded. Each has a name that nobody can guess, belongs to one user, and is dropped
/// when nothing came for ``idleTime``: pieces may come over any connection, and services are not told of its end.
actor MessageUploads {
    /// What one upload holds so far.
    struct Upload {
        let message: Slug
        let uid: UInt32
        let fileName: String
        let subject: String?
        let headers: [MessageHeader]
        var file: [UInt8] = []
        var text: [UInt8]?
        var html: [UInt8]?
        var attachments: [MessageFile] = []
        var lastPart: Duration

        var bytes: Int {
            attachments.reduce(file.count + (text?.count ?? 0) + (html?.count ?? 0)) { $0 + $1.bytes.count }
        }
    }

    /// Where a piece goes.
    enum Part: Equatable {
        case file, text, html
        case attachment(String)
    }

    /// An interface's campaignctl sends its parts one after the other, without a person in between.
    static let idleTime: Duration = .seconds(60)
    /// Uploads at a time: with ``byteLimit`` each, they can't take the memory that the daemon may have.
    static let limit = 4
    /// A piece: with base64's third on top it stays below a call's limit of 1 MiB.
    static let partLimitBytes = 512 * 1_024
    /// The file with its attachments, and once more the bodies that were read from it.
    static let byteLimit = 2 * MessageContent.maximumBytes

    private let elapsed: @Sendable () -> Duration
    private var uploads: [String: Upload] = [:]

    /// - Parameter elapsed: the time since any moment, on a clock that never goes back.
    init(elapsed: @escaping @Sendable () -> Duration) {
        self.elapsed = elapsed
    }

    /// How many there are, those that are overdue included.
    var count: Int { uploads.count }

    func begin(
        _ message: Slug, uid: UInt32, fileName: String, subject: String?, headers: [MessageHeader]
    ) throws(ControlError) -> String {
        dropOverdue()
        guard uploads.count < Self.limit else {
            throw .held(name: "uploads", why: "\(Self.limit) messages are being uploaded; try again in a minute")
        }
        // 128 random bits: whoever knows the name began the upload.
        let id = (0..<2).map { _ in String(UInt64.random(in: .min ... .max), radix: 16) }.joined(separator: "-")
        uploads[id] = Upload(
            message: message, uid: uid, fileName: fileName, subject: subject, headers: headers, lastPart: elapsed())
        return id
    }

    /// - Returns: the bytes that came so far.
    func append(_ bytes: [UInt8], to part: Part, of id: String, uid: UInt32) throws(ControlError) -> Int {
        var upload = try open(id, uid: uid)
        guard upload.bytes + bytes.count <= Self.byteLimit else {
            uploads[id] = nil
            throw tooLarge()
        }
        switch part {
        case .file: upload.file += bytes
        case .text: upload.text = (upload.text ?? []) + bytes
        case .html: upload.html = (upload.html ?? []) + bytes
        case .attachment(let name): try upload.append(bytes, toAttachment: name)
        }
        upload.lastPart = elapsed()
        uploads[id] = upload
        return upload.bytes
    }

    /// Takes the upload out and gives its message; where that can't be made, the upload is gone all the same.
    func finish(_ id: String, uid: UInt32) throws(ControlError) -> (Slug, MessageContent) {
        let upload = try open(id, uid: uid)
        uploads[id] = nil
        return (upload.message, try upload.content())
    }

    private func open(_ id: String, uid: UInt32) throws(ControlError) -> Upload {
        dropOverdue()
        guard let upload = uploads[id], upload.uid == uid else {
            throw .notFound(.upload, name: FieldError.shown(id))
        }
        return upload
    }

    private func dropOverdue() {
        let now = elapsed()
        uploads = uploads.filter { now - $0.value.lastPart < Self.idleTime }
    }

    private func tooLarge() -> ControlError {
        let limit = MessageContent.maximumBytes
        return .invalidField(FieldError("data", nil, "is too much; a message has \(limit) bytes at most"))
    }
}

extension MessageUploads.Upload {
    mutating func append(_ bytes: [UInt8], toAttachment name: String) throws(ControlError) {
        if let index = attachments.firstIndex(where: { $0.name == name }) {
            attachments[index] = MessageFile(name: name, bytes: attachments[index].bytes + bytes)
            return
        }
        guard attachments.count < MessageContent.maximumAttachments else {
            let why = "is one attachment too many; \(MessageContent.maximumAttachments) are allowed"
            throw .invalidField(FieldError("name", name, why))
        }
        attachments.append(MessageFile(name: name, bytes: bytes))
    }

    /// The message whole. A file that gave no bodies is the text body itself.
    func content() throws(ControlError) -> MessageContent {
        let isPlain = text == nil && html == nil
        let content = MessageContent(
            subject: subject, text: try body(isPlain ? file : text, "text"), html: try body(html, "html"),
            headers: headers, attachments: attachments, file: MessageFile(name: fileName, bytes: file))
        let size = attachments.reduce(file.count) { $0 + $1.bytes.count }
        guard size <= MessageContent.maximumBytes else {
            let why = "has \(size) bytes with its attachments; \(MessageContent.maximumBytes) at most are allowed"
            throw .invalidField(FieldError("file", fileName, why))
        }
        return content
    }

    private func body(_ bytes: [UInt8]?, _ field: String) throws(ControlError) -> String? {
        guard let bytes else { return nil }
        guard let text = String(validating: bytes, as: UTF8.self) else {
            throw .invalidField(FieldError(field, nil, "is not valid UTF-8"))
        }
        return text
    }
}
