import CampaignModel
@testable import Mail
import Testing

@Suite("Headers of a message")
struct HeaderTests {
    private func lines(_ message: MailMessage) -> [String] {
        let head = String(decoding: message.bytes, as: UTF8.self).split(separator: "\r\n\r\n", maxSplits: 1)[0]
        return head.split(separator: "\r\n").map(String.init)
    }

    private func error(
        _ headers: [(String, String)], settings: MailSettings? = nil, subject: String? = nil
    ) throws -> String? {
        let settings = try settings ?? Sample.settings()
        let content = Sample.content(subject: subject, headers: headers)
        return #expect(throws: MailTemplateError.self) { try MailTemplate(content, settings: settings) }?.description
    }

    @Test("the whole head of a newsletter")
    func newsletter() throws {
        var settings = try Sample.settings()
        settings.replyTo = try Mailbox("Büro <office@example.org>")
        settings.listID = "The Shop's news <news.example.org>"
        settings.recipientName = "{{name}}"
        let id = MessageID.text(key: Sample.key, to: try MailAddress("ann@example.org"), from: settings.from.address)
        let message = try Sample.message(
            Sample.content(
                subject: "Soldes d’été, {{name}}",
                headers: [
                    ("List-Unsubscribe", "<https://example.org/u?e={{email}}>"), ("X-Campaign", "spring {{city}}"),
                ]),
            settings: settings, columns: ["name": "Ann", "email": "ann@example.org"])
        #expect(
            lines(message) == [
                "Date: Mon, 05 Jan 2026 08:00:00 +0000",
                "From: The Shop <shop@example.org>",
                "To: Ann <ann@example.org>",
                "Message-ID: \(id)",
                "Subject: Soldes =?utf-8?b?ZOKAmcOpdMOpLA==?= Ann",
                "List-Id: The Shop's news <news.example.org>",
                "Reply-To: =?utf-8?q?B=C3=BCro?= <office@example.org>",
                "List-Unsubscribe: <https://example.org/u?e=ann%40example.org>",
                "List-Unsubscribe-Post: List-Unsubscribe=One-Click",
                "X-Campaign: spring",
                "Precedence: bulk",
                "MIME-Version: 1.0",
                "Content-Type: text/plain; charset=utf-8",
                "Content-Transfer-Encoding: quoted-printable",
            ])
        #expect(!message.needsUTF8)
    }

    @Test("a message's own headers win over the surface's")
    func own() throws {
        var settings = try Sample.settings()
        settings.replyTo = try Mailbox("office@example.org")
        settings.listID = "news.example.org"
        let headers = [
            ("From", "Anna of the Shop <SHOP@example.org>"), ("Reply-To", "Anna <anna+{{id}}@example.org>"),
            ("List-Id", "Spring <spring.example.org>"), ("Precedence", "list"),
        ]
        let message = try Sample.message(
            Sample.content(headers: headers), settings: settings, columns: ["id": "42"])
        let lines = lines(message)
        #expect(lines.contains("From: Anna of the Shop <SHOP@example.org>"))
        #expect(lines.filter { $0.hasPrefix("Reply-To:") } == ["Reply-To: Anna <anna+42@example.org>"])
        #expect(lines.filter { $0.hasPrefix("List-Id:") } == ["List-Id: Spring <spring.example.org>"])
        #expect(lines.filter { $0.hasPrefix("Precedence:") } == ["Precedence: list"])
    }

    @Test("one click is offered where there is an https URI, and a message does not say it itself", arguments: [
        ("<https://example.org/u>", [:], true), ("<HTTPS://example.org/u>", [:], true),
        ("<mailto:u@example.org>, <https://example.org/{{prénom}}>", ["prénom": "Zoë"], true),
        ("<mailto:u@example.org>", [:], false),
        ("<http://example.org/u>", [:], false), ("<{{x}}>", ["x": "https://example.org/u"], true),
        ("<{{x}}>", ["x": "mailto:u@example.org"], false), ("{{#x}}<{{x}}>{{/x}}", [:], false),
    ] as [(String, [String: String], Bool)])
    func oneClick(_ value: String, columns: [String: String], isOffered: Bool) throws {
        let line = "List-Unsubscribe-Post: List-Unsubscribe=One-Click"
        let message = try Sample.message(
            Sample.content(headers: [("List-Unsubscribe", value)]), columns: columns)
        #expect(lines(message).contains(line) == isOffered)
        let own = try Sample.message(
            Sample.content(
                headers: [("List-Unsubscribe", value), ("List-Unsubscribe-Post", "List-Unsubscribe=One-Click")]),
            columns: columns)
        #expect(lines(own).filter { $0 == line }.count == 1)
    }

    @Test("an https URI of another header offers nothing")
    func otherLinks() throws {
        let content = Sample.content(headers: [("List-Help", "<https://example.org/{{x}}>")])
        #expect(!lines(try Sample.message(content)).contains { $0.hasPrefix("List-Unsubscribe") })
    }

    @Test("what goes to one person, with no list's header, is no bulk")
    func single() throws {
        #expect(!lines(try Sample.message(Sample.content())).contains { $0.hasPrefix("Precedence") })
    }

    @Test("a header that comes to nothing is left out")
    func empty() throws {
        let content = Sample.content(subject: "{{x}}", headers: [("X-A", "{{x}}"), ("X-B", " ")])
        #expect(!lines(try Sample.message(content)).contains { $0.hasPrefix("Subject") || $0.hasPrefix("X-") })
    }

    private static let ours = "the mail surface sets it"
    private static let one = "each message goes to one recipient of the audience"
    private static let transport = "it is for those who carry the message"

    @Test("what a message may not set is refused by its name", arguments: [
        ("Date", ours), ("message-id", ours), ("MIME-Version", ours), ("Content-Type", ours),
        ("Content-Language", ours), ("To", one), ("Cc", one), ("BCC", one), ("Resent-To", one),
        ("Resent-From", transport), ("Received", transport),
        ("Return-Path", transport), ("DKIM-Signature", transport), ("ARC-Seal", transport),
        ("Authentication-Results", transport), ("Subject", "the message's subject says it"),
        ("Sender", "the surface's sender is the only one"),
    ])
    func refused(_ name: String, reason: String) throws {
        #expect(try error([(name, "x")]) == "headers.\(name): can't be set by a message: \(reason)")
    }

    private static let noList = "headers.List-Id: must be a name with dots, the same for all recipients, as "
        + "news.example.org or News <news.example.org>"

    @Test("what is wrong with a header is told with its name", arguments: [
        ([(".X", "x")], "headers..X: is not a header's name; use letters, digits and -, at most 128"),
        ([("X Y", "x")], "headers.X Y: is not a header's name; use letters, digits and -, at most 128"),
        ([("X\r\nBcc", "x")],
            #"headers.X\u{D}\u{A}Bcc: is not a header's name; use letters, digits and -, at most 128"#),
        ([("X", "x"), ("x", "y")], "headers.x: comes twice"),
        ([("X", "{{a")], "headers.X: {{a is a tag that does not end; }} is missing"),
        ([("From", "Eve <eve@example.net>")],
            "headers.From: has the address eve@example.net; only the surface's is allowed, shop@example.org"),
        ([("From", "{{x}} <shop@example.org>")],
            "headers.From: holds a tag; the sender is the same for all recipients"),
        ([("From", "Eve")], #"headers.From: "Eve" is not an address: it has no @; write name@example.org"#),
        ([("Reply-To", "a@example.org, b@example.org")], 
            "headers.Reply-To: it must be one address, as Office <office@example.org>"),
        ([("List-Unsubscribe", "https://example.org")],
            "headers.List-Unsubscribe: must hold its URI in brackets, as <https://example.org/unsubscribe>"),
        ([("List-Unsubscribe", "<https://example.org/é>")], "headers.List-Unsubscribe: holds a character beyond ASCII; "
            + "write a URI's as %XX, a host's as xn--…"),
        ([("List-Unsubscribe-Post", "yes")],
            "headers.List-Unsubscribe-Post: must be List-Unsubscribe=One-Click (RFC 8058)"),
        ([("List-Id", "news")], noList), ([("List-Id", "<{{x}}.example.org>")], noList),
    ] as [([(String, String)], String)])
    func wrong(_ headers: [(String, String)], message: String) throws {
        #expect(try error(headers) == message)
    }

    @Test("what is wrong with a setting is told with its key")
    func settings() throws {
        var settings = try Sample.settings()
        settings.listID = "news"
        #expect(try error([], settings: settings)?.hasPrefix("list_id: must be a name with dots") == true)
        settings.listID = nil
        settings.recipientName = "{{#name}}"
        #expect(
            try error([], settings: settings)
                == "to_name: line 1: {{#name}} is never closed; write {{/name}} where it ends")
    }

    @Test("a message without a body is refused")
    func noBody() throws {
        let content = Sample.content(text: nil)
        let settings = try Sample.settings()
        let error = #expect(throws: MailTemplateError.self) { try MailTemplate(content, settings: settings) }
        #expect(error?.description == "text: is missing, and html too; a message has one of them or both")
    }

    @Test("the template names its columns, each once, in their order")
    func columns() throws {
        var settings = try Sample.settings()
        settings.recipientName = "{{name}}"
        let content = Sample.content(
            subject: "{{city}} {{name}}", text: "{{#vip}}{{.}}{{/vip}}", html: "{{{city}}}{{url(email)}}",
            headers: [("X-A", "{{id}}")])
        #expect(try MailTemplate(content, settings: settings).columns == ["name", "city", "id", "vip", "email"])
    }

    @Test("a recipient whose columns make no header is told by the header's name alone")
    func recipientFaults() throws {
        let reply = Sample.content(headers: [("Reply-To", "{{x}}@example.org")])
        let error = #expect(throws: MailMessageError.self) { try Sample.message(reply, columns: ["x": "a b"]) }
        #expect(error?.description == "header Reply-To: it must be one address, as Office <office@example.org>")
        let long = Sample.content(headers: [("List-Unsubscribe", "<https://example.org/{{x}}>")])
        let columns = ["x": String(repeating: "a", count: 1_000)]
        #expect(
            #expect(throws: MailMessageError.self) { try Sample.message(long, columns: columns) }?.description
                == "header List-Unsubscribe: its value is too long a word, or not ASCII")
        let subject = Sample.content(subject: "{{x}}")
        let many = ["x": String(repeating: "a", count: 8_193)]
        #expect(
            #expect(throws: MailMessageError.self) { try Sample.message(subject, columns: many) }?.description
                == "header Subject: it has more than 8192 bytes")
    }

    @Test("a message has 25 MiB at most, however few its template has")
    func size() throws {
        let content = Sample.content(text: String(repeating: "語{{x}}", count: 100_000))
        #expect(throws: MailMessageError.tooLarge) {
            try Sample.message(content, columns: ["x": String(repeating: "a", count: 1_000_000)])
        }
        let file = MessageFile(name: "a", bytes: [UInt8](repeating: 0, count: 20 * 1_024 * 1_024))
        let settings = try Sample.settings()
        let attached = Sample.content(attachments: [file])
        let error = #expect(throws: MailTemplateError.self) { try MailTemplate(attached, settings: settings) }
        #expect(error?.description == "attachments: make a message of more than 26214400 bytes")
    }
}
