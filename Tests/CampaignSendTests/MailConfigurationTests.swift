import CampaignModel
import Mail
import StrictYAML
import SurfaceFiles
import Testing

/// What the mapping `mail` of a surface's file may say, and how a fault in it is told.
@Suite struct MailConfigurationTests {
    private static let start = "channel: email\nmail:\n"
    private static let from = start + "  from: news@example.org\n"
    private static let noAddress = "is no address; write news@example.org or Example Shop <news@example.org>"
    private static let noHost = "is no host; write a name or an IP address, without a port"
    private static let noList =
        "is no list's identifier; write news.example.org or Example News <news.example.org>"
    private static let noRate =
        "is no rate; write a whole number from 1 to 100000000, / and s, m, h or d, such as 10/s or 36000/h"

    private static func surface(_ text: String) throws -> SurfaceFile {
        let name = try #require(Slug("newsletter"))
        return try SurfaceFile(name: name, YAMLDocument.read(bytes: Array(text.utf8), file: "newsletter.yaml"))
    }

    private static func mail(_ text: String) throws -> MailSurface {
        guard case .mail(let settings) = try surface(text).delivery else { throw Missing() }
        return settings
    }

    private static func relay(_ lines: String) throws -> MailRelay {
        guard case .smtp(let relay) = try mail(lines).relay else { throw Missing() }
        return relay
    }

    private struct Missing: Error {}

    /// The file, and what is said of it after its name.
    static let faults: [(String, String)] = [
        ("channel: email\nmail: localhost\n",
         "2:7: mail: is a single value, and must be a mapping of keys to values"),
        ("channel: email\nmail: {}\n", "2:7: mail: from is missing; write from: Example Shop <news@example.org>"),
        (from + "  hots: a\n", "4:3: mail.hots: unknown key; did you mean host?"),
        (from + "  sendmial: /a\n", "4:3: mail.sendmial: unknown key; did you mean sendmail?"),
        (from + "webhook:\n  url: http://a\n", "4:1: webhook: is a second driver beside mail; a file has one"),
        (from + "idempotent: true\n",
         "4:13: idempotent: is for webhook; mail knows of each recipient what may be sent again"),
        // Addresses.
        (start + "  from: ''\n", "3:9: mail.from: \"\" " + noAddress),
        (start + "  from: Example Shop\n", "3:9: mail.from: \"Example Shop\" " + noAddress),
        (start + "  from: a@b@example.org\n", "3:9: mail.from: \"a@b@example.org\" " + noAddress),
        (start + "  from: '@example.org'\n", "3:9: mail.from: \"@example.org\" " + noAddress),
        (start + "  from: a@\n", "3:9: mail.from: \"a@\" " + noAddress),
        (start + "  from: a@-example.org\n", "3:9: mail.from: \"a@-example.org\" " + noAddress),
        (start + "  from: a@example..org\n", "3:9: mail.from: \"a@example..org\" " + noAddress),
        (start + "  from: a@exämple.org\n", "3:9: mail.from: \"a@exämple.org\" " + noAddress),
        (start + "  from: a..b@example.org\n", "3:9: mail.from: \"a..b@example.org\" " + noAddress),
        (start + "  from: a b@example.org\n", "3:9: mail.from: \"a b@example.org\" " + noAddress),
        (start + "  from: a@example.org, b@example.org\n",
         "3:9: mail.from: \"a@example.org, b@example.org\" " + noAddress),
        (start + "  from: Ann <a@example.org> x\n", "3:9: mail.from: \"Ann <a@example.org> x\" " + noAddress),
        (start + "  from: \"Ann\\r\\nBcc: eve@example.org <a@example.org>\"\n",
         "3:9: mail.from: \"Ann\\u{D}\\u{A}Bcc: eve@example.org <a@example.org>\" holds a control character"),
        (from + "  envelope_from: B <b@example.org>\n",
         "4:18: mail.envelope_from: must be an address alone, without a name"),
        (from + "  envelope_from: <>\n", "4:18: mail.envelope_from: \"<>\" " + noAddress),
        (from + "  reply_to: nobody\n", "4:13: mail.reply_to: \"nobody\" " + noAddress),
        (from + "  list_id: news\n", "4:12: mail.list_id: \"news\" " + noList),
        (from + "  list_id: News <news..org>\n", "4:12: mail.list_id: \"News <news..org>\" " + noList),
        (from + "  list_id: \"a\\nb <a.b>\"\n", "4:12: mail.list_id: \"a\\u{A}b <a.b>\" " + noList),
        // The relay.
        (from + "  host: smtp://a\n", "4:9: mail.host: \"smtp://a\" " + noHost),
        (from + "  host: a:25\n", "4:9: mail.host: \"a:25\" " + noHost),
        (from + "  host: '[::1]'\n", "4:9: mail.host: \"[::1]\" " + noHost),
        (from + "  host: ''\n", "4:9: mail.host: \"\" " + noHost),
        (from + "  port: 0\n", "4:9: mail.port: \"0\" is not a whole number from 1 to 65535"),
        (from + "  port: 65536\n", "4:9: mail.port: \"65536\" is not a whole number from 1 to 65535"),
        (from + "  port: smtp\n", "4:9: mail.port: \"smtp\" is not a whole number from 1 to 65535"),
        (from + "  tls: yes\n", "4:8: mail.tls: \"yes\" is not taken; allowed are none, starttls, implicit"),
        (from + "  tls: starttls\n  ca_file: ca.pem\n",
         "5:12: mail.ca_file: \"ca.pem\" must be a whole path, from /"),
        (from + "  ca_file: /ca.pem\n", "4:12: mail.ca_file: is for tls: starttls or tls: implicit"),
        (from + "  helo: a b\n", "4:9: mail.helo: \"a b\" is no name of a machine; write mail.example.org"),
        (from + "  helo: '[1.2.3.4]>'\n",
         "4:9: mail.helo: \"[1.2.3.4]>\" is no name of a machine; write mail.example.org"),
        (from + "  connect_timeout: 99ms\n",
         "4:20: mail.connect_timeout: \"99ms\" is out of range; allowed is 100ms to 5m"),
        (from + "  connections: 0\n", "4:16: mail.connections: \"0\" is not a whole number from 1 to 50"),
        (from + "  connections: 51\n", "4:16: mail.connections: \"51\" is not a whole number from 1 to 50"),
        (from + "  messages_per_connection: 0\n",
         "4:28: mail.messages_per_connection: \"0\" is not a whole number from 1 to 1000000"),
        // The login.
        (from + "  password: pw\ncredentials: [pw]\n", "4:13: mail.password: stands there without user"),
        (from + "  user: ann\n",
         "4:9: mail.user: stands there without password, which names one of credentials"),
        (from + "  user: ann\n  password: hunter2\n",
         "5:13: mail.password: is not the name of one of credentials; "
            + "the password itself stands in that credential's file, not here"),
        (from + "  user: ''\n  password: pw\ncredentials: [pw]\n",
         "4:9: mail.user: must have 1 to 255 bytes, none of them a control character"),
        (from + "  host: mx.example.org\n  tls: none\n  user: ann\n  password: pw\ncredentials: [pw]\n",
         "6:9: mail.user: would go over the network for all to read, and the password too, with tls: none"),
        (from + "  host: 127.example.org\n  tls: none\n  user: ann\n  password: pw\ncredentials: [pw]\n",
         "6:9: mail.user: would go over the network for all to read, and the password too, with tls: none"),
        // Rates.
        (from + "  rate: 10\n", "4:9: mail.rate: \"10\" " + noRate),
        (from + "  rate: 0/s\n", "4:9: mail.rate: \"0/s\" " + noRate),
        (from + "  rate: -1/s\n", "4:9: mail.rate: \"-1/s\" " + noRate),
        (from + "  rate: 10/min\n", "4:9: mail.rate: \"10/min\" " + noRate),
        (from + "  rate: 1.5/s\n", "4:9: mail.rate: \"1.5/s\" " + noRate),
        (from + "  rate: 100000001/d\n", "4:9: mail.rate: \"100000001/d\" " + noRate),
        (from + "  rate: 9/s/s\n", "4:9: mail.rate: \"9/s/s\" " + noRate),
        // sendmail.
        (from + "  sendmail: sendmail\n", "4:13: mail.sendmail: \"sendmail\" must be a whole path, from /"),
        (from + "  sendmail: /usr/sbin/sendmail\n  port: 25\n",
         "5:3: mail.port: is for a relay by SMTP; a file has either host or sendmail"),
    ]

    @Test("a fault in a mail surface's settings is refused with its place", arguments: faults)
    func fault(text: String, expected: String) {
        let error = #expect(throws: YAMLError.self) { try Self.surface(text) }
        #expect(error?.description == "newsletter.yaml:" + expected)
    }

    @Test("from alone is enough: this machine's relay, in plain text, one connection, three days")
    func defaults() throws {
        let surface = try Self.surface(Self.from)
        #expect(surface.timeout == .seconds(72 * 3_600))
        let mail = try Self.mail(Self.from)
        #expect(mail.settings.from.address.text == "news@example.org" && mail.settings.from.name == nil)
        #expect(mail.envelopeFrom.text == "news@example.org")
        #expect(mail.settings.replyTo == nil && mail.settings.listID == nil && mail.rate == nil)
        #expect(mail.settings.recipientName == nil)
        let relay = try Self.relay(Self.from)
        #expect(relay.host == "localhost" && relay.port == 25 && relay.security == .none)
        #expect(relay.login == nil && relay.authorities == nil && relay.helo == nil)
        #expect(relay.connections == 1 && relay.messagesPerConnection == 100)
        #expect(relay.connectTimeout == .seconds(60))
    }

    @Test("a relay elsewhere gets TLS and the port for it", arguments: [
        ("  host: mx.example.org\n", MailRelay.Security.startTLS, 587),
        ("  host: mx.example.org\n  tls: implicit\n", .implicit, 465),
        ("  host: mx.example.org\n  tls: none\n", .none, 25),
        ("  host: mx.example.org\n  port: 2525\n", .startTLS, 2_525),
        ("  host: ::1\n", .none, 25),
        ("  host: 127.0.0.2\n", .none, 25),
        ("  host: 127.0.0.2\n  tls: starttls\n", .startTLS, 587),
        ("  host: 2001:db8::25\n", .startTLS, 587),
        ("  host: 127.0.0.1.example.org\n", .startTLS, 587),
    ])
    func securities(lines: String, security: MailRelay.Security, port: Int) throws {
        let relay = try Self.relay(Self.from + lines)
        #expect(relay.security == security)
        #expect(relay.port == port)
    }

    @Test("every key is taken, at its bounds")
    func everyKey() throws {
        let text = Self.start + """
              from: '"Soldes d’été" <news+spring@example.org>'
              envelope_from: bounces@example.org
              reply_to: Ann <ann@example.org>
              to_name: '{{name}}'
              list_id: Example News <news.example.org>
              host: mx.example.org
              port: 65535
              tls: implicit
              ca_file: /etc/ssl/relay.pem
              user: news
              password: relay
              helo: '[192.0.2.1]'
              connect_timeout: 5m
              connections: 50
              messages_per_connection: 1000000
              rate: 100000000/d
            credentials: [spare, relay]
            timeout: 1h
            retries: 100
            max_concurrent: 1000

            """
        let mail = try Self.mail(text)
        let settings = mail.settings
        #expect(settings.from.name == "Soldes d’été" && settings.from.address.text == "news+spring@example.org")
        #expect(mail.envelopeFrom.text == "bounces@example.org")
        #expect(settings.replyTo?.name == "Ann" && settings.replyTo?.address.text == "ann@example.org")
        #expect(settings.listID == "Example News <news.example.org>" && settings.recipientName == "{{name}}")
        #expect(mail.rate == MailRate("100000000/d") && mail.rate?.window == .seconds(86_400))
        #expect(mail.rate?.description == "100000000/d")
        let relay = try Self.relay(text)
        #expect(relay.login?.user == "news" && relay.login?.password == "relay")
        #expect(relay.helo == "[192.0.2.1]" && relay.authorities == "/etc/ssl/relay.pem")
        #expect(relay.connections == 50 && relay.messagesPerConnection == 1_000_000)
        #expect(try Self.surface(text).timeout == .seconds(3_600))
    }

    @Test("sendmail stands in the place of a relay")
    func sendmail() throws {
        let settings = try Self.mail(Self.from + "  sendmail: /usr/sbin/sendmail\n  rate: 1/s\n")
        guard case .sendmail("/usr/sbin/sendmail") = settings.relay else { throw Missing() }
        #expect(settings.rate?.count == 1)
    }
}
