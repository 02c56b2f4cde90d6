import CampaignModel

/// One header field of a message, with the columns in it.
struct HeaderTemplate: Sendable {
    private enum Content: Sendable {
        /// Words for people.
        case text(TemplateText)
        /// URIs and ids for programs, which are never encoded.
        case words(TemplateText)
        /// A name and an address, which no column can make more of.
        case mailbox(name: TemplateText, address: TemplateText)
    }

    let name: String
    private let content: Content
    /// Whether an https URI in it is one to unsubscribe by.
    private let offersLink: Bool

    /// Longer values are refused by relays long before they help anybody.
    static let maximumBytes = 8_192

    /// RFC 2369, RFC 8058, and those that hold ids.
    private static let programs: Set = [
        "list-unsubscribe", "list-unsubscribe-post", "list-subscribe", "list-help", "list-post", "list-owner",
        "list-archive", "in-reply-to", "references", "precedence", "auto-submitted",
    ]

    private init(name: String, _ content: Content) {
        self.name = name
        self.content = content
        offersLink = false
    }

    /// - Throws: ``MailTemplateError`` naming the header.
    init(_ header: MessageHeader, columns: inout ColumnNames) throws(MailTemplateError) {
        let part = HeaderRules.part(of: header)
        name = header.name
        let kind = header.name.lowercased()
        offersLink = kind == "list-unsubscribe"
        if kind == "reply-to" {
            let (name, address) = Mailbox.parts(header.value)
            content = .mailbox(
                name: try TemplateParser.parse(name ?? "", part: part, place: .header, columns: &columns),
                address: try TemplateParser.parse(address, part: part, place: .header, columns: &columns))
        } else {
            let text = try TemplateParser.parse(header.value, part: part, place: .header, columns: &columns)
            content = Self.programs.contains(kind) ? .words(text) : .text(text)
            try judge(header, kind, part)
        }
    }

    static func subject(_ text: String, columns: inout ColumnNames) throws(MailTemplateError) -> HeaderTemplate {
        // No URI place: what stands in pointed brackets there is still for people.
        let template = try TemplateParser.parse(text, part: "subject", place: .text, columns: &columns)
        return HeaderTemplate(name: "Subject", .text(template))
    }

    private func judge(_ header: MessageHeader, _ kind: String, _ part: String) throws(MailTemplateError) {
        guard case .words(let text) = content else { return }
        guard text.texts.allSatisfy({ $0.allSatisfy { $0 < 0x80 } }) else {
            throw MailTemplateError(part, "holds a character beyond ASCII; write a URI's as %XX, a host's as xn--…")
        }
        if kind == "list-unsubscribe-post", header.value != MailTemplate.oneClick {
            throw MailTemplateError(part, "must be \(MailTemplate.oneClick) (RFC 8058)")
        }
        guard kind.hasPrefix("list-"), kind != "list-unsubscribe-post", kind != "list-post" || header.value != "NO"
        else { return }
        guard header.value.contains("<"), header.value.contains(">") else {
            throw MailTemplateError(part, "must hold its URI in brackets, as <https://example.org/unsubscribe>")
        }
    }

    /// Whether it is the same for all recipients.
    var isConstant: Bool {
        switch content {
        case .text(let text), .words(let text): text.isConstant
        case .mailbox(let name, let address): name.isConstant && address.isConstant
        }
    }

    /// What it comes to for one recipient.
    struct Filled {
        /// Nil where nothing stands in it: there is no such field then.
        let field: HeaderField?
        /// Whether it holds an address beyond ASCII.
        let needsUTF8: Bool
        /// Whether one may unsubscribe by an https URI in it.
        let hasLink: Bool
    }

    /// - Throws: ``MailMessageError`` naming the header.
    func filled(with values: [[UInt8]]) throws(MailMessageError) -> Filled {
        var field = HeaderField(name)
        switch content {
        case .text(let text):
            let value = try value(of: text, values)
            field.append(text: value)
            return Filled(field: value.onOneLine.isEmpty ? nil : field, needsUTF8: false, hasLink: false)
        case .words(let text):
            let value = try value(of: text, values).onOneLine
            for word in value.split(separator: 0x20) {
                guard word.count <= HeaderField.maximumWordLength, word.allSatisfy({ $0 < 0x80 }) else {
                    throw .header(name, reason: "its value is too long a word, or not ASCII")
                }
                field.append(word: word)
            }
            let hasLink = offersLink && Self.hasLink(value)
            return Filled(field: value.isEmpty ? nil : field, needsUTF8: false, hasLink: hasLink)
        case .mailbox(let name, let address):
            let value = String(decoding: try self.value(of: address, values), as: UTF8.self)
            guard let address = try? MailAddress(value) else {
                throw .header(self.name, reason: "it must be one address, as Office <office@example.org>")
            }
            let name = try self.value(of: name, values)
            field.append(phrase: name)
            field.append(address: address, hasName: !name.onOneLine.isEmpty)
            return Filled(field: field, needsUTF8: address.needsUTF8, hasLink: false)
        }
    }

    private func value(of text: TemplateText, _ values: [[UInt8]]) throws(MailMessageError) -> [UInt8] {
        var value: [UInt8] = []
        try text.fill(&value, with: values)
        guard value.count <= Self.maximumBytes else {
            throw .header(name, reason: "it has more than \(Self.maximumBytes) bytes")
        }
        return value
    }

    private static func hasLink(_ value: ArraySlice<UInt8>) -> Bool {
        var rest = value
        while let open = rest.firstIndex(of: UInt8(ascii: "<")) {
            // The letters in lower case; nothing else becomes a colon so.
            if rest[open...].prefix(link.count).lazy.map({ $0 | 0x20 }).elementsEqual(link) { return true }
            rest = rest[(open + 1)...]
        }
        return false
    }

    private static let link = Array("<https:".utf8)
}

extension HeaderField {
    /// `ann@example.org`, or after a name `<ann@example.org>`.
    mutating func append(address: MailAddress, hasName: Bool) {
        append(word: Array((hasName ? "<\(address.text)>" : address.text).utf8))
    }

    /// A mailbox with its name in words, in quotes, or encoded.
    mutating func append(_ mailbox: Mailbox) {
        let name = Array((mailbox.name ?? "").utf8)
        append(phrase: name)
        append(address: mailbox.address, hasName: !name.onOneLine.isEmpty)
    }
}
