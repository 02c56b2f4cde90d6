import Testing

/// What campaign-send wrote and told, when the machine's power goes at any moment (Tests/Support/PowerCut).
@Suite("The power is cut", .timeLimit(.minutes(10)))
struct PowerCutTests {
    @Test(
        "in place of any call that changes a file or tells something: what was told stands, nothing begins twice",
        arguments: ["whole_send", "second_attempt", "never_to_run", "revoked", "cancelled"])
    func anyCall(walk: String) async throws { try await Scenario.run("power_cuts", walk) }

    @Test("a torn outcome, and a record that nobody holds after a reboot, are interrupted and never sent")
    func torn() async throws { try await Scenario.run("power_cuts", "torn") }
}
