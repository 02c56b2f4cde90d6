import CampaignModel

/// A text that is no e-mail address: the text, and why with what is allowed.
///
/// `"ann@" is not an address: nothing stands after the @; write name@example.org`. Where the address is a
/// recipient's, `reason` alone goes into a log.
public struct MailAddressError: Error, Hashable, Sendable, CustomStringConvertible {
    public let value: String
    /// Why not, and what is allowed. It repeats nothing of the value but a single character.
    public let reason: String

    init(_ value: String, _ reason: String) {
        self.value = value
        self.reason = reason
    }

    public var description: String { "\"\(FieldError.shown(value))\" is not an address: \(reason)" }
}
