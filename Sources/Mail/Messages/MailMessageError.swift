/// Why one recipient's message can't be made. It holds nothing of the recipient's columns, and is this recipient's
/// result alone: others may well get theirs.
public enum MailMessageError: Error, Hashable, Sendable, CustomStringConvertible {
    /// It has more than ``MailMessage/maximumBytes``.
    case tooLarge
    /// A header's value, with the columns in it, is none; why.
    case header(String, reason: String)

    public var description: String {
        switch self {
        case .tooLarge: "the message has more than \(MailMessage.maximumBytes) bytes"
        case .header(let name, let reason): "header \(name): \(reason)"
        }
    }
}
