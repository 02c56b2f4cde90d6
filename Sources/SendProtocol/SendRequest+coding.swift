internal import CampaignModel
internal import Recurrence

/// The head of a `send` request: everything but the bytes, which follow in the order of `parts`.
struct SendHead: Codable {
    let attempt: Attempt
    let campaign: SentCampaign
    let surface: Slug
    let audience: Slug?
    let to: ProofAddress?
    let message: MessageHead
    let due: Instant
    let nominal: LocalDateTime?
    let timezone: String?
    let origin: SendOrigin
    let data: String?
}

struct MessageHead: Codable {
    let name: Slug
    let revision: Int
    let subject: String?
    let headers: [MessageHeader]
    let parts: [MessagePart]
}

/// A piece of the body. The message file comes first and is there once, then text and html where the message has
/// them, then the attachments.
struct MessagePart: Codable {
    enum Role: String, Codable {
        case file, text, html, attachment
    }

    let role: Role
    let name: String?
    let size: Int
}

extension SendHead {
    init(_ request: SendRequest) {
        attempt = request.attempt
        campaign = request.campaign
        surface = request.surface
        audience = request.audience
        to = request.address
        message = MessageHead(request.message)
        due = request.due
        nominal = request.nominal?.local
        timezone = request.nominal?.timezone
        origin = request.origin
        data = request.data
    }

    /// - Throws: ``MalformedRequest`` naming the first thing that can't be taken.
    func request(body: [UInt8]) throws(MalformedRequest) -> SendRequest {
        let attempts = 1...ProtocolLimits.maximumAttempts
        guard attempts.contains(attempt.number) else {
            throw MalformedRequest(
                "attempt.number is \(attempt.number); allowed are 1 to \(attempts.upperBound)", attempt)
        }
        guard campaign.version >= 1, message.revision >= 1 else {
            throw MalformedRequest("campaign.version and message.revision start at 1", attempt)
        }
        switch origin {
        case .schedule, .sendNow, .trigger:
            guard audience != nil else { throw MalformedRequest("audience is missing", attempt) }
        case .alerts: break
        case .test: guard audience == nil else { throw MalformedRequest("a test goes to no audience", attempt) }
        }
        guard to == nil || origin == .test else { throw MalformedRequest("only a test goes to one address", attempt) }
        if let data, data.utf8.count > ProtocolLimits.dataBytes {
            throw MalformedRequest(
                "data has \(data.utf8.count) bytes; \(ProtocolLimits.dataBytes) at most are allowed", attempt)
        }
        return SendRequest(
            attempt: attempt, campaign: campaign, surface: surface, audience: audience, address: to,
            message: SentMessage(
                name: message.name, revision: message.revision, content: try message.content(body, of: attempt)),
            due: due, nominal: try nominalTime(), origin: origin, data: data)
    }

    private func nominalTime() throws(MalformedRequest) -> NominalTime? {
        guard let nominal else { return nil }
        guard let timezone else { throw MalformedRequest("nominal needs a timezone beside it", attempt) }
        return NominalTime(local: nominal, timezone: timezone)
    }
}

extension MessageHead {
    /// Cuts the body up as the parts say; every byte must belong to one.
    ///
    /// - Parameter attempt: the one that a refusal is about.
    func content(_ body: [UInt8], of attempt: Attempt?) throws(MalformedRequest) -> MessageContent {
        var content = MessageContent(
            subject: subject, text: nil, html: nil, headers: headers,
            file: MessageFile(name: "", bytes: []))
        var start = 0
        for (index, part) in parts.enumerated() {
            guard part.size >= 0, part.size <= body.count - start else {
                throw MalformedRequest("message.parts[\(index)] has \(part.size) bytes; the body has too few", attempt)
            }
            let bytes = Array(body[start..<(start + part.size)])
            start += part.size
            guard (part.role == .file) == (index == 0) else {
                throw MalformedRequest("message.parts must begin with the one file", attempt)
            }
            switch part.role {
            case .file: content.file = try file(part, bytes, attempt)
            case .attachment: content.attachments.append(try file(part, bytes, attempt))
            case .text: content.text = try text(part, bytes, attempt)
            case .html: content.html = try text(part, bytes, attempt)
            }
        }
        guard start == body.count, !parts.isEmpty else {
            throw MalformedRequest("message.parts describe \(start) bytes; the body has \(body.count)", attempt)
        }
        return try checked(content, attempt)
    }

    private func file(
        _ part: MessagePart, _ bytes: [UInt8], _ attempt: Attempt?
    ) throws(MalformedRequest) -> MessageFile {
        let name = part.name ?? ""
        // 255: NAME_MAX of Linux's file systems.
        let isName = (1...255).contains(name.utf8.count) && name != "." && name != ".."
            && !name.unicodeScalars.contains { $0 == "/" || $0.isUnsafeToDisplay }
        guard isName else {
            throw MalformedRequest(
                "the name \"\(name.prefix(80).description.escapedForDisplay)\" of a message file is no plain file name",
                attempt)
        }
        return MessageFile(name: name, bytes: bytes)
    }

    private func text(_ part: MessagePart, _ bytes: [UInt8], _ attempt: Attempt?) throws(MalformedRequest) -> String {
        guard let text = String(validating: bytes, as: UTF8.self) else {
            throw MalformedRequest("the message's \(part.role.rawValue) is not valid UTF-8", attempt)
        }
        return text
    }

    private func checked(_ content: MessageContent, _ attempt: Attempt?) throws(MalformedRequest) -> MessageContent {
        let files = [content.file] + content.attachments
        let limit = MessageContent.maximumAttachments
        guard content.attachments.count <= limit else {
            throw MalformedRequest(
                "the message has \(content.attachments.count) attachments; \(limit) at most", attempt)
        }
        guard Set(files.map(\.name)).count == files.count else {
            throw MalformedRequest("two files of the message have one name", attempt)
        }
        guard files.reduce(0, { $0 + $1.bytes.count }) <= MessageContent.maximumBytes else {
            throw MalformedRequest("the message's files are over \(MessageContent.maximumBytes) bytes", attempt)
        }
        return content
    }

    init(_ message: SentMessage) {
        name = message.name
        revision = message.revision
        subject = message.content.subject
        headers = message.content.headers
        parts = message.content.pieces.map { piece in
            MessagePart(role: piece.role, name: piece.name, size: piece.bytes.count)
        }
    }
}

extension MessageContent {
    /// The pieces of the body, in the order in which they are sent.
    var pieces: [(role: MessagePart.Role, name: String?, bytes: [UInt8])] {
        var pieces: [(role: MessagePart.Role, name: String?, bytes: [UInt8])] = [(.file, file.name, file.bytes)]
        if let text { pieces.append((.text, nil, Array(text.utf8))) }
        if let html { pieces.append((.html, nil, Array(html.utf8))) }
        for attachment in attachments { pieces.append((.attachment, attachment.name, attachment.bytes)) }
        return pieces
    }
}
