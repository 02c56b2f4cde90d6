public import Recurrence

/// An address that wants no mail, why, and since when.
public struct Suppression: Hashable, Sendable {
    /// At most ``RecipientResult/addressBytes``.
    public var address: String
    /// In somebody's words, at most ``RecipientResult/reasonBytes``; nil where nobody gave one.
    public var reason: String?
    /// Nil: from when it is noted on. What is noted always has it.
    public var at: Instant?

    /// So many are added or removed at once.
    public static let orderLimit = 20_000
    /// So many are kept. A send holds some 25 bytes for each in memory, and the list has some 60 of each on disk.
    public static let keptLimit = 5_000_000

    public init(address: String, reason: String? = nil, at: Instant? = nil) {
        self.address = address
        self.reason = reason
        self.at = at
    }
}

/// What is to become of suppressions.
public struct SuppressionOrder: Hashable, Sendable {
    public enum Kind: Hashable, Sendable {
        case add, remove
    }

    public var kind: Kind
    /// 1 to ``Suppression/orderLimit``; of a removal their addresses alone count.
    public var entries: [Suppression]
    /// Whether what is no address is passed over; else it makes all of the order void.
    public var skipsInvalid: Bool
    public var isDryRun: Bool

    public init(_ kind: Kind, _ entries: [Suppression], skipsInvalid: Bool = false, isDryRun: Bool = false) {
        self.kind = kind
        self.entries = entries
        self.skipsInvalid = skipsInvalid
        self.isDryRun = isDryRun
    }
}

/// What came of a ``SuppressionOrder``.
public struct SuppressionOutcome: Hashable, Sendable {
    /// Addresses that were added or removed, or with a dry run would be.
    public var changed: Int
    /// Addresses that were as they are to be already.
    public var unchanged: Int
    /// The first ``toldLimit`` of those that are no addresses.
    public var invalid: [InvalidAddress]
    /// How many are no addresses.
    public var invalidCount: Int

    public struct InvalidAddress: Hashable, Sendable {
        /// In the order's entries, from 0.
        public var index: Int
        /// Why, and what is allowed. It does not repeat the address.
        public var reason: String

        public init(index: Int, reason: String) {
            self.index = index
            self.reason = reason
        }
    }

    public static let toldLimit = 100

    public init(changed: Int, unchanged: Int, invalid: [InvalidAddress] = [], invalidCount: Int = 0) {
        self.changed = changed
        self.unchanged = unchanged
        self.invalid = invalid
        self.invalidCount = invalidCount
    }
}
