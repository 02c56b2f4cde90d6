import ProgramRun
import SystemdMachine
import Testing

/// Webhooks through the daemon, against a server that does to each what a server can do.
@Suite("Webhooks through the daemon", .timeLimit(.minutes(10)))
struct WebhookScenarioTests {
    @Test("a whole answer decides, however long it takes; no redirect is followed, nothing is asked again by itself")
    func answered() async throws { try await Scenario.run("webhook", "answered") }

    @Test("no whole answer is an unknown outcome, repeated only where the campaign says so")
    func lost() async throws { try await Scenario.run("webhook", "lost") }

    @Test("what does no harm is tried again with its Idempotency-Key, not before the server wants it")
    func triedAgain() async throws { try await Scenario.run("webhook", "tried_again") }

    @Test("a peer that is not there or can't prove who it is gets nothing, and the send waits for it")
    func unreached() async throws { try await Scenario.run("webhook", "unreached") }

    @Test(
        "under systemd a secret of LoadCredential= reaches its peer or program, and nothing that is kept or told",
        .enabled(if: SystemdMachine.canRun, "Tests/Support/with-systemd can't boot a machine here; run it to see why"))
    func secrets() async throws { try await InstalledPackage.run("webhook_secrets") }
}
