import Testing

/// docs/json.md is what programs rely on: its tables are read, and what campaignctl prints is held to them.
@Suite("The page on JSON", .timeLimit(.minutes(10)))
struct JSONPageTests {
    @Test("verbs on campaigns and on what they refer to print what the page tells of, with these keys and no others")
    func campaigns() async throws { try await Scenario.run("json_page") }

    @Test("verbs on sends, tests, the history and the daemon print what the page tells of, and no other keys")
    func sends() async throws { try await Scenario.run("json_sends") }

    @Test("every error is an object with the keys and the exit status that the page tells of")
    func errors() async throws { try await Scenario.run("json_errors") }
}
