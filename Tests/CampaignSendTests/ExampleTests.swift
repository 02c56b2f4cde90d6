import CampaignModel
import Glibc
import SendProtocol
import Testing

/// The example surface of config/examples, run by the real campaign-send.
@Suite struct ExampleTests {
    /// The project's folder, from this file's place in it.
    static let project = #filePath.split(separator: "/").dropLast(3).map { "/" + $0 }.joined()

    private func rig(list: String, subject: String, text: String) throws -> (SenderRig, SenderRequest) {
        let rig = try SenderRig()
        rig.write(list, to: "list.csv")
        let program = Self.project + "/config/examples/maildir-surface"
        rig.surfaceFile("channel: email\ncommand:\n  run: [\(program), \(rig.path)/Maildir]\n")
        guard case .send(let old) = rig.request() else { fatalError() }
        let request = SendRequest(
            attempt: old.attempt, campaign: old.campaign, surface: old.surface, audience: old.audience,
            message: SentMessage(
                name: old.message.name, revision: 1,
                content: MessageContent(
                    subject: subject, text: text, html: nil,
                    file: MessageFile(name: "m.txt", bytes: Array(text.utf8)))),
            due: old.due)
        return (rig, .send(request))
    }

    private func messages(_ rig: SenderRig) -> [String] {
        rig.names("Maildir/new").compactMap { rig.text("Maildir/new/" + $0) }
    }

    @Test("each recipient gets one message, with the columns filled in")
    func delivers() throws {
        let (rig, request) = try rig(
            list: "email,name\nann@example.org,Ann\nbob@example.org,\"Bob \"\"B\"\" Brown\"\n",
            subject: "For {{name}} {{other}}", text: "Dear {{ name }},\nhello\n")
        #expect(try rig.answers(request).last == .outcome(.sent, SendProgress(done: 2, total: 2, failed: 0)))
        #expect(rig.names("Maildir") == ["cur", "new", "tmp"])
        #expect(rig.names("Maildir/tmp").isEmpty)
        let messages = messages(rig)
        #expect(messages.count == 2)
        let ann = try #require(messages.first { $0.contains("To: Ann <ann@example.org>\r\n") })
        #expect(ann.contains("Subject: For Ann {{other}}\r\n"))
        #expect(ann.hasSuffix("\r\n\r\nDear Ann,\r\nhello\r\n"))
        #expect(messages.contains { $0.contains("To: \"Bob \\\"B\\\" Brown\" <bob@example.org>\r\n") })
    }

    @Test("no column and no subject can add a header or a recipient")
    func injection() throws {
        let (rig, request) = try rig(
            list: """
                email,name
                ann@example.org,"Ann\r\nBcc: eve@example.net"
                "bob@example.org\r\nBcc: eve@example.net",Bob
                "cid@example.org, eve@example.net",Cid
                "\\"a b\\"@example.org",Dan
                eve@example.org,"Eve\u{2028}X: 1"

                """,
            subject: "Hi {{name}}\nBcc: eve@example.net", text: "x\n")
        #expect(try rig.answers(request).last == .outcome(.sent, SendProgress(done: 2, total: 5, failed: 3)))
        for message in messages(rig) {
            let head = try #require(message.split(separator: "\r\n\r\n", maxSplits: 1).first)
            let names = head.split(separator: "\r\n").filter { !$0.hasPrefix(" ") }.map { $0.prefix { $0 != ":" } }
            #expect(
                names == [
                    "From", "To", "Subject", "Date", "Message-ID", "X-Campaign", "Content-Type",
                    "Content-Transfer-Encoding", "MIME-Version",
                ])
        }
        #expect(rig.text("stderr")?.contains("eve@") == false)
    }

    @Test("a list without an email column, or without a file, fails with the reason in its log")
    func badList() throws {
        let (rig, request) = try rig(list: "name\nAnn\n", subject: "s", text: "t")
        let data = AttemptOutcome.failed(reason: "the surface ended with 65 (EX_DATAERR)")
        #expect(try rig.answers(request).last == .outcome(data, SendProgress()))
        #expect(rig.text("stderr")?.contains("the audience has no column email") == true)
        let (second, again) = try self.rig(list: "", subject: "s", text: "t")
        unlink(second.path + "/list.csv")
        let input = AttemptOutcome.failed(reason: "the surface ended with 66 (EX_NOINPUT)")
        #expect(try second.answers(again).last == .outcome(input, SendProgress()))
    }
}
