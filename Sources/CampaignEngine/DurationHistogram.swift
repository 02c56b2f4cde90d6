/// How many measured durations fell into each of a few fixed ranges, with their number and sum: it takes the same room
/// whatever is measured, and from any two of them a monitor knows what came between.
public struct DurationHistogram: Hashable, Sendable {
    /// The ranges' upper bounds, each in its range, ascending. What is above the last one is in a range of its own.
    public let bounds: [Duration]
    /// One more than bounds.
    private var counts: [Int]
    public private(set) var count = 0
    public private(set) var sum = Duration.zero

    /// - Parameter bounds: ascending.
    public init(bounds: [Duration]) {
        precondition(zip(bounds, bounds.dropFirst()).allSatisfy { $0 < $1 }, "\(bounds) do not ascend")
        self.bounds = bounds
        counts = Array(repeating: 0, count: bounds.count + 1)
    }

    /// - Parameter duration: what is below zero, by a clock that was set back, is zero.
    public mutating func observe(_ duration: Duration) {
        let duration = max(duration, .zero)
        counts[bounds.firstIndex { duration <= $0 } ?? bounds.count] += 1
        count += 1
        sum += duration
    }

    /// How many were no longer than each bound.
    public var cumulative: [(bound: Duration, count: Int)] {
        var total = 0
        return zip(bounds, counts).map { bound, count in
            total += count
            return (bound, total)
        }
    }
}
