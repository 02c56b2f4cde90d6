import CampaignModel
import ControlAPI
import StrictYAML

/// Reads a message from its file: a `.yaml` file with its parts, or any other, which is then the text body.
enum MessageSource {
    private static let keys = ["subject", "text", "html", "headers", "attachments"]

    /// - Throws: ``Failure`` with file and, where it has one, line and column.
    static func read(_ path: String) throws(Failure) -> MessageContent {
        let name = path.split(separator: "/").last.map(String.init) ?? path
        guard MessageFileName.isAllowed(name) else {
            let rule = MessageFileName.rule
            throw .invalidFile(path, field: "file", value: name, reason: rule, text: "\(path): \(rule)")
        }
        let file = MessageFile(name: name, bytes: try bytes(path, field: "file", limit: MessageContent.maximumBytes))
        guard name.hasSuffix(".yaml") || name.hasSuffix(".yml") else {
            guard let text = String(validating: file.bytes, as: UTF8.self) else {
                let reason = "is not valid UTF-8"
                throw .invalidFile(path, field: "text", value: nil, reason: reason, text: "\(path): \(reason)")
            }
            return MessageContent(subject: nil, text: text, html: nil, file: file)
        }
        do {
            let document = try YAMLDocument.read(bytes: file.bytes, file: path, limit: MessageContent.maximumBytes)
            let mapping = try document.mapping(allowing: keys)
            var content = MessageContent(
                subject: try mapping.text("subject"), text: try mapping.text("text"), html: try mapping.text("html"),
                headers: try headers(mapping["headers"]), file: file)
            guard content.text != nil || content.html != nil else {
                throw document.error("needs a text, an html, or both")
            }
            try judge(content, mapping)
            let room = MessageContent.maximumBytes - file.bytes.count
            content.attachments = try attachments(mapping["attachments"], beside: path, room: room)
            return content
        } catch let error as YAMLError {
            throw Failure(error)
        } catch let failure as Failure {
            throw failure
        } catch {
            throw Failure(error, socket: "")
        }
    }

    private static func judge(_ content: MessageContent, _ mapping: YAMLMapping) throws(YAMLError) {
        do {
            try MessageRules.judge(subject: content.subject, headers: content.headers)
        } catch {
            let node = mapping[error.field] ?? mapping["headers"] ?? mapping.node
            throw YAMLError(
                file: node.file, place: node.place, field: error.field,
                reason: error.value.map { "\"\($0.escapedForDisplay)\" \(error.reason)" } ?? error.reason)
        }
    }

    private static func headers(_ node: YAMLNode?) throws(YAMLError) -> [MessageHeader] {
        guard let node else { return [] }
        var headers: [MessageHeader] = []
        for entry in try node.mapping().entries {
            headers.append(MessageHeader(name: entry.key, value: try entry.node.text()))
        }
        return headers
    }

    /// The files beside the message's own.
    private static func attachments(_ node: YAMLNode?, beside path: String, room: Int) throws -> [MessageFile] {
        guard let node else { return [] }
        let names = try node.texts()
        guard names.count <= MessageContent.maximumAttachments else {
            throw node.error("has \(names.count) files; \(MessageContent.maximumAttachments) at most are allowed")
        }
        let folder = path.lastIndex(of: "/").map { String(path[...$0]) } ?? ""
        var room = room
        var files: [MessageFile] = []
        for name in names {
            guard MessageFileName.isAllowed(name) else {
                throw node.error("\"\(name.escapedForDisplay)\" \(MessageFileName.rule)")
            }
            guard !files.contains(where: { $0.name == name }) else { throw node.error("\"\(name)\" comes twice") }
            let bytes = try bytes(folder + name, field: "attachments", limit: room)
            room -= bytes.count
            files.append(MessageFile(name: name, bytes: bytes))
        }
        return files
    }

    private static func bytes(_ path: String, field: String, limit: Int) throws(Failure) -> [UInt8] {
        do {
            return try FileBytes.read(path, limit: limit)
        } catch {
            throw Failure(error, path: path, field: field, limit: limit)
        }
    }
}
