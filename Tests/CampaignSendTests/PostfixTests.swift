import CampaignModel
import SeededRandom
import Testing

@testable import campaign_send

/// A mail server as people have it takes the messages, and delivers them as they were.
@Suite(.enabled(
    if: PostfixServer.canRun, "master(8) of Postfix needs root, and Tests/Support/unpack-postfix to have run"))
struct PostfixTests {
    private static let head = """
        From: Example Shop <news@example.org>\r
        To: someone@example.org\r
        Subject: Hello\r
        Date: Mon, 07 Dec 2026 09:00:00 +0100\r
        MIME-Version: 1.0\r

        """

    /// A message with a number of its own and lines that begin with dots.
    private static func bytes(_ number: Int, using random: inout SeededGenerator) -> [UInt8] {
        var text = head + "Message-ID: <\(number)@example.org>\r\n\r\n"
        for _ in 0..<Int.random(in: 0...400, using: &random) {
            text += String(repeating: ".", count: Int.random(in: 0...2, using: &random))
            text += String(repeating: "x", count: Int.random(in: 0...70, using: &random)) + "\r\n"
        }
        return Array(text.utf8)
    }

    /// The message without the headers that the server has set before it.
    private static func own(_ delivered: String) throws -> String {
        let start = try #require(delivered.firstRange(of: "From: Example Shop"))
        for line in delivered[..<start.lowerBound].split(separator: "\n") {
            let isTheirs = ["Return-Path: ", "X-Original-To: ", "Delivered-To: ", "Received: ", "\t"]
                .contains { line.hasPrefix($0) }
            #expect(isTheirs, "\(line)")
        }
        return String(delivered[start.lowerBound...])
    }

    private static func withLineFeeds(_ mail: OutgoingMail) -> String {
        String(decoding: mail.bytes, as: UTF8.self).replacing("\r\n", with: "\n")
    }

    @Test("300 messages over three connections arrive byte for byte, each once")
    func delivers() throws {
        let rig = try SenderRig()
        let server = try PostfixServer(rig)
        var random = SeededGenerator(seed: 7)
        let mails = (1...300).map { MailRun.mail($0, bytes: Self.bytes($0, using: &random)) }
        let relay = try rig.server(server.port, "  connections: 3\n  messages_per_connection: 40\n")
        let run = MailRun(try SMTPTransport(relay), mails)
        for outcome in try run.runToEnd().values {
            guard case .accepted(let reply) = outcome else { Issue.record("\(outcome)"); continue }
            #expect(reply.hasPrefix("250 2.0.0 Ok: queued as "))
        }
        run.transport.finish()
        let delivered = try server.messages(300).map(Self.own)
        #expect(delivered.count == 300)
        #expect(Set(delivered) == Set(mails.map(Self.withLineFeeds)))
    }

    @Test("refusals are understood as it writes them, and its limit of errors costs no recipient its result")
    func refuses() throws {
        let rig = try SenderRig()
        let server = try PostfixServer(rig)
        // It closes after 20 errors, smtpd_hard_error_limit.
        var mails = (1...50).map { MailRun.mail($0, to: $0 % 2 == 0 ? "refused@example.org" : "later@example.org") }
        mails += [
            MailRun.mail(51), MailRun.mail(52, to: "someone@elsewhere.example"),
            OutgoingMail(id: 53, sender: "banned@example.org", recipient: "53@example.org", bytes: MailRun.body),
            MailRun.mail(54, bytes: Array(MailRun.large.prefix(1_000_000)) + MailRun.body), MailRun.mail(55),
            MailRun.mail(56, to: "jürgen@example.org", needsUTF8: true),
        ]
        let run = MailRun(try SMTPTransport(rig.server(server.port)), mails)
        let outcomes = try run.runToEnd()
        for id in 1...50 {
            #expect(outcomes[id] == (id % 2 == 0
                ? .refused("550 5.1.1 <refused@example.org>: Recipient address rejected: no such user")
                : .temporary("450 4.2.0 <later@example.org>: Recipient address rejected: come again")))
        }
        #expect(outcomes[52] == .refused("554 5.7.1 <someone@elsewhere.example>: Relay access denied"))
        #expect(outcomes[53] == .notSent(MailFault(
            reason: "the relay answered the sender banned@example.org with 553 5.1.8 <banned@example.org>: "
                + "Sender address rejected: not from here", isLasting: true)))
        #expect(outcomes[54] == .refused("the message has 1000027 bytes; the relay takes 1000000 at most"))
        for id in [51, 55, 56] {
            guard case .accepted = outcomes[id] else { Issue.record("\(id): \(outcomes[id]!)"); continue }
        }
        #expect(try server.messages(3).count == 3)
    }

    @Test("its sendmail queues them as they are")
    func sendmail() throws {
        let rig = try SenderRig()
        let server = try PostfixServer(rig)
        server.makeSendmail()
        var random = SeededGenerator(seed: 8)
        let mails = (1...5).map { MailRun.mail($0, bytes: Self.bytes($0, using: &random)) }
        let transport = SendmailTransport(rig.path + "/sendmail", folder: "/")
        for outcome in try MailRun(transport, mails).runToEnd().values {
            #expect(outcome == .accepted("taken by \(rig.path)/sendmail"))
        }
        let delivered = try server.messages(5)
        #expect(delivered.allSatisfy { $0.hasPrefix("Return-Path: <bounces@example.org>\n") })
        #expect(Set(try delivered.map(Self.own)) == Set(mails.map(Self.withLineFeeds)))
        let large = MailRun.mail(6, bytes: Array(MailRun.large.prefix(1_000_000)) + MailRun.body)
        let reason = "sendmail: fatal: bounces@example.org(0): message file too big"
        #expect(try MailRun(transport, [large]).runToEnd()[6]
            == .temporary("\(rig.path)/sendmail ended with 75 (EX_TEMPFAIL): \(reason)"))
    }
}
