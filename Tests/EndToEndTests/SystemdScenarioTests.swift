import SystemdMachine
import Testing

/// The real programs under a real systemd, one story a file in Scenarios/.
@Suite(
    "The programs under systemd",
    .enabled(if: SystemdMachine.canRun, "Tests/Support/with-systemd can't boot a machine here; run it to see why"),
    .timeLimit(.minutes(5)))
struct SystemdScenarioTests {
    @Test("the first campaign goes from draft to sent, over a restart, a stop and a hang of the daemon")
    func firstCampaign() async throws { try await run("first_campaign") }

    @Test("killed at any point, daemon and sender start no send twice and call none sent that was not")
    func crashPoints() async throws { try await run("crash_points_socket") }

    private func run(_ scenario: String) async throws {
        let outcome = try await SystemdMachine.run(
            "exec /usr/bin/python3 -B /project/Tests/EndToEndTests/Scenarios/\(scenario).py",
            programs: Dictionary(
                uniqueKeysWithValues: ["campaignd", "campaignctl", "campaign-send"].map { ("/usr/bin/\($0)", $0) }))
        #expect(outcome.status == 0, "\(outcome.errors)\(outcome.output)")
    }
}
