import CampaignEngine
import CampaignModel
import CampaignStore
import Recurrence
import Testing

@Suite("The history on its way out", .timeLimit(.minutes(10)))
struct DeliveryTests {
    @Test("every event is delivered once, in order, by the time the daemon has ended")
    func allOnce() async throws {
        try await World.run { world in
            try await world.activate("spring", World.definition(start: "now"))
            try await world.until { try world.states("spring") == [.sent] }
            await world.engine.stop()
            let delivered = world.sink.state.value.events
            #expect(delivered.map(\.event) == (try world.events()))
            #expect(delivered.map(\.sequence) == delivered.map(\.sequence).sorted())
            #expect(Set(delivered.map(\.sequence)).count == delivered.count)
            #expect(delivered.last?.event.kind == .daemonStopped)
            #expect(try world.store.deliveredSequence() == delivered.last?.sequence)
        }
    }

    @Test("a sink that fails gets the same events again, after a pause, and none is lost")
    func failingSink() async throws {
        try await World.run { world in
            await world.sink.state.until { $0.events.last?.event.kind == .messagePublished }
            world.sink.fail(times: 2)
            try await world.create("spring")
            await world.sink.state.until { $0.failures == 1 }
            try await world.create("autumn")
            try await world.pass(1)
            await world.sink.state.until { $0.failures == 0 }
            try await world.pass(2)
            await world.sink.state.until { $0.events.suffix(2).map(\.event.kind) == [.created, .created] }
            #expect(world.sink.state.value.events.map(\.event) == (try world.events()))
        }
    }

    @Test("a sink that takes its time when it is tried again asks for no turn meanwhile")
    func slowSink() async throws {
        try await World.run { world in
            await world.sink.state.until { $0.events.last?.event.kind == .messagePublished }
            world.sink.fail(times: 1)
            try await world.create("spring")
            await world.sink.state.until { $0.failures == 0 }
            let tries = world.sink.state.value.tries
            world.sink.hold(true)
            for _ in 0..<2 {
                try await world.pass(1)
                await world.sink.state.until { $0.tries == tries + 1 }
                #expect(world.clock.alarm.map { $0 > world.clock.now } ?? true)
            }
            world.sink.hold(false)
            await world.sink.state.until { $0.events.last?.event.kind == .created }
        }
    }

    @Test("a cursor that can't be written gives no event twice, and is brought up when it can")
    func cursor() async throws {
        try await World.run { world in
            try await world.create("spring")
            await world.sink.state.until { $0.events.last?.event.kind == .created }
            world.session.failMarks(true)
            try await world.create("summer")
            try await world.create("autumn")
            let count = try world.events().count
            await world.sink.state.until { $0.events.count >= count }
            for _ in 0..<3 { try await world.pass(30) }
            world.session.failMarks(false)
            await world.engine.stop()
            let delivered = world.sink.state.value.events
            #expect(delivered.map(\.event) == (try world.events()))
            #expect(try world.store.deliveredSequence() == delivered.last?.sequence)
        }
    }

    @Test("after a crash the cursor says where to go on")
    func restart() async throws {
        try await World.run { world in
            try await world.create("spring")
            await world.sink.state.until { $0.events.last?.event.kind == .created }
            try await world.pass(30)
            world.crash()
            try await world.restart()
            try await world.create("autumn")
            await world.engine.stop()
            let kinds = world.sink.state.value.events.filter { $0.event.campaign?.name == "autumn" }
            #expect(kinds.count == 1)
            #expect(world.sink.state.value.events.map(\.event) == (try world.events()))
        }
    }

    @Test("a crash before the cursor is written repeats the last few with their numbers, and loses none")
    func crash() async throws {
        try await World.run { world in
            try await world.create("spring")
            await world.sink.state.until { $0.events.last?.event.kind == .created }
            world.crash()
            try await world.restart()
            await world.engine.stop()
            let numbers = world.sink.state.value.events.map(\.sequence)
            #expect(Set(numbers) == Set(1...Int64(try world.events().count)))
            #expect(numbers.count - Set(numbers).count <= 32)
        }
    }

    @Test("more events than one piece are all delivered")
    func many() async throws {
        try await World.run { world in
            world.sink.fail(times: 1)
            for index in 1...450 { try await world.create(Slug("campaign\(index)")!) }
            await world.engine.stop()
            #expect(world.sink.state.value.events.map(\.event) == (try world.events()))
        }
    }

    @Test("those who watch are told of growth, and let go when the daemon ends")
    func growth() async throws {
        try await World.run { world in
            let growth = await world.engine.growth()
            await world.engine.stop()
            for await _ in growth {}
            for await _ in await world.engine.growth() {}
        }
    }
}

@Suite("Progress", .timeLimit(.minutes(10)))
struct ProgressTests {
    @Test("is written at most once a second, and the last one always, with the outcome")
    func throttled() async throws {
        try await World.run { world in
            world.sender.write { _ in .hold }
            try await world.activate("spring", World.definition(start: "now"))
            try await world.until { try world.states("spring") == [.running] }
            let attempt = world.sender.state.value.started[0]
            for count in 1...50 { world.sender.tell(SendProgress(done: Int64(count), total: 100), of: attempt.key) }
            try await world.until { try world.send("spring").progress.done != nil }
            world.sender.tell(SendProgress(done: 99, failed: 4), of: attempt.key)
            world.sender.finish(attempt, .sent)
            try await world.until { try world.states("spring") == [.sent] }
            #expect(try world.send("spring").progress == SendProgress(done: 99, total: 100, failed: 4))
            #expect(world.session.progressWrites == 1)
        }
    }

    @Test("that came too soon is written by the turn that it asked the clock for")
    func flushed() async throws {
        try await World.run { world in
            world.sender.write { _ in .hold }
            try await world.activate("spring", World.definition(start: "now"))
            try await world.until { try world.states("spring") == [.running] }
            let key = try world.send("spring").key
            world.sender.tell(SendProgress(done: 1), of: key)
            world.sender.tell(SendProgress(done: 2), of: key)
            try await world.until { world.clock.alarm == world.clock.now + 1 }
            #expect(try world.send("spring").progress.done == 1)
            try await world.pass(1)
            #expect(try world.send("spring").progress.done == 2)
            #expect(world.session.progressWrites == 2)
        }
    }
}
