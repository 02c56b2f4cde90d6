import CampaignModel
import Recurrence
import SendProtocol

/// The request as a surface gets it: one JSON object on one line.
struct SurfaceRequest: Encodable {
    struct AudienceBody: Encodable {
        let name: Slug
        var file: String?
        var command: [String]?
        var reference: String?
    }

    struct MessageBody: Encodable {
        let name: Slug
        let revision: Int
        let subject: String?
        let text: String?
        let html: String?
        let headers: [MessageHeader]
        let file: String
        let attachments: [String]
    }

    let key: OccurrenceKey
    let attempt: Int
    let campaign: SentCampaign
    let surface: Slug
    let audience: AudienceBody
    let message: MessageBody
    let due: Instant
    let nominal: LocalDateTime?
    let timezone: String?
    let origin: SendOrigin
    let test: Bool

    /// - Parameter folder: where the message's files lie.
    init(_ request: SendRequest, audience: Audience, folder: String) {
        key = request.attempt.key
        attempt = request.attempt.number
        campaign = request.campaign
        surface = request.surface
        var body = AudienceBody(name: request.audience)
        switch audience {
        case .file(let path): body.file = path
        case .command(let words): body.command = words
        case .reference(let text): body.reference = text
        }
        self.audience = body
        let content = request.message.content
        message = MessageBody(
            name: request.message.name, revision: request.message.revision, subject: content.subject,
            text: content.text, html: content.html, headers: content.headers, file: folder + "/" + content.file.name,
            attachments: content.attachments.map { folder + "/" + $0.name })
        due = request.due
        nominal = request.nominal?.local
        timezone = request.nominal?.timezone
        origin = request.origin
        test = request.isTest
    }

    /// The line with its line break. `data` goes in as it was given: read and written again, its large numbers would
    /// come out as others.
    func line(data: String?) -> [UInt8] {
        var line = WireJSON.encode(self)
        if let data {
            line.removeLast()
            line += Array(",\"data\":".utf8)
            // A line break in JSON stands between values alone, where a space means the same.
            line += data.utf8.map { $0 == UInt8(ascii: "\n") || $0 == UInt8(ascii: "\r") ? UInt8(ascii: " ") : $0 }
            line.append(UInt8(ascii: "}"))
        }
        line.append(UInt8(ascii: "\n"))
        return line
    }
}
