public import Recurrence

/// What became of one recipient of a send whose surface keeps that.
public enum RecipientState: String, CaseIterable, Sendable {
    /// The relay has taken the message, and answers for it.
    case accepted
    /// Refused for good.
    case refused
    /// Refused for now; tried again while its send lasts.
    case temporary
    /// It was on its way when its sender ended, or no answer came: it may have been delivered, and is never sent again
    /// by itself.
    case unknown
    /// Left out: the list holds no address there.
    case invalid
    /// Left out: the list has the address once more.
    case repeated
    /// Left out: the address wants no mail.
    case suppressed

    /// Whether nothing was tried, since the list or the suppressions said so.
    public var isLeftOut: Bool {
        switch self {
        case .invalid, .repeated, .suppressed: true
        case .accepted, .refused, .temporary, .unknown: false
        }
    }

    /// Whether it is said of a line of the list, and not of an address: an address may have several of these, and of
    /// the others the last one counts.
    public var isOfLine: Bool { self == .invalid || self == .repeated }

    /// Whether no attempt of the send tries this recipient again. Who wants mail again by then gets it.
    public var isSettled: Bool { self != .temporary && self != .suppressed }
}

/// One recipient's line of a send's results.
public struct RecipientResult: Hashable, Sendable {
    /// As the list has it; at most ``addressBytes`` of it, without control characters.
    public let address: String
    public let state: RecipientState
    /// What the relay said, or why it was left out; at most ``reasonBytes``.
    public let reason: String?
    /// The attempt of the send.
    public let attempt: Int
    public let at: Instant

    /// RFC 5321, 4.5.3.1: a local part of 64, a domain of 255, and `@`.
    public static let addressBytes = 320
    /// A reply of several lines is no longer interesting after that.
    public static let reasonBytes = 256

    public init(address: String, state: RecipientState, reason: String?, attempt: Int, at: Instant) {
        self.address = address
        self.state = state
        self.reason = reason
        self.attempt = attempt
        self.at = at
    }
}
