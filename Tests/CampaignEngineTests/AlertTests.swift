import CampaignEngine
import CampaignModel
import CampaignStore
import Recurrence
import Testing

@Suite("Alerts by their causes and their ends", .timeLimit(.minutes(10)))
struct AlertTests {
    @Test("an empty audience is told at the activation and by check, which also sees its end")
    func emptyAudience() async throws {
        try await World.run { world in
            world.sender.state.change { $0.audience = .counted(0) }
            try await world.activate("spring")
            #expect(try world.campaign("spring").alerts.map(\.code) == [.audienceEmpty])
            #expect(
                try world.campaign("spring").alerts.first?.text
                    == "audience people is empty: nobody would get anything")
            try await world.pass(10)
            #expect(try world.campaign("spring").alerts.map(\.code) == [.audienceEmpty])
            #expect(try await world.engine.check("spring").alerts.map(\.code) == [.audienceEmpty])
            world.sender.state.change { $0.audience = .counted(1) }
            #expect(try await world.engine.check("spring").alerts.isEmpty)
            #expect(try world.campaign("spring").alerts.isEmpty)
            world.sender.state.change { $0.audience = .counted(0) }
            #expect(try await world.engine.check("spring").alerts.map(\.code) == [.audienceEmpty])
            #expect(try world.campaign("spring").alerts.map(\.code) == [.audienceEmpty])
        }
    }

    @Test("a sender that can't count is a warning that blocks nothing; a reference is none")
    func uncounted() async throws {
        try await World.run { world in
            world.sender.goDown()
            try await world.activate("spring")
            #expect(try world.status("spring") == .scheduled)
            #expect(
                try world.campaign("spring").alerts.first?.text
                    == "audience people could not be counted: connection refused")
            world.sender.comeBack()
            world.sender.state.change { $0.audience = .onlyTheSurfaceKnows }
            try await world.activate("summer")
            #expect(try world.campaign("summer").alerts.isEmpty)
        }
    }

    @Test("a send that runs for long is told as a slow one until it ends")
    func slow() async throws {
        try await World.run { world in
            world.sender.write { _ in .hold }
            try await world.activate("spring", World.definition(start: nil))
            try await world.until { try world.states("spring") == [.running] }
            try await world.pass(1_799)
            #expect(try world.campaign("spring").alerts.isEmpty)
            #expect(try world.store.earliestWake() == World.monday + 1_800)
            try await world.pass(1)
            #expect(try world.campaign("spring").alerts.map(\.code) == [.sendSlow])
            try await world.perform(.acknowledge, on: "spring")
            #expect(try world.campaign("spring").alerts.map(\.code) == [.sendSlow])
            world.sender.finish(Attempt(key: try world.send("spring").key, number: 1), .sent)
            try await world.until { try world.states("spring") == [.sent] }
            #expect(try world.campaign("spring").alerts.isEmpty)
        }
    }

    @Test("a send whose pace does not do in its time is told, not from its first seconds, until its pace is right")
    func tooLate() async throws {
        try await World.run { world in
            world.sender.write { _ in .hold }
            try await world.activate("spring", World.definition(start: nil))
            try await world.until { try world.states("spring") == [.running] }
            let key = try world.send("spring").key
            let attempt = Attempt(key: key, number: 1)
            /// It tells how far it is after `seconds` more; twice, as what comes too soon asks the clock for a turn.
            func goes(_ done: Int64, after seconds: Int64) async throws {
                try await world.pass(seconds)
                for _ in 1...2 { world.sender.tell(SendProgress(done: done, total: 10_000), of: key) }
                try await world.until { world.clock.alarm == world.clock.now + 1 }
            }
            // Two in a second: 5,000 s, and the surface gives it an hour.
            for step in 0...5 { try await goes(Int64(step) * 20, after: 10) }
            #expect(try world.campaign("spring").alerts.isEmpty)
            for step in 6...8 { try await goes(Int64(step) * 20, after: 10) }
            #expect(try world.campaign("spring").alerts.map(\.code) == [.endsTooLate])
            // Twenty in a second, until the last five minutes are so.
            for step in 1...11 { try await goes(160 + Int64(step) * 600, after: 30) }
            #expect(try world.campaign("spring").alerts.isEmpty)
            for step in 1...11 { try await goes(6_760 + Int64(step), after: 30) }
            #expect(try world.campaign("spring").alerts.map(\.code) == [.endsTooLate])
            #expect(try world.events(.alertRaised).count == 2)
            world.sender.finish(attempt, .sent)
            try await world.until { try world.states("spring") == [.sent] }
            #expect(try world.campaign("spring").alerts.isEmpty)
        }
    }

    @Test("little room on the ledger's file system is told while it lasts, and does not come and go")
    func room() async throws {
        try await World.run { world in
            world.session.leave((64 << 20) - 1)
            try await world.pass(1)
            #expect(try world.daemonAlerts() == [.diskLow])
            world.session.leave(70 << 20)
            try await world.pass(1)
            #expect(try world.daemonAlerts() == [.diskLow])
            world.session.leave(72 << 20)
            try await world.pass(1)
            #expect(try world.daemonAlerts().isEmpty)
            #expect(try world.events(.alertRaised).count == 1)
            world.session.leave(nil)
            try await world.pass(1)
            #expect(try world.daemonAlerts().isEmpty)
        }
    }

    @Test("what the administrator takes away is told of planned campaigns before their start, and gone with its end")
    func takenAway() async throws {
        try await World.run { world in
            try await world.activate("spring")
            try await world.activate("weekly", World.definition(start: "2026-05-04T09:00", every: "week"))
            try await world.activate("done", World.definition(start: nil))
            try await world.until { try world.states("done") == [.sent] }
            let whole = world.catalogue
            await world.engine.use(world.settings, Catalogue(surfaces: Array(whole.surfaces.values), audiences: []))
            try await world.pass(0)
            #expect(try world.campaign("spring").alerts.map(\.code) == [.audienceMissing])
            #expect(try world.campaign("weekly").alerts.map(\.code) == [.noEnd, .audienceMissing])
            #expect(try world.campaign("done").alerts.isEmpty)
            await world.engine.use(world.settings, whole)
            try await world.pass(0)
            #expect(try world.campaign("spring").alerts.isEmpty)
            #expect(try world.campaign("weekly").alerts.map(\.code) == [.noEnd])
        }
    }

    @Test("other settings move what is to come by itself, by a reload and by a restart")
    func otherSettings() async throws {
        try await World.run { world in
            try await world.activate("spring", World.definition(start: nil))
            try await world.until { try world.states("spring") == [.sent] }
            #expect(try world.store.earliestWake() == World.monday + 72 * 3_600)
            world.settings.completesAfter = .seconds(3_600)
            await world.engine.use(world.settings, world.catalogue)
            try await world.pass(0)
            #expect(try world.store.earliestWake() == World.monday + 3_600)
            world.settings.completesAfter = .seconds(60)
            try await world.restart()
            #expect(try world.store.earliestWake() == World.monday + 60)
            let written = world.session.writes
            await world.engine.use(world.settings, world.catalogue)
            #expect(world.session.writes == written + 1, "the same rules again wake nobody")
            #expect(try world.store.earliestWake() == World.monday + 60)
            try await world.pass(60)
            #expect(try world.status("spring") == .completed)
        }
    }

    @Test("one message too many is refused by the limit's name; a revision of one that is there is not")
    func messageLimit() async throws {
        try await World.run { world in
            world.settings.limits.messages = 1
            await world.engine.use(world.settings, world.catalogue)
            try await world.publish("hello")
            await #expect(
                throws: EngineError.refused(
                    .held(name: "limits.messages", why: "1 messages are there; raise the limit"))
            ) { try await world.publish("another") }
        }
    }
}
