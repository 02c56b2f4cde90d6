public import CampaignModel
public import Mail
internal import StrictYAML

/// The driver `mail` of a surface's file: from whom the messages come, and through which relay they go.
///
///     mail:
///       from: Example Shop <news@example.org>
///       host: smtp.example.org
///       user: news
///       password: smtp-password
///       rate: 10/s
///     credentials: [smtp-password]
public struct MailSurface: Sendable {
    /// What takes the messages.
    public enum Relay: Sendable {
        case smtp(MailRelay)
        /// A program that takes them as sendmail does.
        case sendmail(path: String)
    }

    /// What all messages say of their sender.
    public let settings: MailSettings
    /// Where what can't be delivered comes back to: RFC 5321's reverse path.
    public let envelopeFrom: MailAddress
    public let relay: Relay
    /// Nil for as fast as the relay takes them.
    public let rate: MailRate?

    private static let keys = ["from", "envelope_from", "reply_to", "to_name", "list_id", "rate", "sendmail"]
    /// A template of that length makes no name that people see.
    private static let maximumNameBytes = 200

    /// - Parameter credentials: the names that the file lists.
    init(_ node: YAMLNode, credentials: [String]) throws(YAMLError) {
        let mapping = try node.mapping(allowing: Self.keys + MailRelay.keys)
        guard let from = mapping["from"] else {
            throw node.error("from is missing; write from: Example Shop <news@example.org>")
        }
        settings = MailSettings(
            from: try Self.mailbox(from),
            replyTo: try mapping["reply_to"].map { node throws(YAMLError) in try Self.mailbox(node) },
            listID: try mapping["list_id"].map { node throws(YAMLError) in try Self.listID(node) },
            recipientName: try mapping["to_name"].map { node throws(YAMLError) in try Self.name(node) })
        envelopeFrom = try mapping["envelope_from"].map { node throws(YAMLError) in try Self.address(node) }
            ?? settings.from.address
        rate = try mapping["rate"].map { node throws(YAMLError) in try Self.rate(node) }
        relay = try Self.relay(mapping, credentials: credentials)
    }

    private static func relay(_ mapping: YAMLMapping, credentials: [String]) throws(YAMLError) -> Relay {
        guard let program = mapping["sendmail"] else {
            return .smtp(try MailRelay(mapping, credentials: credentials))
        }
        if let other = mapping.entries.first(where: { MailRelay.keys.contains($0.key) }) {
            throw YAMLError(
                file: mapping.node.file, place: other.place, field: other.node.field,
                reason: "is for a relay by SMTP; a file has either host or sendmail")
        }
        return .sendmail(path: try program.path())
    }

    private static func mailbox(_ node: YAMLNode) throws(YAMLError) -> Mailbox {
        let text = try node.text()
        guard !text.unicodeScalars.contains(where: \.isUnsafeToDisplay) else {
            throw node.error("\"\(FieldError.shown(text))\" holds a control character")
        }
        guard let mailbox = try? Mailbox(text), !mailbox.address.needsUTF8,
            !mailbox.address.text.contains(where: { $0 == "<" || $0 == ">" })
        else {
            throw node.error(
                "\"\(FieldError.shown(text))\" is no address; write news@example.org or "
                    + "Example Shop <news@example.org>")
        }
        return mailbox
    }

    private static func address(_ node: YAMLNode) throws(YAMLError) -> MailAddress {
        let mailbox = try mailbox(node)
        guard mailbox.name == nil else { throw node.error("must be an address alone, without a name") }
        return mailbox.address
    }

    /// A template, which the message's own fault would tell of: what is wrong with it is found before that.
    private static func name(_ node: YAMLNode) throws(YAMLError) -> String {
        let text = try node.text()
        guard (1...maximumNameBytes).contains(text.utf8.count),
            !text.unicodeScalars.contains(where: \.isUnsafeToDisplay)
        else {
            throw node.error(
                "\"\(FieldError.shown(text))\" is no name; write {{name}}, with a column of the list, in "
                    + "\(maximumNameBytes) bytes at most")
        }
        return text
    }

    private static func rate(_ node: YAMLNode) throws(YAMLError) -> MailRate {
        let text = try node.text()
        guard let rate = MailRate(text) else {
            throw node.error(
                "\"\(FieldError.shown(text))\" is no rate; write a whole number from 1 to \(MailRate.maximumCount), / "
                    + "and s, m, h or d, such as 10/s or 36000/h")
        }
        return rate
    }

    private static func listID(_ node: YAMLNode) throws(YAMLError) -> String {
        let text = try node.text()
        guard MailSettings.isListID(text), !text.unicodeScalars.contains(where: \.isUnsafeToDisplay) else {
            throw node.error(
                "\"\(FieldError.shown(text))\" is no list's identifier; write news.example.org or "
                    + "Example News <news.example.org>")
        }
        return text
    }
}
