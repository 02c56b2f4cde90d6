public import CampaignModel
internal import VarlinkKit

extension ControlClient {
    /// Uploads a message piece by piece and makes it the newest draft revision.
    public func putMessage(
        _ name: String, _ content: MessageContent, _ options: ChangeOptions = ChangeOptions()
    ) async throws -> Received<MessageView> {
        let headers = content.headers.map { JSONValue.object($0.json) }
        let parameters: JSONObject = [
            "name": .string(name), "file_name": .string(content.file.name), "subject": JSONValue(content.subject),
            "headers": headers.isEmpty ? .null : .array(headers),
        ]
        let begun = JSONFields(try await call(.beginMessage, parameters))
        let upload = try begun.required("upload", begun.text)
        try await put(content.file.bytes, part: "file", of: upload)
        // A file that is its own text body goes over once.
        if content.html != nil || content.text.map({ Array($0.utf8) != content.file.bytes }) ?? true {
            if let text = content.text { try await put(Array(text.utf8), part: "text", of: upload) }
            if let html = content.html { try await put(Array(html.utf8), part: "html", of: upload) }
        }
        for attachment in content.attachments {
            try await put(attachment.bytes, part: "attachment", name: attachment.name, of: upload)
        }
        var commit = options.json
        commit["upload"] = .string(upload)
        return try message(in: try await call(.commitMessage, commit))
    }

    public func publishMessage(
        _ name: String, _ options: ChangeOptions = ChangeOptions()
    ) async throws -> Received<MessageView> {
        var parameters = options.json
        parameters["name"] = .string(name)
        return try message(in: try await call(.publishMessage, parameters))
    }

    /// The sender reads a list for 9 seconds at most.
    static let previewTimeout: Duration = .seconds(30)

    /// A message as one recipient would get it.
    ///
    /// - Returns: what is known of it, and its bytes, 25 MiB at most.
    public func previewMessage(
        _ name: String, revision: Int? = nil, recipient: ProofAddress, campaign: String? = nil, surface: String? = nil,
        audience: String? = nil
    ) async throws -> (preview: Received<MessagePreviewView>, bytes: [UInt8]) {
        let parameters: JSONObject = [
            "name": .string(name), "revision": JSONValue(revision), "recipient": .string(recipient.text),
            "campaign": JSONValue(campaign), "surface": JSONValue(surface), "audience": JSONValue(audience),
        ]
        var bytes: [UInt8] = []
        for try await reply in callMore(.previewMessage, parameters, timeout: Self.previewTimeout) {
            let fields = JSONFields(reply)
            guard let part = Base64.decode(try fields.required("part", fields.text)) else {
                throw ViewError("part", expected: "base64")
            }
            bytes += part
            guard reply["preview"]?.objectValue != nil else { continue }
            let preview = try fields.view("preview") { (json) throws(ViewError) in
                try Received(json, MessagePreviewView.init(json:))
            }
            guard preview.view.size == bytes.count else {
                throw ViewError("size", expected: "\(bytes.count), which have come")
            }
            return (preview, bytes)
        }
        throw ViewError("preview", expected: "what is known of the message, after its last part")
    }

    /// An empty part goes over as one empty piece, so that it is there.
    private func put(_ bytes: [UInt8], part: String, name: String? = nil, of upload: String) async throws {
        var rest = bytes[...]
        repeat {
            let piece = rest.prefix(MessageUploads.partLimitBytes)
            rest = rest.dropFirst(piece.count)
            let parameters: JSONObject = [
                "upload": .string(upload), "part": .string(part), "name": JSONValue(name),
                "data": .string(Base64.encode(piece)),
            ]
            _ = try await call(.putMessagePart, parameters)
        } while !rest.isEmpty
    }

    private func message(in reply: JSONObject) throws(ViewError) -> Received<MessageView> {
        try JSONFields(reply).view("message") { (json) throws(ViewError) in
            try Received(json, MessageView.init(json:))
        }
    }
}
