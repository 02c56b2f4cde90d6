import CampaignEngine
import CampaignModel
import Recurrence
import Testing

@Suite("on_alert", .timeLimit(.minutes(10)))
struct NoticeTests {
    /// Failing campaigns, and a surface that takes notices as the test says.
    private static func run(
        notices: @escaping @Sendable (Int) -> ScriptedSender.Script = { _ in .end(.sent) },
        _ body: (World) async throws -> Void
    ) async throws {
        try await World.run { world in
            world.settings.onAlert = "mail1"
            await world.engine.use(world.settings, world.catalogue)
            try await world.pass(0)
            world.sender.write { handOver in
                handOver.origin == .alerts ? notices(handOver.attempt.number) : .end(.failed(reason: "no relay"))
            }
            try await body(world)
        }
    }

    private func notices(_ world: World) -> [HandOver] {
        world.sender.state.value.handOvers.filter { $0.origin == .alerts }
    }

    private func told(_ world: World) throws -> [String] { try world.events(.alertsTold).map(\.text) }

    private func fail(_ world: World, _ name: Slug) async throws {
        try await world.activate(name, World.definition(start: nil))
        try await world.until { try world.states(name) == [.failed] }
    }

    @Test("a new alert goes to the surface at once, as a message that says what it is")
    func one() async throws {
        try await Self.run { world in
            try await fail(world, "spring")
            try await world.until { try told(world) == ["notice of 1 alert: sent"] }
            let notice = try #require(notices(world).first)
            #expect(notice.surface == "mail1")
            #expect(notice.audience == nil)
            #expect(notice.message.content.subject == "spring: send-failed")
            let key = try world.send("spring").key
            #expect(
                notice.message.content.text == """
                    2026-06-01T08:00:00Z spring: error: send-failed: a send failed: no relay; campaignctl retry \
                    \(key.quoted) tries it again

                    What stands now: campaignctl alerts

                    """)
            #expect(notices(world).count == 1)
        }
    }

    @Test("what comes soon after is one notice a minute later, each alert once with its count")
    func folded() async throws {
        try await Self.run { world in
            try await fail(world, "a")
            try await world.until { try told(world).count == 1 }
            for name: Slug in ["b", "c", "d", "e"] { try await fail(world, name) }
            try await world.perform(.acknowledge, on: "b")
            let again = SendOrder(id: try #require(RequestID("x")), .sendNow(again: true))
            _ = try await world.engine.send(again, of: "b", by: World.anna)
            try await world.until { try world.states("b") == [.failed, .failed] }
            #expect(notices(world).count == 1)
            #expect(world.clock.alarm == World.monday + 60)
            try await world.pass(60)
            try await world.until { try told(world).count == 2 }
            let content = try #require(notices(world).last).message.content
            #expect(content.subject == "4 alerts: b, c, d, …")
            #expect(content.text?.split(separator: "\n").first?.hasSuffix("tries it again (2 times)") == true)
            #expect(content.text?.split(separator: "\n").count == 5)
        }
    }

    @Test("an alert that comes and goes is told once an hour")
    func flapping() async throws {
        try await Self.run { world in
            try await fail(world, "spring")
            try await world.until { try told(world).count == 1 }
            for number in 1...3 {
                try await world.pass(600)
                try await world.perform(.acknowledge, on: "spring")
                let again = SendOrder(id: try #require(RequestID("x\(number)")), .sendNow(again: true))
                _ = try await world.engine.send(again, of: "spring", by: World.anna)
                try await world.until { try world.states("spring").filter { $0 == .failed }.count == number + 1 }
            }
            #expect(notices(world).count == 1)
            try await world.pass(1_800)
            try await world.until { try told(world).count == 2 }
            #expect(notices(world).last?.message.content.text?.contains("(3 times)") == true)
        }
    }

    @Test("a temporary failure is tried again as often as any send; a failure for good is told and raises no alert")
    func failing() async throws {
        try await Self.run(notices: { _ in .end(.temporary(reason: "busy", retryAfterSeconds: nil)) }) { world in
            try await fail(world, "spring")
            try await world.untilItTriesAgain(within: 75)
            for attempt in 2...4 {
                try await world.untilItTriesAgain()
                try await world.pass(3_600)
                await world.sender.until { $0.handOvers.contains { $0.attempt.number == attempt } }
            }
            try await world.until { try told(world) == ["notice of 1 alert: failed: busy"] }
            #expect(Set(notices(world).map(\.attempt.key)).count == 1)
            #expect(try world.events(.alertRaised).count == 1)
        }
    }

    @Test("a daemon that is killed in the middle asks for the same notice again, and it is not told twice")
    func crash() async throws {
        try await Self.run(notices: { _ in .hold }) { world in
            try await fail(world, "spring")
            await world.sender.until { $0.handOvers.contains { $0.origin == .alerts } }
            let first = try #require(notices(world).first)
            world.crash()
            world.sender.finish(first.attempt, .sent)
            try await world.restart()
            try await world.until { try told(world) == ["notice of 1 alert: sent"] }
            #expect(notices(world).map(\.attempt) == [first.attempt, first.attempt])
            #expect(world.sender.state.value.started.filter { $0.key == first.attempt.key }.count == 1)
        }
    }

    @Test("what was raised before anybody was to be told is no news; an audience named alerts gets the notices")
    func later() async throws {
        try await World.run { world in
            world.sender.write { handOver in
                handOver.origin == .alerts ? .end(.sent) : .end(.failed(reason: "no relay"))
            }
            try await fail(world, "old")
            world.settings.onAlert = "mail1"
            world.catalogue.audiences.insert("alerts")
            await world.engine.use(world.settings, world.catalogue)
            try await world.pass(600)
            #expect(notices(world).isEmpty)
            try await fail(world, "new")
            try await world.until { try told(world).count == 1 }
            #expect(notices(world).map(\.audience) == ["alerts"])
            #expect(notices(world).map(\.message.content.subject) == ["new: send-failed"])
        }
    }
}
