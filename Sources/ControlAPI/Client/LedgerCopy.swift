internal import VarlinkKit

/// The bytes of a copy of the ledger, as they come.
public struct LedgerCopy: AsyncSequence, Sendable {
    let replies: AsyncThrowingStream<JSONObject, any Error>

    public func makeAsyncIterator() -> Iterator {
        Iterator(replies: replies.makeAsyncIterator())
    }

    public struct Iterator: AsyncIteratorProtocol {
        var replies: AsyncThrowingStream<JSONObject, any Error>.Iterator
        private var taken = 0
        private var isWhole = false

        init(replies: AsyncThrowingStream<JSONObject, any Error>.Iterator) {
            self.replies = replies
        }

        /// - Throws: ``ViewError`` where the copy has another size than the daemon says.
        public mutating func next() async throws -> [UInt8]? {
            guard let reply = try await replies.next() else {
                guard isWhole else { throw ViewError("size", expected: "the size of the copy, after its last part") }
                return nil
            }
            let fields = JSONFields(reply)
            let text = try fields.required("part", fields.text)
            guard let part = Base64.decode(text) else { throw ViewError("part", expected: "base64") }
            taken += part.count
            if let size = try fields.number("size") {
                guard size == taken else { throw ViewError("size", expected: "\(taken), which have come") }
                isWhole = true
            }
            return part
        }
    }
}
