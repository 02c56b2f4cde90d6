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

    /// Whether one more may come; counts him, unless he may come as often as he likes.
    mutating func takes(_ peer: VarlinkPeer, keepsPlace: Bool, at now: NIODeadline) -> Bool {
        if keepsPlace { return true }
        if now >= secondEnds {
            counts.removeAll(keepingCapacity: true)
            secondEnds = now + .seconds(1)
        }
        counts[peer.uid, default: 0] += 1
        return counts[peer.uid, default: 0] <= limit
    }
}
