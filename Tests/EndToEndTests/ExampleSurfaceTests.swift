import ProgramRun
import SystemdMachine
import Testing

/// The surfaces of config/surfaces.d/examples, as an administrator installs them.
@Suite("The example surfaces", .timeLimit(.minutes(10)))
struct ExampleSurfaceTests {
    @Test("a plain script lays an order into a folder, once for a key, and nothing for a test")
    func script() async throws { try await Scenario.run("example_script") }

    @Test(
        "mail through the real msmtp: each gets one message, whatever is put off, refused, killed or cancelled",
        arguments: ["sends", "put_off", "refused", "nobody", "without_state", "killed", "cancelled", "asked"])
    func sendmail(walk: String) async throws { try await Scenario.run("example_sendmail", walk) }

    @Test(
        "mail through listmonk's API: one campaign a key, started once and followed, whatever answer is lost",
        arguments: [
            "sends", "lost_creation", "lost_start", "lost_for_long", "cancelled", "paused_there", "asked",
        ])
    func listmonk(walk: String) async throws { try await Scenario.run("example_listmonk", walk) }

    @Test("the file for ntfy is taken as it stands, and posts the request with its templates and token as headers")
    func ntfy() async throws { try await Scenario.run("example_ntfy") }

    @Test(
        "installed as they say, they work in the sender's sandbox with the drop-ins that they name, and a secret",
        .enabled(if: SystemdMachine.canRun, "Tests/Support/with-systemd can't boot a machine here; run it to see why"))
    func installed() async throws { try await InstalledPackage.run("example_installed") }
}
