/// One recipient's message, ready for a transport. RFC 5322
///
/// Lines end with CR LF, the last one too, and have 998 octets at most; no line of it begins with a dot or with
/// `From `. All of it is ASCII unless ``needsUTF8``.
public struct MailMessage: Sendable {
    /// The header, and the bodies.
    public let start: [UInt8]
    /// What is the same for all recipients, after ``start``: the attachments, one array for all messages.
    public let rest: [UInt8]
    /// Whether an address in it has characters beyond ASCII, and the relay must offer SMTPUTF8. RFC 6531
    public let needsUTF8: Bool

    /// 25 MiB: what the large mailbox hosts take.
    public static let maximumBytes = 25 * 1_024 * 1_024

    /// All of it.
    public var bytes: [UInt8] { start + rest }
}
