public import CampaignModel

/// A message for many, compiled once for a send: its parts with Mustache tags for the recipients' columns.
///
///     let template = try MailTemplate(content, settings: MailSettings(from: Mailbox("Shop <shop@example.org>")))
///     let message = try template.message(to: address, key: key, at: now) { name in columns[name] }
public struct MailTemplate: Sendable {
    /// The columns that its tags name, each once, in the order in which they come; those of sections, too.
    public let columns: [String]

    enum Field: Sendable {
        /// Whole lines, the same for all.
        case constant([UInt8])
        case date, recipient, messageID
        case header(HeaderTemplate)
    }

    let from: Mailbox
    let recipientName: TemplateText?
    let fields: [Field]
    /// Whether List-Unsubscribe-Post goes with a List-Unsubscribe that has an https URI. RFC 8058
    let addsOneClick: Bool
    /// Whether an address that is the same for all has characters beyond ASCII.
    let needsUTF8: Bool
    let layout: MessageLayout

    static let oneClick = "List-Unsubscribe=One-Click"

    /// - Throws: ``MailTemplateError`` for the first thing that can't go out: a broken tag, a header that a message may
    ///   not set, no body, or attachments of more than ``MailMessage/maximumBytes``.
    public init(_ content: MessageContent, settings: MailSettings) throws(MailTemplateError) {
        try HeaderRules.judge(content.headers)
        var names = ColumnNames()
        from = try content.from(or: settings.from)
        recipientName =
            if let name = settings.recipientName {
                try TemplateParser.parse(name, part: "to_name", place: .text, columns: &names)
            } else {
                nil
            }
        addsOneClick = content.header("List-Unsubscribe-Post") == nil
        var fields: [Field] = [.date, .constant(Self.line("From", from)), .recipient, .messageID]
        if let subject = content.subject {
            let template = try HeaderTemplate.subject(subject, columns: &names)
            fields.append(try Self.field(template, "subject", addsOneClick: false))
        }
        if let listID = try content.listID(or: settings.listID) { fields.append(.constant(listID.field.line)) }
        var needsUTF8 = from.address.needsUTF8
        if content.header("Reply-To") == nil, let replyTo = settings.replyTo {
            fields.append(.constant(Self.line("Reply-To", replyTo)))
            needsUTF8 = needsUTF8 || replyTo.address.needsUTF8
        }
        self.needsUTF8 = needsUTF8
        for header in content.headers where !["from", "list-id"].contains(header.name.lowercased()) {
            let template = try HeaderTemplate(header, columns: &names)
            fields.append(try Self.field(template, HeaderRules.part(of: header), addsOneClick: addsOneClick))
        }
        // For programs that answer in somebody's absence and know no List-Id. RFC 3834, section 2
        if content.isBulk(settings), content.header("Precedence") == nil {
            fields.append(.constant(Array("Precedence: bulk\r\n".utf8)))
        }
        self.fields = fields
        let attached = content.attachments.reduce(0) { $0 + Base64.length(of: $1.bytes.count) }
        guard attached < MailMessage.maximumBytes else {
            throw MailTemplateError("attachments", "make a message of more than \(MailMessage.maximumBytes) bytes")
        }
        layout = try MessageLayout(content, columns: &names)
        columns = names.all
    }

    /// A header that no column changes is made once.
    private static func field(
        _ template: HeaderTemplate, _ part: String, addsOneClick: Bool
    ) throws(MailTemplateError) -> Field {
        guard template.isConstant else { return .header(template) }
        do {
            let filled = try template.filled(with: [])
            // Told of each message.
            guard !filled.needsUTF8 else { return .header(template) }
            return .constant((filled.field?.line ?? []) + (addsOneClick && filled.hasLink ? oneClickLine : []))
        } catch .header(_, let reason) {
            throw MailTemplateError(part, reason)
        } catch {
            throw MailTemplateError(part, error.description)
        }
    }

    static let oneClickLine = Array("List-Unsubscribe-Post: \(oneClick)\r\n".utf8)

    private static func line(_ name: String, _ mailbox: Mailbox) -> [UInt8] {
        var field = HeaderField(name)
        field.append(mailbox)
        return field.line
    }
}

extension MessageContent {
    fileprivate func header(_ name: String) -> MessageHeader? {
        headers.first { $0.name.lowercased() == name.lowercased() }
    }

    /// A message may have the sender shown by another name; who it is, the surface says.
    fileprivate func from(or sender: Mailbox) throws(MailTemplateError) -> Mailbox {
        guard let header = header("From") else { return sender }
        let part = HeaderRules.part(of: header)
        let mailbox: Mailbox
        do {
            mailbox = try Mailbox(header.value)
        } catch {
            throw MailTemplateError(part, "\(error)")
        }
        guard mailbox.address.canonical == sender.address.canonical else {
            throw MailTemplateError(
                part, "has the address \(mailbox.address); only the surface's is allowed, \(sender.address)")
        }
        guard !header.value.contains("{{") else {
            throw MailTemplateError(part, "holds a tag; the sender is the same for all recipients")
        }
        return mailbox
    }

    fileprivate func listID(or setting: String?) throws(MailTemplateError) -> ListID? {
        if let header = header("List-Id") { return try ListID(header.value, part: HeaderRules.part(of: header)) }
        return try setting.map { text throws(MailTemplateError) in try ListID(text, part: "list_id") }
    }

    /// Whether it goes to a list, and is no message to one person that something has triggered.
    fileprivate func isBulk(_ settings: MailSettings) -> Bool {
        settings.listID != nil || header("List-Id") != nil || header("List-Unsubscribe") != nil
    }
}
