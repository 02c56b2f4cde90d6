import Testing

@Suite("What is to come", .timeLimit(.minutes(10)))
struct WhatIsToComeTests {
    @Test("what a simulation tells is what then happens, over a change of the clocks; nothing of it is done")
    func simulation() async throws { try await Scenario.run("what_is_to_come", "simulation") }

    @Test("a simulation takes files as if they were activated, tells their clashes, and refuses what is not ready")
    func withFile() async throws { try await Scenario.run("what_is_to_come", "with_file") }

    @Test("a calendar file is read by another's parser: each occurrence at its instant, with an identity that stays")
    func calendarFile() async throws { try await Scenario.run("what_is_to_come", "calendar_file") }

    @Test("a calendar has each occurrence on its day at its local time, drafts where asked for, clashes marked")
    func calendar() async throws { try await Scenario.run("what_is_to_come", "calendar") }
}
