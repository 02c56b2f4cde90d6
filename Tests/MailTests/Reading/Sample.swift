import CampaignModel
import Mail
import Recurrence
import Testing

/// Messages to try things on.
enum Sample {
    static let key = OccurrenceKey("oma66ojf/2026-01-05T09:00:00[Europe/Paris]")!
    /// 2026-01-05T08:00:00Z, a Monday.
    static let date = Instant(secondsSinceEpoch: 1_767_600_000)

    static func settings() throws -> MailSettings {
        MailSettings(from: try Mailbox("The Shop <shop@example.org>"))
    }

    static func content(
        subject: String? = nil, text: String? = "Hello\n", html: String? = nil, headers: [(String, String)] = [],
        attachments: [MessageFile] = []
    ) -> MessageContent {
        MessageContent(
            subject: subject, text: text, html: html,
            headers: headers.map { MessageHeader(name: $0.0, value: $0.1) }, attachments: attachments,
            file: MessageFile(name: "message.yaml", bytes: []))
    }

    static func message(
        _ content: MessageContent, settings: MailSettings? = nil, to address: String = "ann@example.org",
        columns: [String: String] = [:]
    ) throws -> MailMessage {
        let template = try MailTemplate(content, settings: try settings ?? self.settings())
        return try template.message(to: try MailAddress(address), key: key, at: date) { columns[$0] }
    }
}
