import Glibc
import Testing
import VarlinkKit

@Suite("The end of a server", .timeLimit(.minutes(10)))
struct VarlinkServerStopTests {
    @Test("a stopped server closes idle connections, removes its socket, and may be stopped again")
    func idle() async throws {
        try await TestServer.run { server in
            var raw = try await RawConnection.connect(to: server.path)
            try await raw.send("{\"method\":\"org.varlink.service.GetInfo\"}\0")
            #expect(try await raw.next() != nil)
            await server.server.stop()
            #expect(try await raw.next() == nil)
            #expect(access(server.path, F_OK) == -1)
            await #expect(throws: VarlinkClientError.absent(path: server.path)) {
                try await VarlinkClient.connect(to: server.path)
            }
            await server.server.stop()
        }
    }

    @Test("a call that runs gets its answer before the end, those behind it do not")
    func running() async throws {
        try await TestServer.run { server in
            var idle = try await RawConnection.connect(to: server.path)
            try await idle.send("{\"method\":\"org.varlink.service.GetInfo\"}\0")
            #expect(try await idle.next() != nil)
            var raw = try await RawConnection.connect(to: server.path)
            try await raw.send("{\"method\":\"org.example.test.Wait\",\"parameters\":{\"name\":\"a\"}}\0")
            await server.service.events.wait(for: "waiting a")
            try await raw.send("{\"method\":\"org.varlink.service.GetInfo\"}\0")
            async let stopped: Void = server.server.stop(within: .seconds(3_600))
            // An idle connection is closed at once: then the stop has begun.
            #expect(try await idle.next() == nil)
            server.service.gate.open()
            #expect(try await raw.next() == ["parameters": ["name": "a"]])
            #expect(try await raw.next() == nil)
            await stopped
        }
    }

    @Test("streams are ended at once, with their last reply")
    func streams() async throws {
        try await TestServer.run { server in
            var raw = try await RawConnection.connect(to: server.path)
            try await raw.send("{\"method\":\"org.example.test.Watch\",\"more\":true}\0")
            #expect(try await raw.next() == ["parameters": ["text": "first"], "continues": true])
            await server.service.events.wait(for: "watching")
            await server.server.stop(within: .seconds(3_600))
            #expect(await server.service.events.next() == "watch cancelled")
            #expect(try await raw.next() == ["parameters": ["text": "last"]])
            #expect(try await raw.next() == nil)
        }
    }

    @Test("at the deadline running calls are cancelled, and one that does not heed it is not waited for")
    func deadline() async throws {
        try await TestServer.run { server in
            var waiting = try await RawConnection.connect(to: server.path)
            try await waiting.send("{\"method\":\"org.example.test.Wait\",\"parameters\":{\"name\":\"a\"}}\0")
            await server.service.events.wait(for: "waiting a")
            var holding = try await RawConnection.connect(to: server.path)
            try await holding.send("{\"method\":\"org.example.test.Hold\",\"parameters\":{\"name\":\"b\"}}\0")
            await server.service.events.wait(for: "holding b")
            await server.server.stop(within: .zero)
            #expect(try await waiting.next() == nil)
            #expect(try await holding.next() == nil)
            #expect(await server.service.events.next() == "cancelled a")
            server.service.gate.open()
            #expect(await server.service.events.next() == "cancelled b")
        }
    }
}
