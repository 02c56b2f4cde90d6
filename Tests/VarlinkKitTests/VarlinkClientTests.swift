import Glibc
import NIOCore
import NIOPosix
import Testing

@testable import VarlinkKit

@Suite("The client", .timeLimit(.minutes(10)))
struct VarlinkClientTests {
    @Test("absent, refused and not permitted are told apart")
    func connecting() async throws {
        try await TestServer.run { server in
            for path in ["\(server.folder.path)/none", "\(server.path)/below"] {
                await #expect(throws: VarlinkClientError.absent(path: path)) {
                    try await VarlinkClient.connect(to: path)
                }
            }
            #expect(chmod(server.path, 0) == 0)
            #expect(chmod(server.folder.path, 0o755) == 0)
            // Root may connect to anything, so a thread that gives up its rights on files tries it.
            let pool = NIOThreadPool(numberOfThreads: 1)
            pool.start()
            let error = try await pool.runIfActive { [path = server.path] in
                try FileRights.withoutRoot {
                    do throws(VarlinkClientError) {
                        _ = try VarlinkClientSocket.connect(to: path, timeout: nil, replyBytes: 1)
                        return VarlinkClientError?.none
                    } catch {
                        return error
                    }
                }
            }
            try await pool.shutdownGracefully()
            #expect(error == .noPermission(path: server.path))
        }
        let folder = try TemporaryFolder()
        let path = "\(folder.path)/s"
        close(open(path, O_CREAT | O_WRONLY, 0o600))
        await #expect(throws: VarlinkClientError.refused(path: path)) { try await VarlinkClient.connect(to: path) }
    }

    @Test("an answer that does not come in time ends the connection")
    func timeout() async throws {
        try await TestServer.run { server in
            try await server.withClient(timeout: .milliseconds(1)) { client in
                await #expect(throws: VarlinkClientError.timedOut(after: .milliseconds(1))) {
                    try await client.call("org.example.test.Wait", ["name": "a"])
                }
                await #expect(throws: VarlinkClientError.closed) {
                    try await client.call("org.varlink.service.GetInfo")
                }
            }
            server.service.gate.open()
        }
    }

    @Test("a server that ends in the middle of a call is a disconnection")
    func disconnection() async throws {
        try await TestServer.run { server in
            try await server.withClient { client in
                let answer = Task { try await client.call("org.example.test.Wait", ["name": "a"]) }
                await server.service.events.wait(for: "waiting a")
                await server.server.stop(within: .zero)
                await #expect(throws: VarlinkClientError.disconnected) { try await answer.value }
            }
        }
    }

    @Test("a task that is cancelled does not wait for its answer")
    func cancellation() async throws {
        try await TestServer.run { server in
            try await server.withClient { client in
                let task = Task { try await client.call("org.example.test.Wait", ["name": "a"]) }
                await server.service.events.wait(for: "waiting a")
                task.cancel()
                await #expect(throws: CancellationError.self) { try await task.value }
            }
            server.service.gate.open()
        }
    }

    @Test("while a stream goes on, other calls are refused; when the client closes, it ends")
    func busy() async throws {
        try await TestServer.run { server in
            try await server.withClient { client in
                var replies = client.callMore("org.example.test.Watch").makeAsyncIterator()
                let first = try await replies.next()
                #expect(first == ["text": "first"])
                await #expect(throws: VarlinkClientError.busy) { try await client.call("org.varlink.service.GetInfo") }
                await client.close()
                await #expect(throws: VarlinkClientError.closed) { try await replies.next() }
            }
            await server.service.events.wait(for: "watch cancelled")
        }
    }

    @Test("a stream that is not read to its end ends when the task that reads it is cancelled")
    func cancelledStream() async throws {
        try await TestServer.run { server in
            try await server.withClient { client in
                let task = Task { for try await _ in client.callMore("org.example.test.Watch") {} }
                await server.service.events.wait(for: "watching")
                task.cancel()
                _ = await task.result
                await server.service.events.wait(for: "watch cancelled")
            }
        }
    }

    @Test("a call that is too long gets the server's reason though the server stopped reading")
    func tooLong() async throws {
        try await TestServer.run { server in
            try await server.withClient { client in
                let text = JSONValue.string(String(repeating: "x", count: 4 << 20))
                await #expect(throws: VarlinkErrorReply.invalidParameter("parameters")) {
                    try await client.call("org.example.test.Echo", ["text": text])
                }
            }
        }
    }

    @Test("a call without a reply is sent and not waited for")
    func oneway() async throws {
        try await TestServer.run { server in
            try await server.withClient { client in
                try await client.callOneway("org.example.test.Note", ["text": "a"])
                try await client.callOneway("org.example.test.Note", ["text": "b"])
            }
            #expect(await server.service.events.next() == "note a")
            #expect(await server.service.events.next() == "note b")
        }
    }

    @Test(
        "what is no reply is told",
        arguments: [
            ("rubbish\0", "byte 0: byte 0x72 is not allowed here"), ("[]\0", "a message is a JSON object, not array"),
            ("{\"surplus\":1}\0", "surplus: not a member of a Varlink message"),
            (String(repeating: "x", count: 200), "longer than 100 bytes"),
        ])
    func invalidReplies(answer: String, problem: String) async throws {
        let folder = try TemporaryFolder()
        let listener = try await ServerBootstrap(group: MultiThreadedEventLoopGroup.singleton)
            .childChannelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    try channel.pipeline.syncOperations.addHandler(Parrot(answer: answer))
                }
            }
            .bind(unixDomainSocketPath: "\(folder.path)/s").get()
        let client = try await VarlinkClient.connect(to: "\(folder.path)/s", replyBytes: 100)
        await #expect(throws: VarlinkClientError.invalidReply(problem)) { try await client.call("a.b.C") }
        await #expect(throws: VarlinkClientError.closed) { try await client.call("a.b.C") }
        await client.close()
        try await listener.close()
    }

    /// Says one thing, whatever it is told.
    private final class Parrot: ChannelInboundHandler {
        typealias InboundIn = ByteBuffer

        private let answer: String

        init(answer: String) {
            self.answer = answer
        }

        func channelRead(context: ChannelHandlerContext, data: NIOAny) {
            context.writeAndFlush(NIOAny(ByteBuffer(string: answer)), promise: nil)
        }
    }

    @Test("errors are sentences")
    func sentences() {
        #expect("\(VarlinkClientError.absent(path: "/run/x"))" == "/run/x: there is no such socket")
        #expect("\(VarlinkClientError.refused(path: "/run/x"))" == "/run/x: nobody listens on this socket")
        #expect("\(VarlinkClientError.noPermission(path: "/run/x"))" == "/run/x: no permission to connect")
        #expect("\(VarlinkClientError.timedOut(after: .seconds(3)))" == "no answer within 3.0 seconds")
        #expect("\(VarlinkClientError.system(operation: "socket", code: EMFILE))" == "socket: Too many open files")
    }
}

/// Rights on files of one thread (setfsuid(2)); Glibc's module leaves it out.
private enum FileRights {
    private struct Missing: Error {}

    /// Runs `body` as a user who owns nothing, and so has no more rights on files than anybody.
    static func withoutRoot<Value>(_ body: () throws -> Value) throws -> Value {
        guard let symbol = dlsym(dlopen(nil, RTLD_NOW), "setfsuid") else { throw Missing() }
        let setfsuid = unsafeBitCast(symbol, to: (@convention(c) (UInt32) -> Int32).self)
        let before = setfsuid(65_534)
        defer { _ = setfsuid(UInt32(before)) }
        return try body()
    }
}
