import Testing

/// Every code of an alert: raised by its cause, told wherever people and programs look, and gone with its end.
/// `schedule-stuck` is the exception: no schedule leads there, and the model's tests have it.
@Suite("Alerts", .timeLimit(.minutes(10)))
struct AlertScenarioTests {
    // MARK: Found by checks

    @Test("what is missing blocks activation, all of it at once, and a planned campaign until it is back")
    func missing() async throws { try await Scenario.run("alerts_of_checks", "missing") }

    @Test("a schedule that would send nothing blocks activation, and a newer one that is over completes its campaign")
    func schedules() async throws { try await Scenario.run("alerts_of_checks", "schedules") }

    @Test("an empty audience, a missing title and a missing end are warned of, and block nothing")
    func warned() async throws { try await Scenario.run("alerts_of_checks", "warned") }

    // MARK: About sends

    @Test("a send that failed, or whose end nobody knows, is an alert until a person has seen it")
    func endedBadly() async throws { try await Scenario.run("alerts_of_sends", "ended_badly") }

    @Test("what could not begin in time is an alert until a person has seen it, and what is caught up is none")
    func notBegun() async throws { try await Scenario.run("alerts_of_sends", "not_begun") }

    @Test("a slow send, one that was left out for it, and one that outlives its campaign are warned of")
    func whileItRuns() async throws { try await Scenario.run("alerts_of_sends", "while_it_runs") }

    @Test("a slow send is warned of once, until it ends")
    func runsOn() async throws { try await Scenario.run("alerts_of_sends", "runs_on") }

    @Test("new zone data that move what is planned are warned of until a person has seen it")
    func zoneMoved() async throws { try await Scenario.run("alerts_of_sends", "zone_moved") }

    @Test("an acknowledgement takes what happened off a campaign, and leaves what is so")
    func acknowledged() async throws { try await Scenario.run("alerts_of_sends", "acknowledged") }

    @Test("the alerts of many campaigns come page by page, each once, the daemon's own first")
    func many() async throws { try await Scenario.run("alerts_of_sends", "many") }

    // MARK: Of the daemon itself

    @Test("a clock that nobody can believe is an alert, and holds everything until it is right")
    func clock() async throws { try await Scenario.run("alerts_of_the_daemon", "clock") }

    @Test("a ledger on another machine is an alert, and sends nothing until it is back on its own")
    func ledger() async throws { try await Scenario.run("alerts_of_the_daemon", "ledger") }

    @Test("a sender that does not answer is an alert, and what is due waits for it")
    func sender() async throws { try await Scenario.run("alerts_of_the_daemon", "sender") }

    @Test("a disk that is almost full is an alert until there is room")
    func disk() async throws { try await Scenario.run("alerts_of_the_daemon", "disk") }

    @Test("a zone that can't be read any more is warned of, and its campaigns go on as planned")
    func zones() async throws { try await Scenario.run("alerts_of_the_daemon", "zones") }

    // MARK: on_alert

    @Test("a new alert goes to the surface of on_alert at once, and once")
    func one() async throws { try await Scenario.run("on_alert", "one") }

    @Test("a burst of failures is two notices at most, which name each once")
    func burst() async throws { try await Scenario.run("on_alert", "burst") }

    @Test("what one cause raises everywhere is one notice, and what comes and goes is not told again")
    func together() async throws { try await Scenario.run("on_alert", "together") }

    @Test("a notice is told once, though the daemon is killed while its surface runs")
    func killed() async throws { try await Scenario.run("on_alert", "killed") }

    @Test("a notice that fails for now is tried again, and one that fails raises no alert")
    func refused() async throws { try await Scenario.run("on_alert", "refused") }
}
