import CampaignModel
import Mail
import Recurrence
import WireForm

/// An address and a message's parts, one a field, and as the last field the value of every column: what is taken makes
/// a message of the right form with the header fields that were asked for, what is not is refused in few words.
enum MailFuzz {
    /// Fields end with ASCII's unit separator.
    private static let separator: UInt8 = 0x1F
    private static let key = OccurrenceKey("fuzz/2026-01-05T09:00:00[Europe/Paris]")
    private static let date = Instant(secondsSinceEpoch: 1_767_600_000)
    private static let fieldNames: Set = [
        "Date", "From", "To", "Message-ID", "Subject", "Reply-To", "List-Id", "List-Unsubscribe",
        "List-Unsubscribe-Post", "X-Fuzz", "Precedence", "MIME-Version", "Content-Type", "Content-Transfer-Encoding",
    ]

    static func run(_ bytes: [UInt8]) throws(Finding) {
        let fields = bytes.split(separator: separator, omittingEmptySubsequences: false).map {
            String(decoding: $0, as: UTF8.self)
        }
        let field = { (index: Int) in index < fields.count ? fields[index] : "" }
        let address = try checkAddress(field(0))
        guard let key, let recipient = address ?? (try? MailAddress("ann@example.org")),
            let sender = try? MailAddress("shop@example.org")
        else { throw Finding(description: "a plain address is refused") }
        let settings = MailSettings(
            from: Mailbox(name: field(1), address: sender), listID: field(2).isEmpty ? nil : field(2),
            recipientName: field(3))
        let headers = [("Reply-To", field(7)), ("List-Unsubscribe", field(8)), ("X-Fuzz", field(9))]
        let content = MessageContent(
            subject: field(4), text: field(5), html: field(6).isEmpty ? nil : field(6),
            headers: headers.filter { !$0.1.isEmpty }.map { MessageHeader(name: $0.0, value: $0.1) },
            attachments: field(10).isEmpty ? [] : [MessageFile(name: field(10), bytes: bytes)],
            file: MessageFile(name: "message.yaml", bytes: []))
        do {
            let template = try MailTemplate(content, settings: settings)
            for value in [nil, fields.last] {
                try checkMessage(try template.message(to: recipient, key: key, at: date) { _ in value })
            }
        } catch let finding as Finding {
            throw finding
        } catch {
            try checkRefusal(error)
        }
    }

    private static func checkMessage(_ message: MailMessage) throws(Finding) {
        let faults = WireForm.faults(message)
        try check(faults.isEmpty, "the message \(faults.first ?? "")")
        let names = WireForm.fieldNames(message)
        try check(Set(names).isSubset(of: fieldNames), "the message has the fields \(names)")
        try check(Set(names).count == names.count, "the message has a field twice: \(names)")
    }

    private static func checkAddress(_ text: String) throws(Finding) -> MailAddress? {
        do {
            let address = try MailAddress(text)
            try check((try? MailAddress(address.text)) == address, "\(address.text) is read back as another one")
            try check(address.text.utf8.count <= MailAddress.maximumBytes, "\(address.text) is too long")
            try check(
                address.text.unicodeScalars.allSatisfy { !$0.isUnsafeToDisplay }, "\(text.debugDescription) is taken")
            return address
        } catch let finding as Finding {
            throw finding
        } catch {
            try checkRefusal(error)
            return nil
        }
    }
}
