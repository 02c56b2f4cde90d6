import CampaignModel

/// The name of one recipient's message: the same on every attempt, so that a mailbox can tell a message that comes
/// twice, and unlike all others. RFC 5322, section 3.6.4
///
/// 128 bits of SHA-256 over occurrence and address. The occurrence's key begins with a random id that is in no message,
/// so that nobody can try addresses until one fits.
enum MessageID {
    /// `<0F…@example.org>`.
    static func text(key: OccurrenceKey, to recipient: MailAddress, from sender: MailAddress) -> String {
        let digest = SHA256.digest(Array("\(key)\n\(recipient.canonical)".utf8))
        var digits: [UInt8] = []
        for byte in digest.prefix(16) {
            digits.append(byte.hexDigits.high)
            digits.append(byte.hexDigits.low)
        }
        return "<\(String(decoding: digits, as: UTF8.self))@\(domain(of: sender))>"
    }

    /// A Message-ID must be ASCII, whatever the sender's domain is; RFC 2606 keeps `invalid` free of hosts.
    private static func domain(of sender: MailAddress) -> String {
        let isName = sender.domain.utf8.allSatisfy { $0 < 0x80 } && !sender.domain.hasPrefix("[")
        return isName ? sender.domain : "campaignd.invalid"
    }
}
