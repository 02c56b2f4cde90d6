/// A part of a list, and where the next part begins.
public struct Page<Item: Sendable, Cursor: Sendable>: Sendable {
    /// What there is, in the order of the list.
    public let items: [Item]
    /// Nil at the end of the list.
    public let next: Cursor?

    init(_ found: [Item], limit: Int, cursor: (Item) -> Cursor) {
        items = Array(found.prefix(limit))
        next = found.count > limit ? items.last.map(cursor) : nil
    }

    init(items: [Item], next: Cursor?) {
        self.items = items
        self.next = next
    }

    func map<Other: Sendable>(_ transform: (Item) -> Other) -> Page<Other, Cursor> {
        Page<Other, Cursor>(items: items.map(transform), next: next)
    }
}

extension Page: Equatable where Item: Equatable, Cursor: Equatable {}

/// How much of a list is read at once.
public enum PageSize {
    /// Enough for any screen, and some megabytes at most.
    public static let maximum = 500

    /// A wanted size, brought into 1...``maximum``.
    static func bounded(_ wanted: Int) -> Int {
        min(max(wanted, 1), maximum)
    }
}
