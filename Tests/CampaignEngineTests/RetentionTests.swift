@testable import CampaignEngine
import CampaignModel
import CampaignStore
import Recurrence
import Testing

@Suite("What the sender may forget", .timeLimit(.minutes(10)))
struct RetentionTests {
    private static let day: Int64 = 86_400

    /// The longest late limit and 30 days.
    private static let kept = CampaignContent.allowedLateLimit.upperBound.components.seconds + 30 * day

    /// One turn at the same hour of each day that comes, or of each tenth, and what the sender answers.
    private func passDays(_ count: Int64, by step: Int64 = 1, _ world: World) async throws {
        for _ in 0..<(count / step) {
            try await world.pass(step * Self.day)
            try await world.settleRetention()
        }
    }

    @Test("records outlive their campaign by thirty days and the longest late limit; then they are asked away once")
    func ended() async throws {
        try await World.run { world in
            try await world.activate("spring", World.definition(start: "now"))
            try await world.until { try world.states("spring") == [.sent] }
            let key = try world.send("spring").key
            let owner = Slug(String(key.owner))!
            try await passDays(3, world)
            #expect(try world.status("spring") == .completed)
            let completed = world.clock.now
            while world.clock.now - completed <= Self.kept {
                try await passDays(10, by: 10, world)
                if world.clock.now - completed <= Self.kept {
                    #expect(world.sender.state.value.records[key] != nil)
                }
            }
            #expect(world.sender.state.value.records[key] == nil)
            let asked = world.sender.state.value.forgets.count { $0.contains(owner) }
            try await passDays(3, world)
            #expect(world.sender.state.value.forgets.count { $0.contains(owner) } == asked)
        }
    }

    @Test("it is asked once a day, over restarts, and a campaign in force is none of it")
    func daily() async throws {
        try await World.run { world in
            try await world.activate("weekly", World.definition(start: "2026-06-02T09:00", every: "week"))
            try await world.pass(3_600)
            #expect(world.sender.state.value.forgets.isEmpty)
            try await passDays(1, world)
            #expect(world.sender.state.value.forgets.count == 1)
            try await world.restart()
            try await world.pass(3_600)
            try await world.restart()
            #expect(world.sender.state.value.forgets == [["proof", "test", "alerts"]])
            try await passDays(60, by: 5, world)
            #expect(world.sender.state.value.forgets.count == 13)
            #expect(world.sender.state.value.forgets.allSatisfy { $0 == ["proof", "test", "alerts"] })
        }
    }

    @Test("results of recipients are asked away by the age that the configuration says")
    func results() async throws {
        try await World.run { world in
            world.settings.retention.recipients = .seconds(40 * Self.day)
            try await world.restart()
            try await passDays(2, world)
            let asked = try #require(world.sender.state.value.resultsBefore.last)
            #expect(world.clock.now - asked == 40 * Self.day)
        }
    }

    @Test("a sender that is away or keeps something is asked again within the hour, and no alert comes of it")
    func kept() async throws {
        try await World.run { world in
            try await world.activate("spring", World.definition(start: "now"))
            try await world.until { try world.states("spring") == [.sent] }
            let owner = Slug(String(try world.send("spring").key.owner))!
            try await passDays(3, world)
            world.sender.state.change { _ = $0.kept.insert(owner) }
            try await passDays(Self.kept / Self.day + 10, by: 10, world)
            #expect(world.sender.state.value.forgets.contains { $0.contains(owner) })
            world.sender.state.change { $0.kept = [] }
            world.sender.goDown()
            try await world.pass(3_600)
            try await world.settleRetention()
            world.sender.comeBack()
            try await world.pass(3_600)
            try await world.settleRetention()
            #expect(world.sender.state.value.records.isEmpty)
            #expect(try world.daemonAlerts().isEmpty)
        }
    }
}

extension World {
    /// Returns when the sender's answer is noted.
    fileprivate func settleRetention() async throws {
        for _ in 0..<100_000 where await engine.retention.isUnderWay { await Task.yield() }
        #expect(await !engine.retention.isUnderWay)
    }
}
