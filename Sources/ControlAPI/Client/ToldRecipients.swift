internal import VarlinkKit

/// What became of the recipients of a send, a part at a time as it comes. Until the last one the connection takes no
/// other call.
public struct ToldRecipients: AsyncSequence, Sendable {
    let replies: AsyncThrowingStream<JSONObject, any Error>

    /// Some hundreds of results.
    public struct Part: Sendable {
        public let results: [Received<RecipientResultView>]
        /// In the last part whether anything is kept of the send's recipients; nil before it.
        public let isKept: Bool?
    }

    public func makeAsyncIterator() -> Iterator {
        Iterator(replies: replies.makeAsyncIterator())
    }

    public struct Iterator: AsyncIteratorProtocol {
        var replies: AsyncThrowingStream<JSONObject, any Error>.Iterator

        public mutating func next() async throws -> Part? {
            guard let reply = try await replies.next() else { return nil }
            let fields = JSONFields(reply)
            return Part(
                results: try fields.views("recipients") { (json) throws(ViewError) in
                    try Received(json, RecipientResultView.init(json:))
                }, isKept: try fields.flag("kept"))
        }
    }
}
