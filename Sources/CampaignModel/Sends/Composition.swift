/// A message as one recipient of an audience would get it, or why it can't be made.
public enum Composition: Hashable, Sendable {
    case composed(ComposedMessage)
    case failed(String)
}

/// What is known of a message that was made for one recipient, beside its bytes.
public struct ComposedMessage: Hashable, Sendable {
    /// How many bytes it has.
    public let size: Int
    /// How often the list has the recipient; of several the first counts. 0: all columns but the address are empty.
    public let found: Int
    /// The columns of the list, in the order in which they come first, made safe to show; ``columnLimit`` at most.
    public let columns: [String]
    /// The names in the message's tags that no recipient has as a column, made safe to show; ``columnLimit`` at most.
    public let unknownTags: [String]
    /// Why the list was not read to its end, where the recipient was found before; nil where it was.
    public let listFault: String?

    /// Lists have a dozen.
    public static let columnLimit = 200

    public init(size: Int, found: Int, columns: [String], unknownTags: [String], listFault: String? = nil) {
        self.size = size
        self.found = found
        self.columns = columns
        self.unknownTags = unknownTags
        self.listFault = listFault
    }
}
