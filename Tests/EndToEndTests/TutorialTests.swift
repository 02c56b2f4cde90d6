import Testing

/// docs/tutorial.md, typed into a real terminal.
@Suite("The tutorial", .timeLimit(.minutes(10)))
struct TutorialTests {
    @Test("every command of the page shows on a terminal what the page shows")
    func page() async throws { try await Scenario.run("tutorial") }
}
