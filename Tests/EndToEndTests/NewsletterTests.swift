import Testing

/// The example newsletter of config/examples, with the mail server that takes it.
@Suite("The example newsletter", .timeLimit(.minutes(10)))
struct NewsletterTests {
    @Test("sent by the built-in mailer, it lies in the Maildir as mail; not sent or not come, it ends with no 0")
    func newsletter() async throws { try await Scenario.run("newsletter") }

    @Test("its mail server keeps every byte, takes nothing else for a message's end, and has limits that it tells")
    func mailServer() async throws { try await Scenario.run("smtp_sink") }
}
