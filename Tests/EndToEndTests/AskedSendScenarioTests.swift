import Testing

/// `trigger` and `send-now`: sends that are asked for by name, beside what a schedule plans.
@Suite("Sends that are asked for", .timeLimit(.minutes(10)))
struct AskedSendScenarioTests {
    @Test("the same request id is the same send, over kills, restarts and a stop; the surface gets its data")
    func atOnce() async throws { try await Scenario.run("triggers", "at_once") }

    @Test("a trigger to come is told everywhere, fires at its time, and can be withdrawn; a stop cancels it")
    func toCome() async throws { try await Scenario.run("triggers", "to_come") }

    @Test("a trigger is refused outside the window, while paused, when not active, and for what can't be taken")
    func refused() async throws { try await Scenario.run("triggers", "refused") }

    @Test("a trigger that falls due in a pause is skipped, one that is too late is missed, and few enough are to come")
    func notBegun() async throws { try await Scenario.run("triggers", "not_begun") }

    @Test("a campaign's page shows its next five triggers, the list its first")
    func shown() async throws { try await Scenario.run("triggers", "shown") }

    @Test("send-now sends beside the schedule, which it does not move; the same request id is the same send")
    func beside() async throws { try await Scenario.run("send_now", "beside") }

    @Test("a one-shot is sent once unless a person says again")
    func once() async throws { try await Scenario.run("send_now", "once") }

    @Test("send-now is for active campaigns that are not paused, and whose overlap lets it")
    func sendNowRefused() async throws { try await Scenario.run("send_now", "refused") }

    @Test("of sends that are asked for at once one runs and one waits, whatever their ids")
    func inLine() async throws { try await Scenario.run("send_now", "in_line") }
}
