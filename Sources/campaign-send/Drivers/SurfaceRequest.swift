import CampaignModel
import Recurrence
import SendProtocol
import SurfaceFiles

/// The request as a surface gets it: one JSON object on one line.
struct SurfaceRequest: Encodable {
    /// Where the recipients are; `null` where the send has none, so that the key is always there.
    enum AudienceBody: Encodable {
        struct Place: Encodable {
            let name: Slug
            var file: String?
            var command: [String]?
            var reference: String?
        }

        case place(Place)
        case none

        func encode(to encoder: any Encoder) throws {
            var container = encoder.singleValueContainer()
            switch self {
            case .place(let place): try container.encode(place)
            case .none: try container.encodeNil()
            }
        }
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
    let to: ProofAddress?
    let message: MessageBody
    let due: Instant
    let nominal: LocalDateTime?
    let timezone: String?
    let origin: SendOrigin
    let test: Bool

    /// - Parameter folder: where the message's files lie.
    init(_ request: SendRequest, audience: AudienceFile?, folder: String) {
        key = request.attempt.key
        attempt = request.attempt.number
        campaign = request.campaign
        surface = request.surface
        self.audience = AudienceBody(request.audience, audience)
        to = request.address
        let content = request.message.content
        message = MessageBody(
            name: request.message.name, revision: request.message.revision, subject: content.subject,
            text: content.text, html: content.html, headers: content.headers, file: folder + "/" + content.file.name,
            attachments: content.attachments.map { folder + "/" + $0.name })
        due = request.due
        nominal = request.nominal?.local
        timezone = request.nominal?.timezone
        origin = request.origin
        test = request.origin == .test
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

extension SurfaceRequest.AudienceBody {
    fileprivate init(_ name: Slug?, _ audience: AudienceFile?) {
        guard let name, let audience else {
            self = .none
            return
        }
        switch audience {
        case .file(let path): self = .place(Place(name: name, file: path))
        case .command(let words): self = .place(Place(name: name, command: words))
        case .reference(let text): self = .place(Place(name: name, reference: text))
        }
    }
}
