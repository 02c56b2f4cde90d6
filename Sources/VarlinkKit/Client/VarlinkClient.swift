import NIOCore
import NIOPosix

/// One connection to a Varlink server, for programs that make a few calls and end.
///
///     let client = try await VarlinkClient.connect(to: "/run/example/socket")
///     let reply = try await client.call("org.example.greeter.Greet", ["name": "Ada"])
///     for try await reply in client.callMore("org.example.greeter.Count", ["to": 3]) { … }
///     await client.close()
///
/// Calls of several tasks are made one after the other. A call whose task is cancelled, and one that times out, end
/// the connection: its answer could not be told from the next one's.
public final class VarlinkClient: Sendable {
    /// How long a connection and an answer may take, unless told otherwise.
    public static let defaultTimeout: Duration = .seconds(30)
    /// The longest reply that is taken, in bytes: what a server sends at most by default.
    public static let defaultReplyBytes = VarlinkLimits().replyBytes

    /// One thread that waits in poll(2): an event loop would be more than a few calls need, and to wait on one of
    /// Swift's own threads would hold up others.
    private let thread: NIOThreadPool
    private let socket: VarlinkClientSocket
    private let timeout: Duration?

    private init(thread: NIOThreadPool, socket: VarlinkClientSocket, timeout: Duration?) {
        self.thread = thread
        self.socket = socket
        self.timeout = timeout
    }

    deinit {
        socket.close()
        thread.shutdownGracefully { _ in }
    }

    /// Connects to the socket at a path.
    ///
    /// - Parameters:
    ///   - timeout: for the connection and for the answer of each `call`; nil waits without end.
    ///   - replyBytes: the longest reply that is taken.
    /// - Throws: `VarlinkClientError`, which tells absent, refused and not permitted apart.
    public static func connect(
        to path: String, timeout: Duration? = defaultTimeout, replyBytes: Int = defaultReplyBytes
    ) async throws(VarlinkClientError) -> VarlinkClient {
        let thread = NIOThreadPool(numberOfThreads: 1)
        thread.start()
        let result = await run(on: thread) { () throws(VarlinkClientError) in
            try VarlinkClientSocket.connect(to: path, timeout: timeout, replyBytes: replyBytes)
        }
        switch result {
        case .success(let socket): return VarlinkClient(thread: thread, socket: socket, timeout: timeout)
        case .failure(let error):
            thread.shutdownGracefully { _ in }
            throw error
        }
    }

    /// Makes one call and waits for its answer.
    ///
    /// - Returns: the reply's parameters.
    /// - Throws: `VarlinkErrorReply` for an answer that is an error, `VarlinkClientError` where there is none,
    ///   `CancellationError` when the task is cancelled.
    public func call(_ method: String, _ parameters: JSONObject = [:]) async throws -> JSONObject {
        let call = VarlinkCall(method: method, parameters: parameters)
        let reply = try await perform { [timeout] socket throws(VarlinkClientError) in
            try socket.exchange(call, timeout: timeout)
        }
        if let error = reply.error { throw VarlinkErrorReply(error, reply.parameters) }
        return reply.parameters
    }

    /// Sends a call that gets no answer.
    ///
    /// - Throws: `VarlinkClientError` where it could not be sent, `CancellationError`.
    public func callOneway(_ method: String, _ parameters: JSONObject = [:]) async throws {
        let call = VarlinkCall(method: method, parameters: parameters, oneway: true)
        try await perform { [timeout] socket throws(VarlinkClientError) in
            try socket.send(call, timeout: timeout)
        }
    }

    /// Makes one call that takes several replies. The call is made when the first one is asked for, and the next one
    /// is taken from the socket only when it is asked for; only one task may ask. Until the last reply has come,
    /// other calls on this connection throw `VarlinkClientError.busy`; to end it earlier, close the connection.
    ///
    /// - Parameter timeout: how long each reply may take; nil waits without end.
    /// - Returns: the parameters of each reply; it throws what `call` throws.
    public func callMore(
        _ method: String, _ parameters: JSONObject = [:], timeout: Duration? = nil
    ) -> AsyncThrowingStream<JSONObject, any Error> {
        replies(method, parameters, timeout) { socket throws(VarlinkClientError) in
            let reply = try socket.receive(timeout: timeout)
            return (reply, reply.parameters)
        }
    }

    /// The same where the objects of one list are not looked at but passed on: they are given as lines of JSON, each as
    /// `JSONValue.serialized` has it and ended by a line end, and are left out of the parameters. An element that is no
    /// object stays there.
    ///
    /// - Parameter list: the parameter that is a list.
    public func callMore(
        _ method: String, _ parameters: JSONObject = [:], linesOf list: String, timeout: Duration? = nil
    ) -> AsyncThrowingStream<(parameters: JSONObject, lines: [UInt8]), any Error> {
        replies(method, parameters, timeout) { socket throws(VarlinkClientError) in
            let (reply, lines) = try socket.receive(timeout: timeout, linesOf: list)
            return (reply, (parameters: reply.parameters, lines: lines))
        }
    }

    private func replies<Answer: Sendable>(
        _ method: String, _ parameters: JSONObject, _ timeout: Duration?,
        _ receive: @escaping @Sendable (VarlinkClientSocket) throws(VarlinkClientError) -> (VarlinkReply, Answer)
    ) -> AsyncThrowingStream<Answer, any Error> {
        let call = VarlinkCall(method: method, parameters: parameters, more: true)
        let stream = VarlinkReplyStream()
        return AsyncThrowingStream {
            guard let step = await stream.next() else { return nil }
            let (reply, answer) = try await self.perform { socket throws(VarlinkClientError) in
                if step == .first { try socket.begin(call, timeout: timeout) }
                return try receive(socket)
            }
            if !reply.continues { await stream.end() }
            if let error = reply.error { throw VarlinkErrorReply(error, reply.parameters) }
            return answer
        }
    }

    /// Ends the connection, also under a call that waits, which then throws `VarlinkClientError.closed`.
    public func close() async {
        socket.close()
        try? await thread.shutdownGracefully()
    }

    private func perform<Value: Sendable>(
        _ body: @escaping @Sendable (VarlinkClientSocket) throws(VarlinkClientError) -> Value
    ) async throws -> Value {
        try Task.checkCancellation()
        return try await withTaskCancellationHandler {
            let result = await Self.run(on: thread) { [socket] () throws(VarlinkClientError) in try body(socket) }
            try Task.checkCancellation()
            return try result.get()
        } onCancel: {
            socket.close()
        }
    }

    private static func run<Value: Sendable>(
        on thread: NIOThreadPool, _ body: @escaping @Sendable () throws(VarlinkClientError) -> Value
    ) async -> Result<Value, VarlinkClientError> {
        await withCheckedContinuation { continuation in
            thread.submit { state in
                guard state == .active else { return continuation.resume(returning: .failure(.closed)) }
                do {
                    continuation.resume(returning: .success(try body()))
                } catch {
                    continuation.resume(returning: .failure(error as? VarlinkClientError ?? .closed))
                }
            }
        }
    }
}

/// Where a stream of replies stands.
private actor VarlinkReplyStream {
    enum Step {
        case first
        case following
    }

    private var step: Step? = .first

    func next() -> Step? {
        defer { if step != nil { step = .following } }
        return step
    }

    func end() {
        step = nil
    }
}
