import CampaignModel

/// A message from its MIME-Version on: the bodies in their order, and the attachments. RFC 2045, 2046
struct MessageLayout: Sendable {
    private enum Piece: Sendable {
        case constant([UInt8])
        case body(BodyTemplate)
    }

    private var pieces: [Piece] = []
    /// As ``BodyTemplate/usualBytes``, of all but ``rest``.
    private(set) var usualBytes = 0
    /// The attachments, with the end of what they are in.
    private(set) var rest: [UInt8] = []

    /// Neither quoted-printable nor base64 can have `=_` in it, and so no body a line with one of these.
    private enum Boundary {
        static let mixed = "=_mixed"
        static let alternative = "=_alternative"
    }

    /// - Throws: ``MailTemplateError`` where there is no body, or a tag in one is wrong.
    init(_ content: MessageContent, columns: inout ColumnNames) throws(MailTemplateError) {
        var bodies: [BodyTemplate] = []
        if let text = content.text {
            bodies.append(
                try BodyTemplate(text, part: "text", subtype: "plain", place: .text, columns: &columns))
        }
        // The richest last. RFC 2046, section 5.1.4
        if let html = content.html {
            bodies.append(
                try BodyTemplate(html, part: "html", subtype: "html", place: .html, columns: &columns))
        }
        guard let first = bodies.first else {
            throw MailTemplateError("text", "is missing, and html too; a message has one of them or both")
        }
        append("MIME-Version: 1.0\r\n")
        if !content.attachments.isEmpty { begin("mixed", Boundary.mixed) }
        if bodies.count > 1 {
            begin("alternative", Boundary.alternative)
            append(first)
            append("\r\n--\(Boundary.alternative)\r\n")
            append(bodies[1])
            append("\r\n--\(Boundary.alternative)--\r\n")
        } else {
            append(first)
        }
        for file in content.attachments {
            rest += Array("\r\n--\(Boundary.mixed)\r\n".utf8) + AttachmentPart.bytes(of: file)
        }
        if !content.attachments.isEmpty { rest += Array("\r\n--\(Boundary.mixed)--\r\n".utf8) }
    }

    private mutating func begin(_ subtype: String, _ boundary: String) {
        append("Content-Type: multipart/\(subtype); boundary=\"\(boundary)\"\r\n\r\n--\(boundary)\r\n")
    }

    private mutating func append(_ text: String) { pieces.append(.constant(Array(text.utf8))) }

    private mutating func append(_ body: BodyTemplate) {
        append("Content-Type: text/\(body.subtype); charset=utf-8\r\n")
        append("Content-Transfer-Encoding: \(body.transferEncoding)\r\n\r\n")
        pieces.append(.body(body))
        usualBytes += body.usualBytes
    }

    /// Adds all but ``rest``.
    ///
    /// - Throws: ``MailMessageError/tooLarge``.
    func append(to message: inout [UInt8], with values: [[UInt8]]) throws(MailMessageError) {
        for piece in pieces {
            switch piece {
            case .constant(let bytes): message.append(contentsOf: bytes)
            case .body(let body): try body.append(to: &message, with: values)
            }
        }
    }
}
