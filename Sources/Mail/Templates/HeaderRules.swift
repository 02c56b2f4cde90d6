import CampaignModel

/// Which headers a message may set.
enum HeaderRules {
    /// What the message has anyway, or what whoever carries it puts there, each with what to do instead.
    private static let refused: [String: String] = [
        "to": oneRecipient, "cc": oneRecipient, "bcc": oneRecipient, "resent-to": oneRecipient,
        "subject": "the message's subject says it",
        "sender": "the surface's sender is the only one",
        "date": ours, "message-id": ours, "mime-version": ours,
        "received": transport, "return-path": transport, "delivered-to": transport, "dkim-signature": transport,
        "domainkey-signature": transport, "authentication-results": transport, "received-spf": transport,
    ]
    private static let refusedStarts = ["content-": ours, "resent-": transport, "arc-": transport]

    private static let ours = "the mail surface sets it"
    private static let oneRecipient = "each message goes to one recipient of the audience"
    private static let transport = "it is for those who carry the message"

    /// - Throws: ``MailTemplateError`` for a name that is none, that is refused, or that comes twice.
    static func judge(_ headers: [MessageHeader]) throws(MailTemplateError) {
        var seen: Set<String> = []
        for header in headers {
            let part = part(of: header)
            let name = header.name.lowercased()
            // Narrower than RFC 5322, section 3.6.8: relays and readers trip over a name that begins with a sign.
            guard let first = name.utf8.first, first.isLetter, name.utf8.count <= nameLimitBytes,
                name.utf8.allSatisfy({ $0.isLetter || $0.isDigit || "-_".utf8.contains($0) })
            else {
                throw MailTemplateError(
                    part, "is not a header's name; use letters, digits and -, at most \(nameLimitBytes)")
            }
            if let reason = refused[name] ?? refusedStarts.first(where: { name.hasPrefix($0.key) })?.value {
                throw MailTemplateError(part, "can't be set by a message: \(reason)")
            }
            guard seen.insert(name).inserted else { throw MailTemplateError(part, "comes twice") }
        }
    }

    static func part(of header: MessageHeader) -> String { "headers.\(FieldError.shown(header.name))" }

    /// As `message put` has it: IANA's registry has no name half as long.
    private static let nameLimitBytes = 128
}
