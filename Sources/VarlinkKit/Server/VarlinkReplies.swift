/// Where a service sends the replies before the last one, for a call with `more`.
public struct VarlinkReplies: Sendable {
    private let acceptsMore: Bool
    private let sink: @Sendable (JSONObject) async throws(VarlinkErrorReply) -> Void

    /// A place for replies of one's own making, to call a service without a server.
    ///
    /// - Parameters:
    ///   - acceptsMore: whether the call was made with `more`.
    ///   - sink: takes each reply; it throws `VarlinkErrorReply.disconnected` when nobody listens any more.
    public init(
        acceptsMore: Bool, sink: @escaping @Sendable (JSONObject) async throws(VarlinkErrorReply) -> Void
    ) {
        self.acceptsMore = acceptsMore
        self.sink = sink
    }

    /// Sends one reply and promises that others follow. Returns when the client has room for the next one, so that
    /// a client that reads slowly slows its service down and nobody else.
    ///
    /// - Throws: `VarlinkErrorReply.expectedMore` for a call without `more`, `.disconnected` when the client has left,
    ///   `.invalidParameter` for a reply that does not fit the interface. Let each of them end the handler.
    public func send(_ parameters: JSONObject) async throws(VarlinkErrorReply) {
        if !acceptsMore { throw .expectedMore }
        try await sink(parameters)
    }
}
