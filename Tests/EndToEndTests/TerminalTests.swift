import Testing

/// campaignctl on a real pseudo-terminal.
@Suite("campaignctl on a terminal", .timeLimit(.minutes(10)))
struct TerminalTests {
    @Test("what may be long goes through the pager, and nothing else does")
    func pager() async throws { try await Scenario.run("terminal", "pager") }

    @Test("colours and cut lines on a terminal alone, and where they are asked for")
    func lines() async throws { try await Scenario.run("terminal", "lines") }

    @Test("what can't be taken back is asked about; anything but yes changes nothing")
    func questions() async throws { try await Scenario.run("terminal", "questions") }

    @Test("a refused file comes back with what is wrong above its line; given up, it is kept and nothing is changed")
    func editor() async throws { try await Scenario.run("terminal", "editor") }

    @Test("a watch shows the whole daemon, stays right when the terminal changes, and leaves it as it was")
    func watch() async throws { try await Scenario.run("terminal", "watch") }
}
