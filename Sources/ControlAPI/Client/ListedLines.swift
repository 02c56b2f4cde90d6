internal import VarlinkKit

/// The objects of a list as the daemon sent them, a line of JSON each: a page of lines at a time. What is only passed
/// on is not looked at: an object comes through whatever this program would make of it.
///
/// All of them come as the answer to one call, as a stream of ``ListedObjects`` does.
public struct ListedLines: AsyncSequence, Sendable {
    let replies: AsyncThrowingStream<(parameters: JSONObject, lines: [UInt8]), any Error>
    let name: String

    public func makeAsyncIterator() -> Iterator {
        Iterator(name: name, replies: replies.makeAsyncIterator())
    }

    public struct Iterator: AsyncIteratorProtocol {
        let name: String
        var replies: AsyncThrowingStream<(parameters: JSONObject, lines: [UInt8]), any Error>.Iterator

        /// Whole lines, each with its end; empty for an empty page.
        public mutating func next() async throws -> [UInt8]? {
            guard let (parameters, lines) = try await replies.next() else { return nil }
            // What is left of the list is no object, and told so.
            _ = try JSONFields(parameters).views(name) { (json) throws(ViewError) in json }
            return lines
        }
    }
}
