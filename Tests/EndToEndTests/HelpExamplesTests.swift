import Testing

/// What the help shows is what people type first.
@Suite("The examples of the help", .timeLimit(.minutes(10)))
struct HelpExamplesTests {
    @Test("every example of every verb runs as it is written, at a moment at which it makes sense")
    func examples() async throws { try await Scenario.run("help_examples") }
}
