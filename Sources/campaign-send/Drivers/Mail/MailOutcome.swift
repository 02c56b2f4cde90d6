import CampaignModel
import SendProtocol

/// How one message came to its end. Texts are one line that may be shown, some hundred bytes long.
enum MailOutcome: Hashable {
    /// The other side has taken it, and answers for it from now on.
    case accepted(String)
    /// This recipient, or this message, is refused for good.
    case refused(String)
    /// It was not taken, and may be later.
    case temporary(String)
    /// It may have been taken, or not: all of it was handed over, and no answer came.
    case unknown(String)
    /// It was not taken, and that is not the recipient's doing.
    case notSent(MailFault)
    /// It was not begun, since there was a ``MailTransport/stop()``.
    case withdrawn
}

/// What keeps a transport from its work.
struct MailFault: Hashable {
    let reason: String
    /// Whether it will be so until a person does something: a login that is refused, a certificate that is not trusted,
    /// a sender's address that is not taken.
    let isLasting: Bool
}

extension MailFault {
    /// What it is for a send as a whole. What a relay says may name a recipient, and the reason is told in the journal.
    var outcome: AttemptOutcome {
        let reason = reason.split(separator: " ", omittingEmptySubsequences: false)
            .map { $0.contains("@") ? "…" : $0 }.joined(separator: " ").cutForDisplay
        return isLasting ? .failed(reason: reason) : .temporary(reason: reason, retryAfterSeconds: nil)
    }
}

struct MailResult: Hashable {
    /// Of ``OutgoingMail``.
    let id: Int
    let outcome: MailOutcome
}
