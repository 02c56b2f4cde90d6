import Testing

@testable import campaign_send

/// One message's commands and replies, without a connection.
@Suite struct SMTPExchangeTests {
    private static func reply(_ text: String) -> SMTPReply {
        var reader = SMTPReplyReader()
        return reader.read(Array((text + "\r\n").utf8)[...])[0]
    }

    private static func features(_ lines: String...) -> SMTPFeatures {
        SMTPFeatures(SMTPReply(code: 250, lines: ["relay.test"] + lines))
    }

    /// Gives a new exchange the replies and notes after each what is said; a text in brackets is an event.
    private static func talk(
        _ features: SMTPFeatures, _ replies: [String], mail: OutgoingMail = MailRun.mail(1), needsReset: Bool = false
    ) -> (said: [String], exchange: SMTPExchange) {
        var exchange = SMTPExchange(mail, features, needsReset: needsReset)
        var said = [exchange.begin()]
        for reply in replies {
            switch reply {
            case "(written)": exchange.noteWritten()
            case "(lost)": exchange.lose("lost")
            case "(withdrawn)": exchange.withdraw()
            case "(abandoned)": exchange.abandon()
            default: said.append(exchange.take(Self.reply(reply)))
            }
        }
        return (said.map { String(decoding: $0, as: UTF8.self) }.filter { !$0.isEmpty }, exchange)
    }

    private static let commands = ["MAIL FROM:<bounces@example.org>\r\n", "RCPT TO:<1@example.org>\r\n", "DATA\r\n"]
    private static let content = "Subject: Hello\r\n\r\nBonjour\r\n.\r\n"

    @Test("without PIPELINING each command waits for the reply before it; with it they go out at once")
    func order() {
        let replies = ["250 a", "250 b", "354 c", "(written)", "250 2.0.0 d"]
        let plain = Self.talk(SMTPFeatures(), replies)
        #expect(plain.said == Self.commands + [Self.content])
        let piped = Self.talk(Self.features("PIPELINING"), replies)
        #expect(piped.said == [Self.commands.joined(), Self.content])
        for exchange in [plain.exchange, piped.exchange] {
            #expect(exchange.outcome == .accepted("250 2.0.0 d"))
            #expect(!exchange.needsReset && !exchange.mustClose)
        }
    }

    @Test("a transaction that was left open is reset first")
    func reset() {
        let replies = ["250 a", "250 b", "250 c", "354 d", "(written)", "250 e"]
        let plain = Self.talk(SMTPFeatures(), replies, needsReset: true)
        #expect(plain.said == ["RSET\r\n"] + Self.commands + [Self.content])
        #expect(plain.exchange.outcome == .accepted("250 e"))
        let piped = Self.talk(Self.features("pipelining"), ["250 a", "550 b"], needsReset: true)
        #expect(piped.said == ["RSET\r\n" + Self.commands.joined()])
        let bad = Self.talk(SMTPFeatures(), ["500 a"], needsReset: true).exchange
        #expect(bad.mustClose && bad.wasLeftUnread)
        #expect(bad.outcome == .notSent(MailFault(reason: "the relay answered RSET with 500 a", isLasting: false)))
    }

    private static let sender = "the relay answered the sender bounces@example.org with "
    private static let lost = MailOutcome.notSent(MailFault(reason: "lost", isLasting: false))

    /// Replies with PIPELINING; the outcome; whether RSET is next; whether the connection is over; whether the message
    /// may go over another.
    static let ends: [([String], MailOutcome, Bool, Bool, Bool)] = [
        // The sender: nothing of the recipient's.
        (["450 4.7.1 slow", "503 b", "503 c"],
         .notSent(MailFault(reason: sender + "450 4.7.1 slow", isLasting: false)), false, false, false),
        (["553 5.7.1 not you", "503 b", "503 c"],
         .notSent(MailFault(reason: sender + "553 5.7.1 not you", isLasting: true)), false, false, false),
        (["421 4.3.2 bye"], .notSent(MailFault(reason: sender + "421 4.3.2 bye", isLasting: false)), false, true, true),
        (["552 too large", "503 b", "503 c"], .refused("552 too large"), false, false, false),
        (["550 5.3.4 too large", "503 b", "503 c"], .refused("550 5.3.4 too large"), false, false, false),
        // The recipient.
        (["250 a", "550 5.1.1 nobody", "503 c"], .refused("550 5.1.1 nobody"), true, false, false),
        (["250 a", "450 4.2.1 busy", "554 no recipients"], .temporary("450 4.2.1 busy"), true, false, false),
        (["250 a", "421 4.7.0 enough"], .temporary("421 4.7.0 enough"), true, true, false),
        (["250 a", "550 nobody", "(lost)"], .refused("550 nobody"), true, true, false),
        // The sender again, of which some speak here only.
        (["250 a", "550 5.1.8 no such domain", "503 c"],
         .notSent(MailFault(reason: sender + "550 5.1.8 no such domain", isLasting: true)), true, false, false),
        (["250 a", "450 4.1.8 no such domain now", "503 c"],
         .notSent(MailFault(reason: sender + "450 4.1.8 no such domain now", isLasting: false)), true, false, false),
        (["250 a", "530 5.7.0 log in first", "503 c"],
         .notSent(MailFault(reason: sender + "530 5.7.0 log in first", isLasting: true)), true, false, false),
        // A server that wants a message for nobody gets an empty one.
        (["250 a", "550 nobody", "354 go", "554 no valid recipients"], .refused("550 nobody"), false, false, false),
        (["250 a", "550 nobody", "354 go", "(lost)"], .refused("550 nobody"), true, true, false),
        // DATA.
        (["250 a", "251 forwarded", "451 c"], .temporary("451 c"), true, false, false),
        (["250 a", "250 b", "554 5.7.1 policy"], .refused("554 5.7.1 policy"), true, false, false),
        (["250 a", "250 b", "250 c"],
         .notSent(MailFault(reason: "the relay answered 250 c, which does not fit", isLasting: false)),
         true, true, false),
        // The message.
        (["250 a", "250 b", "354 c", "(written)", "554 5.7.1 spam"], .refused("554 5.7.1 spam"), false, false, false),
        (["250 a", "250 b", "354 c", "(written)", "452 4.3.1 full"], .temporary("452 4.3.1 full"), false, false, false),
        (["250 a", "250 b", "354 c", "(written)", "421 bye"], .temporary("421 bye"), false, true, false),
        (["250 a", "250 b", "354 c", "(written)", "354 what"],
         .unknown("the relay answered 354 what, which does not fit"), false, true, false),
        // A reply before the end of the message: it is not sent to its end.
        (["250 a", "250 b", "354 c", "552 5.3.4 too much"], .refused("552 5.3.4 too much"), true, true, false),
        (["250 a", "250 b", "354 c", "421 bye"], .temporary("421 bye"), true, true, false),
        (["250 a", "250 b", "354 c", "250 d"],
         .notSent(MailFault(reason: "the relay answered 250 d, which does not fit", isLasting: false)),
         true, true, false),
        // Lost, at each place.
        (["(lost)"], lost, false, true, true),
        (["250 a", "(lost)"], lost, true, true, false),
        (["250 a", "250 b", "(lost)"], lost, true, true, false),
        (["250 a", "250 b", "354 c", "(lost)"], lost, true, true, false),
        (["250 a", "250 b", "354 c", "(written)", "(lost)"],
         .unknown("the whole message was written, and no reply came: lost"), true, true, false),
        (["250 a", "250 b", "354 c", "(written)", "250 d", "(lost)"], .accepted("250 d"), false, true, false),
        // Stopped, at each place.
        (["(withdrawn)"], .withdrawn, false, true, true),
        (["250 a", "250 b", "(withdrawn)"], .withdrawn, true, true, false),
        (["250 a", "550 b", "(withdrawn)"], .refused("550 b"), true, true, false),
        (["250 a", "250 b", "354 c", "(withdrawn)", "(written)", "250 d"], .accepted("250 d"), false, false, false),
        (["250 a", "(abandoned)"], .withdrawn, true, true, false),
        (["250 a", "250 b", "354 c", "(abandoned)"], .withdrawn, true, true, false),
        (["250 a", "250 b", "354 c", "(written)", "(abandoned)"],
         .unknown("the whole message was written, and no reply came: the sender was stopped"), true, true, false),
    ]

    @Test("every reply at every place has its meaning", arguments: ends)
    func end(
        replies: [String], outcome: MailOutcome, needsReset: Bool, mustClose: Bool, wasLeftUnread: Bool
    ) throws {
        let exchange = Self.talk(Self.features("PIPELINING"), replies).exchange
        #expect(exchange.outcome == outcome)
        #expect(exchange.needsReset == needsReset)
        #expect(exchange.mustClose == mustClose)
        #expect(exchange.wasLeftUnread == wasLeftUnread)
    }

    @Test("what a server does not offer or take is known before anything is said")
    func locally() {
        let ascii = Self.talk(SMTPFeatures(), [], mail: MailRun.mail(1, to: "ü@example.org", needsUTF8: true))
        #expect(ascii.said.isEmpty)
        #expect(ascii.exchange.outcome
            == .refused("the relay takes no address or header beyond ASCII (it offers no SMTPUTF8)"))
        let mail = MailRun.mail(1, to: "ü@example.org", needsUTF8: true)
        let international = Self.talk(Self.features("SMTPUTF8", "SIZE"), ["250 a"], mail: mail)
        #expect(international.said == [
            "MAIL FROM:<bounces@example.org> SIZE=\(MailRun.body.count) BODY=8BITMIME SMTPUTF8\r\n",
            "RCPT TO:<ü@example.org>\r\n",
        ])
        let small = Self.talk(Self.features("SIZE 26"), [])
        #expect(small.said.isEmpty)
        #expect(small.exchange.outcome == .refused("the message has 27 bytes; the relay takes 26 at most"))
        let enough = Self.talk(Self.features("size 27"), [])
        #expect(enough.said == ["MAIL FROM:<bounces@example.org> SIZE=27\r\n"])
        let smuggled = Self.talk(SMTPFeatures(), [], mail: MailRun.mail(1, bytes: Array("a\n.\r\nb".utf8)))
        #expect(smuggled.said.isEmpty)
        #expect(smuggled.exchange.outcome
            == .refused("the message has a CR or an LF that is not the end of a line"))
    }

    // MARK: Replies

    @Test("replies are the same wherever they are cut")
    func replies() {
        let text = "250-2.0.0 one\r\n250-2.0.0 two\r\n250 2.0.0 three\r\n354\r\n550 no\n421-\r\n421 \r\n"
        let bytes = Array(text.utf8)
        let expected = [
            SMTPReply(code: 250, lines: ["2.0.0 one", "2.0.0 two", "2.0.0 three"]), SMTPReply(code: 354, lines: [""]),
            SMTPReply(code: 550, lines: ["no"]), SMTPReply(code: 421, lines: ["", ""]),
        ]
        for cut in 0...bytes.count {
            var reader = SMTPReplyReader()
            #expect(reader.read(bytes[..<cut]) + reader.read(bytes[cut...]) == expected)
            #expect(reader.fault == nil)
        }
        #expect(expected.map(\.description) == ["250 2.0.0 one two three", "354", "550 no", "421"])
        #expect(expected.map(\.status) == ["2.0.0", nil, nil, nil])
    }

    @Test("what is no reply, or none that ends, is a fault", arguments: [
        ("hello\r\n", "the relay wrote what is no reply of SMTP"), ("\r\n", "the relay wrote what is no reply of SMTP"),
        ("25\r\n", "the relay wrote what is no reply of SMTP"),
        ("2500 ok\r\n", "the relay wrote what is no reply of SMTP"),
        ("999 ok\r\n", "the relay wrote what is no reply of SMTP"),
        ("150 ok\r\n", "the relay wrote what is no reply of SMTP"),
        (String(repeating: "250-a\r\n", count: 101), "the relay wrote a reply of more than 100 lines"),
    ])
    func noReply(text: String, fault: String) {
        var reader = SMTPReplyReader()
        #expect(reader.read(Array(("220 hi\r\n" + text + "250 ok\r\n").utf8)[...])
            == [SMTPReply(code: 220, lines: ["hi"])])
        #expect(reader.fault == fault)
        #expect(reader.read(Array("250 ok\r\n".utf8)[...]).isEmpty)
    }

    @Test("a reply is shown on one line, with nothing that a terminal acts on, and not longer than people read")
    func shown() {
        let long = Self.reply("550 5.1.1 \u{1B}[31m" + String(repeating: "x", count: 5_000))
        #expect(long.lines[0].utf8.count == 1_024)
        #expect(long.description.hasPrefix("550 5.1.1 \\u{1B}[31mxxx"))
        #expect(long.description.utf8.count <= 500)
    }

    // MARK: Content

    @Test("dots at the start of lines come out as they went in", arguments: [
        ("", ".\r\n"), (".", "..\r\n.\r\n"), ("a", "a\r\n.\r\n"), ("a\r\n", "a\r\n.\r\n"),
        ("\r\n", "\r\n.\r\n"), (".\r\n", "..\r\n.\r\n"), (".\r\n.\r\n", "..\r\n..\r\n.\r\n"),
        ("a.\r\n..b\r\n\r\n.", "a.\r\n...b\r\n\r\n..\r\n.\r\n"),
    ])
    func dots(message: String, encoded: String) {
        #expect(SMTPContent.encoded(Array(message.utf8)) == Array(encoded.utf8))
    }

    @Test("no CR or LF of a message stands alone", arguments: [
        "\n", "\r", "a\nb\r\n", "a\rb\r\n", "a\r\r\n", "a\r\n\n", "a\r\n\r", "\n.\r\n", "a\r\n.\r", "\r\n\r\n\n.\n",
    ])
    func bareLineEnds(message: String) {
        #expect(SMTPContent.encoded(Array(message.utf8)) == nil)
    }
}
