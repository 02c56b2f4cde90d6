internal import VarlinkKit

/// Lines of the history as they come. Until the last one the connection takes no other call.
public struct FollowedEvents: AsyncSequence, Sendable {
    let replies: AsyncThrowingStream<JSONObject, any Error>

    public func makeAsyncIterator() -> Iterator {
        Iterator(replies: replies.makeAsyncIterator())
    }

    public struct Iterator: AsyncIteratorProtocol {
        var replies: AsyncThrowingStream<JSONObject, any Error>.Iterator
        private var page: ArraySlice<JSONObject> = []

        init(replies: AsyncThrowingStream<JSONObject, any Error>.Iterator) {
            self.replies = replies
        }

        public mutating func next() async throws -> Received<EventView>? {
            while page.isEmpty {
                guard let reply = try await replies.next() else { return nil }
                page = try JSONFields(reply).views("events") { (json) throws(ViewError) in json }[...]
            }
            return try page.popFirst().map { (json) throws(ViewError) in try Received(json, EventView.init(json:)) }
        }
    }
}
