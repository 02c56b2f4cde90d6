import Foundation
import ProgramRun
import SystemdMachine
import Testing

/// The package under a real systemd, one story a file in Scenarios/.
@Suite(
    "The programs under systemd",
    .enabled(if: SystemdMachine.canRun, "Tests/Support/with-systemd can't boot a machine here; run it to see why"),
    .timeLimit(.minutes(10)))
struct SystemdScenarioTests {
    @Test("the first campaign goes from draft to sent, over a restart, a stop and a hang of the daemon")
    func firstCampaign() async throws { try await InstalledPackage.run("first_campaign") }

    @Test("killed at any point, daemon and sender start no send twice and call none sent that was not")
    func crashPoints() async throws { try await InstalledPackage.run("crash_points_socket") }

    @Test("a restart and a kill of the daemon lose and repeat nothing; a sender's end leaves its send interrupted")
    func restarts() async throws { try await InstalledPackage.run("restarts") }

    @Test("a stop at any moment hands nothing over after its reply; a cancel ends the surface and keeps what was sent")
    func stops() async throws { try await InstalledPackage.run("stops") }

    @Test("surfaces that flood, write rubbish, leave children behind or ignore TERM harm nobody else")
    func hostile() async throws { try await InstalledPackage.run("hostile") }

    @Test("a daemon stopped in the middle of twenty campaigns with two places goes on, and sends each once")
    func drained() async throws { try await InstalledPackage.run("drained") }

    @Test("a ledger put back from before a send, or from the middle of one, does not send it again")
    func restored() async throws { try await InstalledPackage.run("restored") }

    @Test("a daemon that is asked for something without a pause ticks all the same")
    func busy() async throws { try await InstalledPackage.run("busy") }

    @Test("a thousand one-line sends of one campaign are each sent once, and the journal has a thousand lines")
    func thousandLines() async throws { try await InstalledPackage.run("thousand_lines") }

    @Test("a thousand campaigns at one instant are each sent once, within the caps, and the socket unit takes it")
    func thousandCampaigns() async throws { try await InstalledPackage.run("thousand_campaigns") }

    @Test("a reload takes all of a new configuration, or fails and changes nothing")
    func reloads() async throws { try await InstalledPackage.run("reloads") }

    @Test("metrics are written twice a minute while the daemon runs, and never start one that is stopped")
    func metricsUnits() async throws { try await InstalledPackage.run("metrics_units") }

    @Test("the sandboxes hold: the daemon has no network, no program and nothing to write but its state; surfaces work")
    func sandbox() async throws { try await InstalledPackage.run("sandbox") }

    @Test("a clock that reads 1970, is behind or is set fires nothing twice and misses nothing that was not late by it")
    func clockOfAMachine() async throws { try await InstalledPackage.run("clock_of_a_machine") }

    @Test("limits on files, descriptors and memory end in no wrong state, and all goes on when they are raised")
    func limits() async throws { try await InstalledPackage.run("limits") }

    /// With `CAMPAIGND_RECORD` set the page is written anew instead.
    @Test("docs/journal.md is what the journal tells of a campaign's whole life")
    func journalPage() async throws {
        guard ProcessInfo.processInfo.environment["CAMPAIGND_RECORD"] != nil else {
            try await InstalledPackage.run("journal_page")
            return
        }
        let page = try await InstalledPackage.run("journal_page", "--record").standardOutput
        try page.write(
            to: SystemdMachine.root.appending(path: "docs/journal.md"), atomically: true, encoding: .utf8)
    }
}
