internal import CampaignModel
internal import VarlinkKit

extension ControlService {
    func changeMessage(
        _ method: ControlMethod, _ call: VarlinkCall, by peer: VarlinkPeer
    ) async throws(ControlError) -> JSONObject {
        let parameters = CallParameters(call)
        switch method {
        case .beginMessage:
            let name = try parameters.requiredSlug("name")
            let subject = try parameters.text("subject")
            let headers = try parameters.headers()
            do {
                try MessageRules.judge(subject: subject, headers: headers)
            } catch {
                throw .invalidField(error)
            }
            let upload = try await uploads.begin(
                name, uid: peer.uid, fileName: try fileName(parameters, "file_name"), subject: subject,
                headers: headers)
            return ["upload": .string(upload)]
        case .putMessagePart:
            let bytes = try await uploads.append(
                try data(parameters), to: try part(parameters), of: try parameters.requiredText("upload"),
                uid: peer.uid)
            return ["bytes": JSONValue(bytes)]
        case .commitMessage:
            let change = try parameters.change(by: actor(peer))
            let (name, content) = try await uploads.finish(try parameters.requiredText("upload"), uid: peer.uid)
            return ["message": .object(try await control.putMessage(name, content: content, change: change).json)]
        default:
            let view = try await control.publishMessage(
                try parameters.requiredSlug("name"), change: try parameters.change(by: actor(peer)))
            return ["message": .object(view.json)]
        }
    }

    /// A message's bytes in pieces; the last reply says what is known of it.
    func previewMessage(_ call: VarlinkCall, _ replies: VarlinkReplies) async throws -> JSONObject {
        let parameters = CallParameters(call)
        let query = MessagePreviewQuery(
            name: try parameters.requiredSlug("name"),
            revision: try parameters.number("revision", in: 1...Int(Int32.max)),
            recipient: try parameters.requiredAddress("recipient"), by: try way(parameters))
        try call.requireMore()
        let preview = try await control.previewMessage(query) { piece in
            try await replies.send(["part": .string(Base64.encode(piece))])
        }
        return ["part": "", "preview": .object(preview.json)]
    }

    private func way(_ parameters: CallParameters) throws(ControlError) -> MessagePreviewQuery.Way? {
        switch (try parameters.slug("campaign"), try parameters.slug("surface"), try parameters.slug("audience")) {
        case (nil, nil, nil): return nil
        case (let campaign?, nil, nil): return .campaign(campaign)
        case (nil, let surface?, let audience?): return .surface(surface, audience: audience)
        case (nil, _?, nil): throw parameters.missing("audience")
        case (nil, nil, _?): throw parameters.missing("surface")
        case (let campaign?, _, _):
            throw .invalidField(FieldError("campaign", campaign.text, "stands beside surface or audience"))
        }
    }

    private func part(_ parameters: CallParameters) throws(ControlError) -> MessageUploads.Part {
        switch try parameters.requiredText("part") {
        case "text": .text
        case "html": .html
        case "attachment": .attachment(try fileName(parameters, "name"))
        default: .file
        }
    }

    private func data(_ parameters: CallParameters) throws(ControlError) -> [UInt8] {
        let text = try parameters.requiredText("data")
        guard let bytes = Base64.decode(text) else {
            throw .invalidField(FieldError("data", text, "is not base64 (RFC 4648 section 4)"))
        }
        guard bytes.count <= MessageUploads.partLimitBytes else {
            let limit = MessageUploads.partLimitBytes
            throw .invalidField(FieldError("data", nil, "has \(bytes.count) bytes; \(limit) at most are allowed"))
        }
        return bytes
    }

    /// A surface gets this as the name of a file in a folder of its own.
    private func fileName(_ parameters: CallParameters, _ field: String) throws(ControlError) -> String {
        let name = try parameters.requiredText(field)
        guard MessageFileName.isAllowed(name) else {
            throw .invalidField(FieldError(field, name, MessageFileName.rule))
        }
        return name
    }
}

/// What a message's file and its attachments may be called.
public enum MessageFileName {
    /// NAME_MAX of Linux's file systems.
    public static let limitBytes = 255
    /// For an error, after the name.
    public static let rule =
        "is not a file's own name; it has 1 to \(limitBytes) bytes, no / and no control character, and is not . or .."

    public static func isAllowed(_ name: String) -> Bool {
        (1...limitBytes).contains(name.utf8.count) && name != "." && name != ".."
            && !name.unicodeScalars.contains { $0 == "/" || $0.isUnsafeToDisplay }
    }
}
