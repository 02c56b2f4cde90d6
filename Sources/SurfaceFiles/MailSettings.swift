internal import CampaignModel
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
public struct MailSettings: Sendable {
    /// What takes the messages.
    public enum Relay: Sendable {
        case smtp(MailRelay)
        /// A program that takes them as sendmail does.
        case sendmail(path: String)
    }

    /// The header From.
    public let from: Mailbox
    /// Where what can't be delivered comes back to: RFC 5321's reverse path.
    public let envelopeFrom: String
    /// The header Reply-To.
    public let replyTo: Mailbox?
    /// The header List-Id, as it stands there. RFC 2919
    public let listID: String?
    public let relay: Relay
    /// Nil for as fast as the relay takes them.
    public let rate: MailRate?

    private static let keys = ["from", "envelope_from", "reply_to", "list_id", "rate", "sendmail"]
    /// RFC 2919, 3: and the rest of the line for its phrase.
    private static let maximumListIDBytes = 900

    /// - Parameter credentials: the names that the file lists.
    init(_ node: YAMLNode, credentials: [String]) throws(YAMLError) {
        let mapping = try node.mapping(allowing: Self.keys + MailRelay.keys)
        guard let from = mapping["from"] else {
            throw node.error("from is missing; write from: Example Shop <news@example.org>")
        }
        self.from = try Self.mailbox(from)
        envelopeFrom = try mapping["envelope_from"].map { node throws(YAMLError) in try Self.address(node) }
            ?? self.from.address
        replyTo = try mapping["reply_to"].map { node throws(YAMLError) in try Self.mailbox(node) }
        listID = try mapping["list_id"].map { node throws(YAMLError) in try Self.listID(node) }
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
        do throws(Mailbox.Fault) {
            return try Mailbox(text)
        } catch {
            throw node.error("\"\(FieldError.shown(text))\" \(error.reason)")
        }
    }

    private static func address(_ node: YAMLNode) throws(YAMLError) -> String {
        let mailbox = try mailbox(node)
        guard mailbox.name == nil else { throw node.error("must be an address alone, without a name") }
        return mailbox.address
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

    /// `Name <list.example.org>`, or the identifier alone.
    private static func listID(_ node: YAMLNode) throws(YAMLError) -> String {
        let text = try node.text()
        let isNamed = text.last == ">"
        let identifier = isNamed ? text.lastIndex(of: "<").map { text[$0...].dropFirst().dropLast() } : text[...]
        guard let identifier, text.utf8.count <= maximumListIDBytes,
            identifier.utf8.allSatisfy(Mailbox.isAtomByte), !identifier.contains(".."),
            identifier.contains("."), identifier.first != ".", identifier.last != ".",
            !text.unicodeScalars.contains(where: \.isUnsafeToDisplay)
        else {
            throw node.error(
                "\"\(FieldError.shown(text))\" is no list's identifier; write news.example.org or "
                    + "Example News <news.example.org>")
        }
        return isNamed ? text : "<\(text)>"
    }
}
