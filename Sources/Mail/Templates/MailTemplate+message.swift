public import CampaignModel
public import Recurrence

extension MailTemplate {
    /// One recipient's message.
    ///
    /// - Parameters:
    ///   - key: the occurrence's; with the address it makes the Message-ID, the same on every attempt.
    ///   - date: when the message is made.
    ///   - column: the value of a column by its name; nil or empty where the recipient has none, which is filled in as
    ///     nothing and leaves the column's sections out. It is asked once for each of ``columns``.
    /// - Throws: ``MailMessageError``: this recipient's message can't be made.
    public func message(
        to recipient: MailAddress, key: OccurrenceKey, at date: Instant, column: (String) -> String?
    ) throws(MailMessageError) -> MailMessage {
        let values = columns.map { Array((column($0) ?? "").utf8) }
        var message: [UInt8] = []
        message.reserveCapacity(2_048 + layout.usualBytes)
        var needsUTF8 = needsUTF8 || recipient.needsUTF8
        for field in fields {
            switch field {
            case .constant(let line): message.append(contentsOf: line)
            case .date: message.append(contentsOf: "Date: \(MailDate.text(date))\r\n".utf8)
            case .messageID:
                var field = HeaderField("Message-ID")
                field.append(word: MessageID.text(key: key, to: recipient, from: from.address).utf8)
                message.append(contentsOf: field.line)
            case .recipient: message.append(contentsOf: try toLine(recipient, values))
            case .header(let template):
                let filled = try template.filled(with: values)
                needsUTF8 = needsUTF8 || filled.needsUTF8
                if let field = filled.field { message.append(contentsOf: field.line) }
                if addsOneClick, filled.hasLink { message.append(contentsOf: Self.oneClickLine) }
            }
        }
        try layout.append(to: &message, with: values)
        guard message.count + layout.rest.count <= MailMessage.maximumBytes else { throw .tooLarge }
        return MailMessage(start: message, rest: layout.rest, needsUTF8: needsUTF8)
    }

    private func toLine(_ recipient: MailAddress, _ values: [[UInt8]]) throws(MailMessageError) -> [UInt8] {
        var field = HeaderField("To")
        var name: [UInt8] = []
        try recipientName?.fill(&name, with: values)
        guard name.count <= HeaderTemplate.maximumBytes else {
            throw .header("To", reason: "the name has more than \(HeaderTemplate.maximumBytes) bytes")
        }
        field.append(phrase: name)
        field.append(address: recipient, hasName: !name.onOneLine.isEmpty)
        return field.line
    }
}
