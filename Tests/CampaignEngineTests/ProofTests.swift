import CampaignEngine
import CampaignModel
import Recurrence
import Testing

@Suite("Proofs, tests of surfaces, and retries by hand", .timeLimit(.minutes(10)))
struct ProofTests {
    private static let id = RequestID("p-1")!
    private static let address = ProofAddress("ann@example.org")!

    @Test("a proof of a draft is its newest message to one address, marked, and no occurrence")
    func draft() async throws {
        try await World.run { world in
            try await world.create("spring")
            let file = MessageFile(name: "hello.txt", bytes: Array("Newer".utf8))
            _ = try await world.engine.putMessage(
                MessageContent(subject: nil, text: "Newer", html: nil, file: file), as: "hello", by: World.anna)
            let proof = try await world.engine.proof(of: "spring", to: Self.address, id: Self.id, by: World.anna)
            #expect(proof.version == 1)
            #expect(proof.result.outcome == .sent)
            #expect(proof.result.message == MessageReference(name: "hello", revision: 2))
            let request = try #require(world.sender.state.value.handOvers.first)
            #expect(request.origin == .test)
            #expect(request.address == Self.address)
            #expect(request.audience == nil)
            #expect(request.message.content.text == "Newer")
            #expect(request.attempt.key.owner == "proof")
            #expect(try world.sends("spring").isEmpty)
            #expect(try world.status("spring") == .draft)
            let event = try #require(try world.events(.tested).first)
            #expect(event.text == "proof of version 1: sent")
            #expect(event.actor == World.anna.actor)
            #expect(event.campaign?.name == "spring")
            #expect(!event.text.contains("ann"))
        }
    }

    @Test("the same request id starts nothing a second time and answers what became of the first")
    func repeated() async throws {
        try await World.run { world in
            try await world.create("spring")
            for _ in 0..<2 {
                let proof = try await world.engine.proof(of: "spring", to: Self.address, id: Self.id, by: World.anna)
                #expect(proof.result.outcome == .sent)
                try await world.restart()
            }
            #expect(world.sender.state.value.started.count == 1)
            #expect(try world.events(.tested).count == 1)
        }
    }

    @Test("the same request id for another address or message is another proof: nothing is told that was not so")
    func otherThing() async throws {
        try await World.run { world in
            try await world.create("spring")
            _ = try await world.engine.proof(of: "spring", to: Self.address, id: Self.id, by: World.anna)
            let bob = try #require(ProofAddress("bob@example.org"))
            _ = try await world.engine.proof(of: "spring", to: bob, id: Self.id, by: World.anna)
            try await world.publish("hello")
            let newer = try await world.engine.proof(of: "spring", to: bob, id: Self.id, by: World.anna)
            #expect(newer.result.message.revision == 2)
            let sent = world.sender.state.value.handOvers
            #expect(sent.map(\.address) == [Self.address, bob, bob])
            #expect(sent.map(\.message.revision) == [1, 1, 2])
            #expect(world.sender.state.value.started.count == 3)
        }
    }

    @Test("a proof that can't be sent at all is refused with the checks that say why")
    func refused() async throws {
        try await World.run { world in
            try await world.create("spring", World.definition(message: "missing"))
            await #expect {
                try await world.engine.proof(of: "spring", to: Self.address, id: Self.id, by: World.anna)
            } throws: { error in
                guard case .refused(.checksFailed(let alerts))? = error as? EngineError else { return false }
                return alerts.map(\.code) == [.messageMissing]
            }
            #expect(world.sender.state.value.handOvers.isEmpty)
        }
    }

    @Test("the test of a surface goes to nobody where no address is given; how it failed is told; no alert is raised")
    func surface() async throws {
        try await World.run { world in
            world.sender.write { _ in .end(.temporary(reason: "busy", retryAfterSeconds: 9)) }
            let result = try await world.engine.test("mail1", to: nil, id: Self.id, by: World.anna)
            #expect(result.outcome == .temporary(reason: "busy", retryAfterSeconds: 9))
            #expect(result.surface == "mail1")
            let request = try #require(world.sender.state.value.handOvers.first)
            #expect(request.origin == .test)
            #expect(request.address == nil)
            #expect(request.message.content.subject == "Test of surface mail1")
            #expect(try world.events(.tested).map(\.text) == ["test of surface mail1: failed: busy"])
            try await world.pass(600)
            #expect(world.sender.state.value.handOvers.count == 1)
            #expect(try world.daemonAlerts().isEmpty)
            await #expect(throws: EngineError.noSurface("other")) {
                try await world.engine.test("other", to: nil, id: Self.id, by: World.anna)
            }
        }
    }

    @Test("without a sender it is held, and the same id can be used again")
    func senderDown() async throws {
        try await World.run { world in
            world.sender.goDown()
            await #expect {
                try await world.engine.test("mail0", to: nil, id: Self.id, by: World.anna)
            } throws: { error in
                guard case .refused(.held(name: "launcher-down", _))? = error as? EngineError else { return false }
                return true
            }
            world.sender.comeBack()
            let result = try await world.engine.test("mail0", to: nil, id: Self.id, by: World.anna)
            #expect(result.outcome == .sent)
        }
    }

    @Test("only so many tests are under way at once")
    func limit() async throws {
        try await World.run { world in
            world.sender.write { _ in .hold }
            let (engine, sender) = (world.engine, world.sender)
            let tests = (0..<4).map { number in
                Task { try await engine.test("mail0", to: nil, id: RequestID("t-\(number)")!, by: World.anna) }
            }
            await sender.until { $0.started.count == 4 }
            await #expect {
                try await engine.test("mail0", to: nil, id: Self.id, by: World.anna)
            } throws: { error in
                guard case .refused(.held(name: "tests", _))? = error as? EngineError else { return false }
                return true
            }
            for attempt in sender.state.value.started { sender.finish(attempt, .sent) }
            for test in tests {
                let result = try await test.value
                #expect(result.outcome == .sent)
            }
        }
    }

    // MARK: Retry

    @Test("a failed send is tried again by its key, over a restart, and keeps it")
    func retry() async throws {
        try await World.run { world in
            world.sender.write { $0.attempt.number == 1 ? .end(.failed(reason: "no relay")) : .end(.sent) }
            try await world.activate("spring", World.definition(start: "now"))
            try await world.until { try world.states("spring") == [.failed] }
            try await world.restart()
            let key = try world.send("spring").key
            let dry = try await world.engine.retry(key, by: World.anna, dryRun: true)
            #expect(dry.state == .waiting)
            #expect(try world.states("spring") == [.failed])
            let owner = try await world.engine.campaign(with: key)
            #expect(owner == "spring")
            _ = try await world.engine.retry(key, by: World.anna)
            try await world.until { try world.states("spring") == [.sent] }
            #expect(world.sender.state.value.started == [Attempt(key: key, number: 1), Attempt(key: key, number: 2)])
            #expect(try world.events(.retried).map(\.actor) == [World.anna.actor])
            await #expect(throws: EngineError.self) { try await world.engine.retry(key, by: World.anna) }
        }
    }

    @Test("the same attempt asked for again, for a lost answer, is not begun twice, whatever became of it")
    func retryRepeated() async throws {
        try await World.run { world in
            world.sender.write { _ in .end(.failed(reason: "no relay")) }
            try await world.activate("spring", World.definition(start: "now"))
            try await world.until { try world.states("spring") == [.failed] }
            let key = try world.send("spring").key
            for _ in 0..<3 {
                _ = try await world.engine.retry(key, attempt: 2, by: World.anna)
                try await world.until { try world.send("spring").attempts == 2 && world.states("spring") == [.failed] }
            }
            #expect(world.sender.state.value.started.map(\.number) == [1, 2])
            #expect(try await world.engine.retry(key, attempt: 1, by: World.anna).attempts == 2)
            await #expect(throws: EngineError.self) { try await world.engine.retry(key, attempt: 4, by: World.anna) }
        }
    }

    @Test("a retry that is killed before its hand-over is handed over by the next daemon")
    func retryKilled() async throws {
        try await World.run { world in
            world.sender.write { $0.attempt.number == 1 ? .end(.interrupted(reason: "power")) : .end(.sent) }
            try await world.activate("spring", World.definition(start: "now"))
            try await world.until { try world.states("spring") == [.interrupted] }
            world.sender.goDown()
            let key = try world.send("spring").key
            _ = try await world.engine.retry(key, by: World.anna)
            world.crash()
            world.sender.comeBack()
            try await world.restart()
            try await world.until { try world.states("spring") == [.sent] }
            #expect(world.sender.state.value.started.map(\.number) == [1, 2])
        }
    }

    @Test("a key that no send has is not found")
    func unknown() async throws {
        try await World.run { world in
            let key = OccurrenceKey("abcdefghijklmnopqrstuvwxyz/now/x")!
            let owner = try await world.engine.campaign(with: key)
            #expect(owner == nil)
            await #expect(throws: EngineError.refused(.notFound("there is no send \(key)"))) {
                try await world.engine.retry(key, by: World.anna)
            }
        }
    }
}
