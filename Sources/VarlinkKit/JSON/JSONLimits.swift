/// How much structure one JSON text may hold; its bytes are limited by whoever reads them.
public struct JSONLimits: Sendable, Equatable {
    /// Arrays and objects inside one another. Default 64: far more than a campaign has, far less than a stack holds.
    public var depth: Int
    /// Values in all. Default 100,000: 1 MiB of `[[],[],…` would otherwise become 50 times its size in memory.
    public var values: Int

    public init(depth: Int = 64, values: Int = 100_000) {
        precondition((1...512).contains(depth), "depth is 1 to 512: the reader recurses")
        precondition(values > 0, "values is at least 1")
        self.depth = depth
        self.values = values
    }
}
