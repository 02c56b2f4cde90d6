import Testing

/// The real programs without systemd, in folders of their own: what people and administrators meet, and what must hold
/// when they are killed, left alone, or their clock is set.
@Suite("The programs in three folders", .timeLimit(.minutes(10)))
struct ScenarioTests {
    @Test("killed at any point, daemon and sender start no send twice and call none sent that was not")
    func crashPoints() async throws { try await Scenario.run("crash_points_child") }

    @Test("an idle daemon with 1,000 campaigns wakes for its ticks alone and stays small")
    func idle() async throws { try await Scenario.run("idle") }

    @Test("a campaign keeps its local time when clocks change, and a clock that is set repeats and loses nothing")
    func clock() async throws { try await Scenario.run("clock") }

    @Test("off for a year with a campaign every minute: one catch-up, one summary, and on with the next minute")
    func downtime() async throws { try await Scenario.run("downtime") }

    @Test("the zone database changes under the daemon: plans move with their local time, and nothing is repeated")
    func zones() async throws { try await Scenario.run("zones") }

    @Test("a daemon that can't start says why in one sentence and changes nothing")
    func badStart() async throws { try await Scenario.run("bad_start") }

    @Test("the ledger is copied, looked through, put back and adopted, and a clock taken for right")
    func ledgerCare() async throws { try await Scenario.run("ledger_care") }

    @Test("ten thousand get a newsletter by mail, or have another end; a sender that is killed sends none twice")
    func mail() async throws { try await Scenario.run("mail") }

    @Test("a large send by mail keeps no small one of another surface or campaign waiting; ends-too-late is told")
    func mailSideBySide() async throws { try await Scenario.run("mail_side_by_side") }

    @Test("who unsubscribes while a send goes on gets nothing from then on, whatever is restarted, killed and retried")
    func suppress() async throws { try await Scenario.run("suppress") }

    @Test("a ledger of an earlier schema is migrated; a daemon that is killed meanwhile loses nothing of it")
    func migration() async throws { try await Scenario.run("migration") }

    @Test("settings come from files, drop-ins and variables; a reload takes all or nothing, and status tells which")
    func configuration() async throws { try await Scenario.run("configuration") }

    @Test("a signal is taken from the moment on in which the daemon says that it is ready, a reload as a reload")
    func signals() async throws { try await Scenario.run("signals") }

    @Test("a person's first hour: what is wrong is told, what is right is done, and nothing else happens")
    func firstHour() async throws { try await Scenario.run("first_hour") }

    @Test("whatever a surface does, its send ends in the right state and the daemon answers meanwhile")
    func surfaces() async throws { try await Scenario.run("surfaces") }

    @Test("campaigns are listed page by page, each once, with flat memory on both sides")
    func largeList() async throws { try await Scenario.run("large_list") }

    @Test("every status with every command: what is allowed does it, all else is refused and changes nothing")
    func commands() async throws { try await Scenario.run("commands") }
}
