/// Which part of a list is asked for.
public struct PageRequest: Hashable, Sendable {
    /// How many objects the page may hold, one of ``allowedLimits``.
    public var limit: Int
    /// What an earlier page of the same query gave as its ``Page/nextCursor``; nil: from the beginning. A text that no
    /// page gave is an ``ControlError/invalidField(_:)`` of `cursor`.
    public var cursor: String?

    /// 500 campaigns with their alerts stay well below a reply's 16 MiB.
    public static let allowedLimits = 1...500
    public static let defaultLimit = 100
    /// Room for a sort key and a name.
    public static let cursorLimitBytes = 512

    public init(limit: Int = defaultLimit, cursor: String? = nil) {
        self.limit = limit
        self.cursor = cursor
    }
}

/// One part of a list.
public struct Page<Element: Hashable & Sendable>: Hashable, Sendable {
    public var elements: [Element]
    /// Where the next part begins; nil at the end.
    public var nextCursor: String?

    public init(_ elements: [Element], nextCursor: String? = nil) {
        self.elements = elements
        self.nextCursor = nextCursor
    }
}
