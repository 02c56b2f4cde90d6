import Mail
import Testing

@Suite("Addresses")
struct AddressTests {
    private static let addresses: [(String, local: String, domain: String, text: String)] = [
        ("ann@example.org", "ann", "example.org", "ann@example.org"),
        ("  ann@example.org\t", "ann", "example.org", "ann@example.org"),
        ("Ann.B@Example.ORG", "Ann.B", "example.org", "Ann.B@example.org"),
        ("ann+news@example.org", "ann+news", "example.org", "ann+news@example.org"),
        ("!#$%&'*+-/=?^_`{|}~@example.org", "!#$%&'*+-/=?^_`{|}~", "example.org", "!#$%&'*+-/=?^_`{|}~@example.org"),
        ("o'neill@a-b.example", "o'neill", "a-b.example", "o'neill@a-b.example"),
        ("root@localhost", "root", "localhost", "root@localhost"),
        ("1@2.example", "1", "2.example", "1@2.example"),
        ("\"ann and bob\"@example.org", "ann and bob", "example.org", "\"ann and bob\"@example.org"),
        ("\"ann\"@example.org", "ann", "example.org", "ann@example.org"),
        ("\"a..b\"@example.org", "a..b", "example.org", "\"a..b\"@example.org"),
        ("\".a\"@example.org", ".a", "example.org", "\".a\"@example.org"),
        (#""a\"b\\c"@example.org"#, #"a"b\c"#, "example.org", #""a\"b\\c"@example.org"#),
        ("\"a@b\"@example.org", "a@b", "example.org", "\"a@b\"@example.org"),
        ("ann@[192.0.2.1]", "ann", "[192.0.2.1]", "ann@[192.0.2.1]"),
        ("ann@[ipv6:2001:DB8::1]", "ann", "[IPv6:2001:db8::1]", "ann@[IPv6:2001:db8::1]"),
        ("ann@[IPv6:::ffff:192.0.2.1]", "ann", "[IPv6:::ffff:192.0.2.1]", "ann@[IPv6:::ffff:192.0.2.1]"),
        ("ann@xn--bcher-kva.example", "ann", "xn--bcher-kva.example", "ann@xn--bcher-kva.example"),
        ("jörg@BÜCHER.example", "jörg", "bücher.example", "jörg@bücher.example"),
        ("用户@例子.广告", "用户", "例子.广告", "用户@例子.广告"),
        ("अजय@डाटा.भारत", "अजय", "डाटा.भारत", "अजय@डाटा.भारत"),
        (String(repeating: "a", count: 64) + "@example.org", String(repeating: "a", count: 64), "example.org",
            String(repeating: "a", count: 64) + "@example.org"),
    ]

    @Test("an address is read into its parts", arguments: addresses)
    func taken(_ text: String, local: String, domain: String, written: String) throws {
        let address = try MailAddress(text)
        #expect(address.localPart == local)
        #expect(address.domain == domain)
        #expect(address.text == written)
        #expect(try MailAddress(address.text) == address)
    }

    private static let others: [(String, reason: String)] = [
        ("", "it is empty; write name@example.org"),
        (" \t", "it is empty; write name@example.org"),
        ("ann", "it has no @; write name@example.org"),
        ("@example.org", "nothing stands before the @; write name@example.org"),
        ("ann@", "nothing stands after the @; write name@example.org"),
        ("ann b@example.org", "it holds a space before the @; letters, digits and .!#$%&'*+-/=?^_`{|}~ are allowed"),
        ("ann,bob@example.org", "it holds , before the @; letters, digits and .!#$%&'*+-/=?^_`{|}~ are allowed"),
        ("a@b@example.org", "it holds @ before the @; letters, digits and .!#$%&'*+-/=?^_`{|}~ are allowed"),
        ("<ann@example.org>", "it holds < before the @; letters, digits and .!#$%&'*+-/=?^_`{|}~ are allowed"),
        (".ann@example.org", "before the @ a dot stands at an end or beside another; put that part in \"quotes\""),
        ("a..b@example.org", "before the @ a dot stands at an end or beside another; put that part in \"quotes\""),
        ("\"ann@example.org", "the quotes before the @ are not closed"),
        ("\"ann\"b@example.org", "something stands between its quotes and the @"),
        ("\"\"@example.org", "nothing stands in its quotes"),
        ("ann@example..org", "in its domain a dot stands at an end or beside another"),
        ("ann@example.org.", "in its domain a dot stands at an end or beside another"),
        ("ann@-a.example", "its domain must be words of letters, digits and - with dots between, as example.org"),
        ("ann@a_b.example", "its domain must be words of letters, digits and - with dots between, as example.org"),
        ("ann@example.org>", "its domain must be words of letters, digits and - with dots between, as example.org"),
        ("ann@192.0.2.1", "its domain ends with a number; write an IP address in brackets, as [192.0.2.1]"),
        ("ann@[192.0.2.1", "the bracket after the @ is not closed"),
        ("ann@[192.0.2.256]", "in brackets an IP address is allowed, as [192.0.2.1] or [IPv6:2001:db8::1]"),
        ("ann@[192.0.2.01]", "in brackets an IP address is allowed, as [192.0.2.1] or [IPv6:2001:db8::1]"),
        ("ann@[IPv6:1::2::3]", "in brackets an IP address is allowed, as [192.0.2.1] or [IPv6:2001:db8::1]"),
        ("ann@[IPv6:1:2:3:4:5:6:7]", "in brackets an IP address is allowed, as [192.0.2.1] or [IPv6:2001:db8::1]"),
        ("ann@[tag:content]", "in brackets an IP address is allowed, as [192.0.2.1] or [IPv6:2001:db8::1]"),
        ("ann@example.org\r\nRCPT TO:<eve@example.net>", "it holds the invisible character U+D; none is allowed"),
        ("ann\n@example.org", "it holds the invisible character U+A; none is allowed"),
        ("ann\0@example.org", "it holds the invisible character U+0; none is allowed"),
        ("ann@example.org\u{200B}", "it holds the invisible character U+200B; none is allowed"),
        ("\u{FEFF}ann@example.org", "it holds the invisible character U+FEFF; none is allowed"),
        ("ann@example\u{A0}.org", "it holds the invisible character U+A0; none is allowed"),
        ("\u{202E}ann@example.org", "it holds the invisible character U+202E; none is allowed"),
        (String(repeating: "a", count: 65) + "@example.org", "it has 65 bytes before the @; 64 at most are allowed"),
        ("ann@\(String(repeating: "a", count: 64)).example", "a word of its domain has more than 63 bytes"),
        ("ann@" + String(repeating: "a.", count: 127) + "xy", "it has 256 bytes after the @; 255 at most are allowed"),
        ("ann@" + String(repeating: "a.", count: 125) + "x", "it has 255 bytes; 254 at most are allowed"),
        (String(repeating: "a", count: 100_000), "it has 100000 bytes; 254 at most are allowed"),
    ]

    @Test("what is no address is refused with what is allowed", arguments: others)
    func refused(_ text: String, reason: String) {
        let error = #expect(throws: MailAddressError.self) { try MailAddress(text) }
        #expect(error?.reason == reason)
        #expect(error?.value == text)
    }

    @Test("an error names the value, cut and safe to display")
    func error() {
        let error = #expect(throws: MailAddressError.self) { try MailAddress("a\u{1B}b@c.org") }
        let reason = "it holds the invisible character U+1B; none is allowed"
        #expect(error?.description == #""a\u{1B}b@c.org" is not an address: "# + reason)
    }

    @Test("the longest address is taken")
    func longest() throws {
        let text = String(repeating: "a", count: 64) + "@" + String(repeating: "b.", count: 94) + "c"
        #expect(text.utf8.count == 254)
        #expect(try MailAddress(text).text == text)
    }

    @Test("one person written twice has one canonical form", arguments: [
        ("Ann@Example.ORG", "ann@example.org", true), ("\"ann\"@example.org", "ann@example.org", true),
        ("JÖRG@example.org", "jörg@example.org", true), ("ann+a@example.org", "ann@example.org", false),
        ("a.b@example.org", "ab@example.org", false), ("\"a b\"@example.org", "ab@example.org", false),
    ])
    func canonical(_ left: String, _ right: String, areSame: Bool) throws {
        #expect((try MailAddress(left).canonical == MailAddress(right).canonical) == areSame)
    }

    @Test("only what is beyond ASCII needs SMTPUTF8", arguments: [
        ("ann@example.org", false), ("jörg@example.org", true), ("ann@bücher.example", true),
        ("ann@xn--bcher-kva.example", false),
    ])
    func utf8(_ text: String, needs: Bool) throws {
        #expect(try MailAddress(text).needsUTF8 == needs)
    }

    @Test("a mailbox is an address with or without a name", arguments: [
        ("ann@example.org", nil, "ann@example.org"), ("<ann@example.org>", nil, "ann@example.org"),
        ("Ann B. <ann@example.org>", "Ann B.", "ann@example.org"),
        (#""Shop, the \"best\"" <ann@example.org>"#, #"Shop, the "best""#, "ann@example.org"),
        ("Café Zoë<ann@example.org>", "Café Zoë", "ann@example.org"),
        ("\"\" <ann@example.org>", nil, "ann@example.org"),
    ])
    func mailbox(_ text: String, name: String?, address: String) throws {
        let mailbox = try Mailbox(text)
        #expect(mailbox.name == name)
        #expect(mailbox.address.text == address)
    }

    @Test("what is no mailbox is refused", arguments: [
        "Ann", "Ann <ann>", "ann@example.org, bob@example.org", "Ann <ann@example.org", "A\nB <ann@example.org>",
        "<a@example.org> <b@example.org", "",
    ])
    func noMailbox(_ text: String) {
        #expect(throws: MailAddressError.self) { try Mailbox(text) }
    }
}
