import Testing
import VarlinkKit

@Suite("Clients that mean no good", .timeLimit(.minutes(10)))
struct HostileClientTests {
    /// What each test holds at the end: somebody else is answered all the same.
    private func expectOthersAreAnswered(_ server: TestServer) async throws {
        try await server.withClient { client in
            let reply = try await client.call("org.example.test.Echo", ["text": "on"])
            #expect(reply["text"] == "on")
        }
    }

    private static func echo(_ text: String) -> String {
        "{\"method\":\"org.example.test.Echo\",\"parameters\":{\"text\":\"\(text)\"}}\0"
    }

    @Test(
        "what is no JSON ends the connection without an answer",
        arguments: [
            Array("rubbish\0".utf8), Array("GET / HTTP/1.1\r\n\r\n\0".utf8), [0], [0, 0, 0],
            Array("{\"method\":\0".utf8),
            [0xFF, 0xFE, 0], Array("{\"method\":\"".utf8) + [0xC3, 0x28] + Array("\"}\0".utf8), Array("{}x\0".utf8),
        ])
    func rubbish(bytes: [UInt8]) async throws {
        try await TestServer.run { server in
            var raw = try await RawConnection.connect(to: server.path)
            try await raw.send(bytes)
            #expect(try await raw.next() == nil)
            try await expectOthersAreAnswered(server)
        }
    }

    @Test(
        "JSON that is no call gets an error and the end of the connection",
        arguments: [
            ("[]", "method"), ("{}", "method"), ("{\"method\":1}", "method"),
            ("{\"method\":\"a.B\",\"more\":1}", "more"),
            ("{\"method\":\"a.B\",\"surplus\":1}", "surplus"), ("{\"method\":\"a.B\",\"parameters\":[]}", "parameters"),
            ("{\"method\":\"a.B\",\"method\":\"a.C\"}", "parameters"),
            ("{\"method\":\"a.B\",\"parameters\":{\"n\":1e999}}", "parameters"),
            (String(repeating: "[", count: 100_000), "parameters"),
            (String(repeating: "{\"a\":", count: 65), "parameters"),
            ("[" + String(repeating: "0,", count: 100_000) + "0]", "parameters"),
        ])
    func noCall(text: String, parameter: String) async throws {
        try await TestServer.run { server in
            var raw = try await RawConnection.connect(to: server.path)
            try await raw.send(text + "\0" + Self.echo("not any more"))
            let answer = try await raw.next()
            if text == "[]" {
                // Not even an object: there is no member to name.
                #expect(answer == nil)
            } else {
                #expect(answer == VarlinkReply(.invalidParameter(parameter)).json)
                #expect(try await raw.next() == nil)
            }
            try await expectOthersAreAnswered(server)
        }
    }

    @Test("a call of the limit is answered, one byte more gets an error and the end of the connection")
    func requestLimit() async throws {
        let overhead = Self.echo("").utf8.count - 1
        try await TestServer.run(limits: VarlinkLimits(requestBytes: 100_000)) { server in
            var raw = try await RawConnection.connect(to: server.path)
            let longest = String(repeating: "x", count: 100_000 - overhead)
            try await raw.send(Self.echo(longest))
            #expect(try await raw.next()?["parameters"]?["text"] == .string(longest))
            try await raw.send(Self.echo(longest + "x"))
            #expect(try await raw.next() == VarlinkReply(.invalidParameter("parameters")).json)
            #expect(try await raw.next() == nil)
            try await expectOthersAreAnswered(server)
        }
    }

    @Test("who makes his user hold too much is thrown out, and the others of that user stay")
    func heldBytes() async throws {
        let limits = VarlinkLimits(requestBytes: 1_000, replyBytes: 1_000, heldBytesPerUser: 1_000)
        try await TestServer.run(limits: limits) { server in
            var first = try await RawConnection.connect(to: server.path)
            try await first.send(String(Self.echo(String(repeating: "x", count: 600)).dropLast()))
            // Where the first one's bytes arrive later, it is the one that goes past the limit.
            var second = try await RawConnection.connect(to: server.path)
            try await second.send(String(Self.echo(String(repeating: "y", count: 600)).dropLast()))
            try await expectOthersAreAnswered(server)
            try? await first.send("\0")
            try? await second.send("\0")
            let answers = [try? await first.next(), try? await second.next()]
            #expect(answers.compactMap { $0 }.count == 1)
            try await expectOthersAreAnswered(server)
        }
    }

    @Test("a call without end is cut off at the limit")
    func endless() async throws {
        try await TestServer.run { server in
            var raw = try await RawConnection.connect(to: server.path)
            // The server closes in the middle of it.
            try? await raw.send([UInt8](repeating: UInt8(ascii: "x"), count: 8 << 20))
            _ = try await raw.next()
            await raw.waitForClose()
            try await expectOthersAreAnswered(server)
        }
    }

    @Test("half a call and then silence holds up nobody")
    func silence() async throws {
        try await TestServer.run { server in
            let raw = try await RawConnection.connect(to: server.path)
            try await raw.send(String(Self.echo("half").dropLast(5)))
            try await expectOthersAreAnswered(server)
            await raw.close()
        }
    }

    @Test("a call that comes a byte at a time is answered")
    func byteAtATime() async throws {
        try await TestServer.run { server in
            var raw = try await RawConnection.connect(to: server.path)
            for byte in Self.echo("slow").utf8 { try await raw.send([byte]) }
            #expect(try await raw.next()?["parameters"]?["text"] == "slow")
            await raw.close()
        }
    }

    @Test("a stream that nobody reads waits, and ends when its client leaves")
    func neverReading() async throws {
        try await TestServer.run { server in
            let raw = try await RawConnection.connect(to: server.path, reads: false)
            try await raw.send(
                "{\"method\":\"org.example.test.Flood\",\"parameters\":{\"bytes\":100000},\"more\":true}\0")
            for _ in 0..<20 { try await expectOthersAreAnswered(server) }
            await raw.close()
            #expect(await server.service.events.next() == "flood ended: disconnected")
        }
    }

    @Test("a client that calls on and on without reading is not answered on and on")
    func neverReadingAnswers() async throws {
        try await TestServer.run { server in
            let raw = try await RawConnection.connect(to: server.path, reads: false)
            // One answer is more than the kernel buffers: the second call is not taken up.
            let big = Self.echo(String(repeating: "x", count: 1_000_000))
            try await raw.send(big)
            try await raw.send("{\"method\":\"org.example.test.Note\",\"parameters\":{\"text\":\"second\"}}\0")
            try await expectOthersAreAnswered(server)
            try await server.withClient { _ = try await $0.call("org.example.test.Note", ["text": "other"]) }
            #expect(await server.service.events.next() == "note other")
            await raw.close()
        }
    }

    @Test("more calls in advance than the limit end the connection at once")
    func pipelinedLimit() async throws {
        try await TestServer.run(limits: VarlinkLimits(pipelinedCalls: 3)) { server in
            var good = try await RawConnection.connect(to: server.path)
            try await good.send(String(repeating: Self.echo("a"), count: 4))
            for _ in 0..<4 { #expect(try await good.next()?["parameters"]?["text"] == "a") }
            try await good.send(String(repeating: Self.echo("a"), count: 5))
            #expect(try await good.next() == nil)
            try await expectOthersAreAnswered(server)
        }
    }

    @Test("a reply of the limit is sent, a longer one ends the connection")
    func replyLimit() async throws {
        try await TestServer.run(limits: VarlinkLimits(replyBytes: 1_000)) { server in
            let overhead = VarlinkReply(parameters: ["text": "", "number": nil]).json.serialized.count
            var raw = try await RawConnection.connect(to: server.path)
            let longest = String(repeating: "x", count: 1_000 - overhead)
            try await raw.send(Self.echo(longest))
            #expect(try await raw.next()?["parameters"]?["text"] == .string(longest))
            try await raw.send(Self.echo(longest + "x"))
            #expect(try await raw.next() == nil)
            try await expectOthersAreAnswered(server)
        }
    }

    @Test("one connection more than the limit is closed at once, and the place of one that ends is free again")
    func connectionLimit() async throws {
        for limits in [VarlinkLimits(connections: 2), VarlinkLimits(connectionsPerUser: 2)] {
            try await TestServer.run(limits: limits) { server in
                var first = try await RawConnection.connect(to: server.path)
                var second = try await RawConnection.connect(to: server.path)
                for _ in 0..<3 {
                    try await first.send(Self.echo("first"))
                    #expect(try await first.next()?["parameters"]?["text"] == "first")
                    try await second.send(Self.echo("second"))
                    #expect(try await second.next()?["parameters"]?["text"] == "second")
                    var third = try await RawConnection.connect(to: server.path)
                    #expect(try await third.next() == nil)
                }
                try await second.send("rubbish\0")
                #expect(try await second.next() == nil)
                try await expectOthersAreAnswered(server)
                await first.close()
            }
        }
    }

    @Test("who is thrown out while a call runs keeps its place until the call ends")
    func thrownOut() async throws {
        try await TestServer.run(limits: VarlinkLimits(connections: 1, pipelinedCalls: 0)) { server in
            let raw = try await RawConnection.connect(to: server.path)
            try await raw.send("{\"method\":\"org.example.test.Wait\",\"parameters\":{\"name\":\"a\"}}\0")
            await server.service.events.wait(for: "waiting a")
            // The server reads nothing while it answers, but sees the end, and what came before it.
            try await raw.send(Self.echo("too much"))
            await raw.close()
            var second = try await RawConnection.connect(to: server.path)
            #expect(try await second.next() == nil)
            server.service.gate.open()
            await server.service.events.wait(for: "passed a")
            while await server.server.connectionCount > 0 { await Task.yield() }
            try await expectOthersAreAnswered(server)
        }
    }

    @Test("two hundred clients at once, half of them bad, are served or closed")
    func herd() async throws {
        let limits = VarlinkLimits(connections: 400, connectionsPerUser: 400)
        try await TestServer.run(limits: limits) { server in
            try await withThrowingTaskGroup(of: Void.self) { group in
                for number in 0..<200 {
                    group.addTask {
                        var raw = try await RawConnection.connect(to: server.path)
                        try await raw.send(number % 2 == 0 ? Self.echo("\(number)") : "rubbish\0")
                        let text = try await raw.next()?["parameters"]?["text"]
                        #expect(text == (number % 2 == 0 ? .string("\(number)") : nil))
                        await raw.close()
                    }
                }
                try await group.waitForAll()
            }
            try await expectOthersAreAnswered(server)
        }
    }
}
