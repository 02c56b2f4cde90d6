import NIOCore

/// How often each user has come in the present second.
struct VarlinkArrivals {
    private let limit: Int
    private var counts: [UInt32: Int] = [:]
    private var secondEnds = NIODeadline.uptimeNanoseconds(0)

    /// - Parameter limit: the connections that one user may make in a second.
    init(limit: Int) {
        self.limit = limit
    }

    /// Counts one more arrival.
    ///
    /// - Returns: whether it is within the limit.
    mutating func count(_ uid: UInt32, at now: NIODeadline) -> Bool {
        if now >= secondEnds {
            counts.removeAll(keepingCapacity: true)
            secondEnds = now + .seconds(1)
        }
        counts[uid, default: 0] += 1
        return counts[uid, default: 0] <= limit
    }
}
