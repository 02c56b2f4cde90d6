/// What a surface says of all its messages.
public struct MailSettings: Hashable, Sendable {
    /// The sender that people see, and whose domain Message-IDs end with.
    public var from: Mailbox
    /// Where answers go, unless a message has its own Reply-To; nil for the sender.
    public var replyTo: Mailbox?
    /// The list's name for mail programs, unless a message has its own List-Id: `news.example.org`, or with a text for
    /// people, `The Shop's news <news.example.org>`. RFC 2919
    public var listID: String?
    /// The recipients' name before their address, a template: `{{name}}`; nil for none.
    public var recipientName: String?

    public init(from: Mailbox, replyTo: Mailbox? = nil, listID: String? = nil, recipientName: String? = nil) {
        self.from = from
        self.replyTo = replyTo
        self.listID = listID
        self.recipientName = recipientName
    }

    /// Whether ``listID`` may be so.
    public static func isListID(_ text: String) -> Bool { (try? ListID(text, part: "list_id")) != nil }
}
