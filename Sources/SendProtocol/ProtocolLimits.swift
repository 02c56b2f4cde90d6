import CampaignModel

/// The bounds of what goes over one connection to campaign-send; both ends hold to them.
public enum ProtocolLimits {
    /// The JSON of one message. The longest is an answer about one key with ``maximumAttempts`` attempts, whose
    /// reasons and notes are 2 KiB each and may double when JSON escapes them.
    public static let headBytes = 1_024 * 1_024

    /// The raw bytes behind a `send` request: a message with all its parts, and once more the texts read out of it.
    public static let bodyBytes = 2 * MessageContent.maximumBytes + 4 * 1_024 * 1_024

    /// Keys in one `query`: 1,000 keys of 200 bytes stay far below ``headBytes``.
    public static let queriedKeys = 1_000

    /// Owners of keys in one `forget`.
    public static let forgottenOwners = 1_000

    /// Attempts of one occurrence; a number above this is a fault of the one who asks.
    public static let maximumAttempts = Send.attemptLimit

    /// A reason, a note or a line of output, in bytes.
    public static let textBytes = 2_048

    /// Columns of one recipient in a `sample`: what a person looks at. Lists have a dozen.
    public static let sampledColumns = 64

    /// The name or the value of a column in a `sample`, in bytes: long enough to see what it is.
    public static let sampledTextBytes = 256

    /// Results in one `recipients`. One has 576 bytes of text at most, which JSON may write as six bytes each, and
    /// less than 128 around them: 250 of them stay below ``headBytes``, whatever they hold.
    public static let resultsPerAnswer = 250

    /// The bytes of one `piece`: well below what the daemon's own replies may have when they are base64.
    public static let pieceBytes = 512 * 1_024

    /// A message that was made for one recipient: as long as mail may be, 25 MiB, and then some.
    public static let composedBytes = 32 * 1_024 * 1_024

    /// What `trigger` gives along, in bytes of JSON.
    public static let dataBytes = 64 * 1_024
}
