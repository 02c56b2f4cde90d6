internal import VarlinkKit

/// The objects of all pages of a list, one by one.
///
/// A page is asked for when its first object is, and none beyond the limit; between two objects the connection is free
/// for other calls, and they may be as far apart as a connection may be idle.
///
/// A stream has all pages as the answer to one call, so that the daemon makes the next page while this one is looked
/// at. It makes no more than that, and gives a client up that leaves it waiting for half a minute; until the last page
/// the connection takes no other call.
public struct ListedObjects<View: Sendable>: AsyncSequence, Sendable {
    private let client: ControlClient
    private let method: ControlMethod
    private let name: String
    private let limit: Int?
    private let isStreamed: Bool
    private let parameters: JSONObject
    private let make: @Sendable (JSONObject) throws(ViewError) -> View

    init(
        _ client: ControlClient, _ method: ControlMethod, _ name: String, limit: Int?, isStreamed: Bool = false,
        _ parameters: JSONObject, _ make: @escaping @Sendable (JSONObject) throws(ViewError) -> View
    ) {
        self.client = client
        self.method = method
        self.name = name
        self.limit = limit
        self.isStreamed = isStreamed && limit == nil
        self.parameters = parameters
        self.make = make
    }

    public func makeAsyncIterator() -> Iterator {
        Iterator(list: self, wanted: limit)
    }

    public struct Iterator: AsyncIteratorProtocol {
        fileprivate let list: ListedObjects
        /// How many more objects are wanted; nil for all.
        fileprivate var wanted: Int?
        private var page: ArraySlice<JSONObject> = []
        private var cursor: String?
        private var isLastPage = false
        /// The pages of a stream, once the first one is asked for.
        private var replies: AsyncThrowingStream<JSONObject, any Error>.Iterator?

        fileprivate init(list: ListedObjects, wanted: Int?) {
            self.list = list
            self.wanted = wanted
        }

        public mutating func next() async throws -> Received<View>? {
            if wanted == 0 { return nil }
            // A page may be empty and still not be the last one.
            while page.isEmpty {
                if isLastPage { return nil }
                try await takePage()
            }
            wanted = wanted.map { $0 - 1 }
            guard let json = page.popFirst() else { return nil }
            return try Received(json, list.make)
        }

        private mutating func takePage() async throws {
            guard let reply = try await nextReply() else {
                isLastPage = true
                return
            }
            let fields = JSONFields(reply)
            page = try fields.views(list.name) { (json) throws(ViewError) in json }[...]
            let next = try fields.text("next_cursor")
            // A cursor that leads to itself would never end.
            isLastPage = next == nil || next == cursor
            cursor = next
        }

        private mutating func nextReply() async throws -> JSONObject? {
            var parameters = list.parameters
            let most = PageRequest.allowedLimits.upperBound
            parameters["limit"] = JSONValue(wanted.map { Swift.min($0, most) } ?? most)
            guard list.isStreamed else {
                parameters["cursor"] = JSONValue(cursor)
                return try await list.client.call(list.method, parameters)
            }
            if replies == nil { replies = list.client.callMore(list.method, parameters).makeAsyncIterator() }
            return try await replies?.next()
        }
    }
}
