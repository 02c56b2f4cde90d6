import NIOCore
import NIOEmbedded
import Testing

@testable import VarlinkKit

@Suite("Time on a connection", .timeLimit(.minutes(10)))
struct ConnectionTimeTests {
    /// A connection without a socket, on a loop whose clock the test moves.
    private struct Fixture {
        let loop = NIOAsyncTestingEventLoop()
        let channel: NIOAsyncTestingChannel
        let service = TestService()

        init(limits: VarlinkLimits, holdsOutput: Bool = false) async throws {
            channel = NIOAsyncTestingChannel(loop: loop)
            let dispatcher = try VarlinkDispatcher(services: [service], identity: TestServer.identity)
            try await loop.submit { [loop, channel, service] in
                let table = VarlinkConnectionTable(eventLoop: loop, limits: limits, dispatcher: dispatcher)
                let connection = try table.makeConnection(from: VarlinkPeer(pid: 1, uid: 2, gid: 3))
                if holdsOutput { try channel.pipeline.syncOperations.addHandler(OutputHolder(events: service.events)) }
                try channel.pipeline.syncOperations.addHandler(connection)
            }.get()
            try await channel.connect(to: SocketAddress(unixDomainSocketPath: "/nowhere")).get()
        }

        func send(_ text: String) async throws {
            try await channel.writeInbound(ByteBuffer(string: text))
        }

        func reply() async throws -> JSONValue {
            let bytes = try await channel.waitForOutboundWrite(as: ByteBuffer.self)
            return try JSONValue(parsing: bytes.readableBytesView.dropLast())
        }

        func advance(_ amount: TimeAmount) async {
            await loop.advanceTime(by: amount)
        }
    }

    /// Takes what is written and never says that it was taken, as a client that reads nothing.
    private final class OutputHolder: ChannelOutboundHandler {
        typealias OutboundIn = ByteBuffer

        private let events: Events
        private var promises: [EventLoopPromise<Void>] = []

        init(events: Events) {
            self.events = events
        }

        func write(context: ChannelHandlerContext, data: NIOAny, promise: EventLoopPromise<Void>?) {
            if let promise { promises.append(promise) }
            events.add("held")
        }

        func handlerRemoved(context: ChannelHandlerContext) {
            for promise in promises { promise.fail(ChannelError.ioOnClosedChannel) }
        }
    }

    private static let echo = "{\"method\":\"org.example.test.Echo\",\"parameters\":{\"text\":\"a\"}}\0"

    @Test("a connection without a call is closed when it has been idle too long, and not before")
    func idle() async throws {
        let fixture = try await Fixture(limits: VarlinkLimits(idleTime: .seconds(60)))
        await fixture.advance(.milliseconds(59_999))
        #expect(fixture.channel.isActive)
        await fixture.advance(.milliseconds(1))
        #expect(!fixture.channel.isActive)
    }

    @Test("bytes of a call that is not complete do not keep the connection open")
    func trickle() async throws {
        let fixture = try await Fixture(limits: VarlinkLimits(idleTime: .seconds(60)))
        for byte in Self.echo.dropLast().prefix(6) {
            await fixture.advance(.seconds(9))
            try await fixture.send(String(byte))
        }
        #expect(fixture.channel.isActive)
        await fixture.advance(.seconds(6))
        #expect(!fixture.channel.isActive)
    }

    @Test("each answer begins the idle time anew")
    func idleAfterAnswer() async throws {
        let fixture = try await Fixture(limits: VarlinkLimits(idleTime: .seconds(60)))
        for _ in 0..<3 {
            await fixture.advance(.seconds(59))
            try await fixture.send(Self.echo)
            #expect(try await fixture.reply() == ["parameters": ["text": "a", "number": nil]])
        }
        await fixture.advance(.seconds(59))
        #expect(fixture.channel.isActive)
        await fixture.advance(.seconds(1))
        #expect(!fixture.channel.isActive)
    }

    @Test("a connection is not idle while its call runs, however long that is")
    func running() async throws {
        let fixture = try await Fixture(limits: VarlinkLimits(idleTime: .seconds(60)))
        try await fixture.send("{\"method\":\"org.example.test.Wait\",\"parameters\":{\"name\":\"a\"}}\0")
        await fixture.service.events.wait(for: "waiting a")
        await fixture.advance(.hours(1_000))
        #expect(fixture.channel.isActive)
        fixture.service.gate.open()
        #expect(try await fixture.reply() == ["parameters": ["name": "a"]])
        await fixture.advance(.seconds(60))
        #expect(!fixture.channel.isActive)
    }

    @Test("a client that takes none of its answer is closed after the stalled time, and its stream ends")
    func stalled() async throws {
        let fixture = try await Fixture(limits: VarlinkLimits(stalledTime: .seconds(30)), holdsOutput: true)
        try await fixture.send("{\"method\":\"org.example.test.Flood\",\"parameters\":{\"bytes\":10},\"more\":true}\0")
        await fixture.service.events.wait(for: "held")
        await fixture.advance(.milliseconds(29_999))
        #expect(fixture.channel.isActive)
        await fixture.advance(.milliseconds(1))
        #expect(!fixture.channel.isActive)
        #expect(await fixture.service.events.next() == "flood ended: disconnected")
    }
}
