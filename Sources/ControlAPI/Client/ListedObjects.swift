internal import VarlinkKit

/// The objects of all pages of a list, one by one. A page is asked for when its first object is, and none beyond the
/// limit; between two objects the connection is free for other calls.
public struct ListedObjects<View: Sendable>: AsyncSequence, Sendable {
    private let client: ControlClient
    private let method: ControlMethod
    private let name: String
    private let limit: Int?
    private let parameters: JSONObject
    private let make: @Sendable (JSONObject) throws(ViewError) -> View

    init(
        _ client: ControlClient, _ method: ControlMethod, _ name: String, limit: Int?, _ parameters: JSONObject,
        _ make: @escaping @Sendable (JSONObject) throws(ViewError) -> View
    ) {
        self.client = client
        self.method = method
        self.name = name
        self.limit = limit
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
            var parameters = list.parameters
            parameters["cursor"] = JSONValue(cursor)
            let most = PageRequest.allowedLimits.upperBound
            parameters["limit"] = JSONValue(wanted.map { Swift.min($0, most) } ?? most)
            let fields = JSONFields(try await list.client.call(list.method, parameters))
            page = try fields.views(list.name) { (json) throws(ViewError) in json }[...]
            let next = try fields.text("next_cursor")
            // A cursor that leads to itself would never end.
            isLastPage = next == nil || next == cursor
            cursor = next
        }
    }
}
