/// How many bytes each user has the server hold: of calls that are not complete, and of replies that are not taken.
/// Confined to one event loop.
final class VarlinkHoldings {
    private let limit: Int
    private var bytes: [UInt32: Int] = [:]

    /// - Parameter limit: the bytes of one user.
    init(limit: Int) {
        self.limit = limit
    }

    /// - Returns: whether the user is within the limit then.
    func change(by difference: Int, for uid: UInt32) -> Bool {
        let held = bytes[uid, default: 0] + difference
        bytes[uid] = held == 0 ? nil : held
        return held <= limit
    }
}
