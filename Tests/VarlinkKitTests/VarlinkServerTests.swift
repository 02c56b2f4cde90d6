import Glibc
import Testing
import VarlinkKit

@Suite("A server and its clients", .timeLimit(.minutes(10)))
struct VarlinkServerTests {
    @Test("a call is answered")
    func answers() async throws {
        try await TestServer.run { server in
            try await server.withClient { client in
                let reply = try await client.call("org.example.test.Echo", ["text": "été 🎉", "number": 5])
                #expect(reply == ["text": "été 🎉", "number": 5])
                let without = try await client.call("org.example.test.Echo", ["text": ""])
                #expect(without == ["text": "", "number": nil])
            }
        }
    }

    @Test("org.varlink.service tells of the server and of its interfaces")
    func introspection() async throws {
        try await TestServer.run { server in
            try await server.withClient { client in
                let info = try await client.call("org.varlink.service.GetInfo")
                #expect(
                    info == [
                        "vendor": "Example", "product": "varlink tests", "version": "1", "url": "https://example.org",
                        "interfaces": ["org.varlink.service", "org.example.test"],
                    ])
                for interface in ["org.varlink.service", "org.example.test"] {
                    let reply = try await client.call(
                        "org.varlink.service.GetInterfaceDescription", ["interface": .string(interface)])
                    let text = try #require(reply["description"]?.stringValue)
                    #expect(try VarlinkInterface(parsing: text).name == interface)
                    if interface == "org.example.test" { #expect(text == server.service.interfaceDescription) }
                }
            }
        }
    }

    @Test(
        "what goes wrong is one of the standard errors, and the connection goes on",
        arguments: [
            ("org.example.test.Nothing", [:], .methodNotFound("org.example.test.Nothing")),
            ("org.example.test.", [:], .methodNotFound("org.example.test.")),
            ("org.example.none.Echo", [:], .interfaceNotFound("org.example.none")),
            ("Echo", [:], .interfaceNotFound("")),
            ("org.example.test.Missing", [:], .methodNotImplemented("org.example.test.Missing")),
            ("org.example.test.Echo", [:], .invalidParameter("text")),
            ("org.example.test.Echo", ["text": 1], .invalidParameter("text")),
            ("org.example.test.Echo", ["text": "", "other": 1], .invalidParameter("other")),
            ("org.example.test.Count", ["to": 2], .expectedMore),
            ("org.varlink.service.GetInfo", ["x": 1], .invalidParameter("x")),
            ("org.varlink.service.GetInterfaceDescription", [:], .invalidParameter("interface")),
            (
                "org.varlink.service.GetInterfaceDescription", ["interface": "org.example.none"],
                .interfaceNotFound("org.example.none")
            ),
            (
                "org.example.test.Fail", ["name": "a"],
                .init("org.example.test.Refused", ["name": "a", "allowed": ["stop"]])
            ),
            ("org.example.test.Wrong", ["how": "field"], .invalidParameter("text")),
            ("org.example.test.Wrong", ["how": "error"], .invalidParameter("org.example.test.Unknown")),
            ("org.example.test.Wrong", ["how": "standard"], .invalidParameter("parameter")),
            ("org.example.test.Wrong", ["how": "other"], .invalidParameter("how")),
        ] as [(String, JSONObject, VarlinkErrorReply)])
    func errors(method: String, parameters: JSONObject, error: VarlinkErrorReply) async throws {
        try await TestServer.run { server in
            try await server.withClient { client in
                await #expect(throws: error) { try await client.call(method, parameters) }
                try await expectEcho(client)
            }
        }
    }

    @Test("a call that wants another protocol is refused")
    func upgrade() async throws {
        try await TestServer.run { server in
            var raw = try await RawConnection.connect(to: server.path)
            try await raw.send(
                "{\"method\":\"org.example.test.Echo\",\"parameters\":{\"text\":\"\"},\"upgrade\":true}\0")
            #expect(try await raw.next() == VarlinkReply(.methodNotImplemented("org.example.test.Echo")).json)
            await raw.close()
        }
    }

    @Test("a call with more gets its replies in order, and then the connection is free again")
    func more() async throws {
        try await TestServer.run { server in
            try await server.withClient { client in
                for count in [1, 2, 500] {
                    var numbers: [Int64] = []
                    for try await reply in client.callMore("org.example.test.Count", ["to": JSONValue(count)]) {
                        numbers.append(try #require(reply["number"]?.intValue))
                    }
                    #expect(numbers == (1...Int64(count)).map { $0 })
                }
                await #expect(throws: VarlinkErrorReply.invalidParameter("to")) {
                    for try await _ in client.callMore("org.example.test.Count", ["to": "x"]) {}
                }
                try await expectEcho(client)
            }
        }
    }

    @Test("pipelined calls are answered in order, those without a reply left out")
    func pipelined() async throws {
        try await TestServer.run { server in
            var raw = try await RawConnection.connect(to: server.path)
            var text = ""
            for number in 0..<100 {
                text += "{\"method\":\"org.example.test.Echo\",\"parameters\":{\"text\":\"\(number)\"}}\0"
                text +=
                    "{\"method\":\"org.example.test.Note\",\"parameters\":{\"text\":\"\(number)\"},\"oneway\":true}\0"
                text += "{\"method\":\"org.example.test.Fail\",\"oneway\":true}\0"
            }
            try await raw.send(text)
            for number in 0..<100 {
                #expect(try await raw.next()?["parameters"]?["text"] == .string("\(number)"))
            }
            for number in 0..<100 { #expect(await server.service.events.next() == "note \(number)") }
            await raw.close()
        }
    }

    @Test("while one client waits for its answer, another one is answered")
    func twoClients() async throws {
        try await TestServer.run { server in
            try await server.withClient { first in
                async let slow = first.call("org.example.test.Wait", ["name": "slow"])
                await server.service.events.wait(for: "waiting slow")
                try await server.withClient { second in
                    try await expectEcho(second)
                }
                server.service.gate.open()
                #expect(try await slow == ["name": "slow"])
            }
        }
    }

    @Test("a client that has closed its sending side still gets its answers")
    func halfClosed() async throws {
        try await TestServer.run { server in
            var raw = try await RawConnection.connect(to: server.path)
            try await raw.send("{\"method\":\"org.example.test.Wait\",\"parameters\":{\"name\":\"a\"}}\0")
            try await raw.send("{\"method\":\"org.example.test.Count\",\"parameters\":{\"to\":3},\"more\":true}\0")
            try await raw.closeOutput()
            await server.service.events.wait(for: "waiting a")
            server.service.gate.open()
            #expect(try await raw.next() == ["parameters": ["name": "a"]])
            for number in 1...3 { #expect(try await raw.next()?["parameters"]?["number"] == JSONValue(number)) }
            #expect(try await raw.next() == nil)
        }
    }

    @Test("calls without a reply are carried out though their client has left")
    func onewayAndGone() async throws {
        try await TestServer.run { server in
            let raw = try await RawConnection.connect(to: server.path)
            try await raw.send(
                (0..<20).map {
                    "{\"method\":\"org.example.test.Note\",\"parameters\":{\"text\":\"\($0)\"},\"oneway\":true}\0"
                }.joined())
            await raw.close()
            for number in 0..<20 { #expect(await server.service.events.next() == "note \(number)") }
        }
    }

    @Test("a stream ends when its client leaves, other calls go on to their end")
    func leaving() async throws {
        try await TestServer.run { server in
            var watcher = try await RawConnection.connect(to: server.path)
            try await watcher.send("{\"method\":\"org.example.test.Watch\",\"more\":true}\0")
            #expect(try await watcher.next()?["continues"] == true)
            await server.service.events.wait(for: "watching")
            await watcher.close()
            await server.service.events.wait(for: "watch cancelled")

            let caller = try await RawConnection.connect(to: server.path)
            try await caller.send("{\"method\":\"org.example.test.Wait\",\"parameters\":{\"name\":\"b\"}}\0")
            await server.service.events.wait(for: "waiting b")
            await caller.close()
            server.service.gate.open()
            #expect(await server.service.events.next() == "passed b")
        }
    }

    @Test("the peer is known by its process, user and groups")
    func peer() async throws {
        try await TestServer.run { server in
            try await server.withClient { client in
                let reply = try await client.call("org.example.test.WhoAmI")
                #expect(reply["pid"] == .int(Int64(getpid())))
                #expect(reply["uid"] == .int(Int64(geteuid())))
                #expect(reply["gid"] == .int(Int64(getegid())))
                var groups = [gid_t](repeating: 0, count: 65_536)
                let count = getgroups(Int32(groups.count), &groups)
                #expect(reply["groups"] == .array(groups[..<Int(count)].map { .int(Int64($0)) }))
            }
        }
        #expect(VarlinkPeer(pid: 1, uid: 2, gid: 3, groups: [4, 5]).isMember(of: 3))
        #expect(VarlinkPeer(pid: 1, uid: 2, gid: 3, groups: [4, 5]).isMember(of: 5))
        #expect(!VarlinkPeer(pid: 1, uid: 2, gid: 3, groups: [4, 5]).isMember(of: 2))
    }

    private func expectEcho(_ client: VarlinkClient) async throws {
        let reply = try await client.call("org.example.test.Echo", ["text": "on"])
        #expect(reply["text"] == "on")
    }

    @Test("a service is called without a server by its own means")
    func withoutServer() async throws {
        let numbers = Events()
        let replies = VarlinkReplies(acceptsMore: true) { reply throws(VarlinkErrorReply) in
            numbers.add("\(reply["number"] ?? nil)")
        }
        let call = VarlinkCall(method: "org.example.test.Count", parameters: ["to": 2], more: true)
        let last = try await TestService().handle(call, from: VarlinkPeer(pid: 1, uid: 2, gid: 3), replies: replies)
        #expect(await numbers.next() == "1")
        #expect(last == ["number": 2])
        await #expect(throws: VarlinkErrorReply.expectedMore) {
            try await VarlinkReplies(acceptsMore: false) { _ in }.send([:])
        }
    }
}
