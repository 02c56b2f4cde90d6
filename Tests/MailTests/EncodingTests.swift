import CampaignModel
@testable import Mail
import Recurrence
import Testing

@Suite("Encodings of bodies, names of messages, dates")
struct EncodingTests {
    private func quoted(_ text: String) -> String {
        var encoder = QuotedPrintable()
        encoder.append(Array(text.utf8)[...])
        return String(decoding: encoder.finish(), as: UTF8.self)
    }

    @Test("quoted-printable", arguments: [
        ("", ""), ("a", "a\r\n"), ("a\n", "a\r\n"), ("a\r\nb\rc\n\nd", "a\r\nb\r\nc\r\n\r\nd\r\n"),
        ("a=b", "a=3Db\r\n"),
        ("é", "=C3=A9\r\n"), ("a \nb\t", "a=20\r\nb=09\r\n"), ("a b\tc", "a b\tc\r\n"), ("\0\u{7F}", "=00=7F\r\n"),
        (".", "=2E\r\n"), (".a\n..b.", "=2Ea\r\n=2E.b.\r\n"),
        ("From me\nfrom me\nFromm", "=46rom me\r\nfrom me\r\nFromm\r\n"),
        (String(repeating: "a", count: 76), String(repeating: "a", count: 76) + "\r\n"),
        (String(repeating: "a", count: 77), String(repeating: "a", count: 75) + "=\r\naa\r\n"),
        (String(repeating: "a", count: 75) + ".b", String(repeating: "a", count: 75) + "=\r\n=2Eb\r\n"),
        (String(repeating: "a", count: 75) + "From b", String(repeating: "a", count: 75) + "=\r\n=46rom b\r\n"),
        (String(repeating: "a", count: 74) + "é", String(repeating: "a", count: 74) + "=\r\n=C3=A9\r\n"),
        (String(repeating: "a", count: 73) + "=", String(repeating: "a", count: 73) + "=3D\r\n"),
    ])
    func quotedPrintable(_ text: String, encoded: String) {
        #expect(quoted(text) == encoded)
    }

    @Test("a line end cut in two by a tag is one line end")
    func cutLineEnd() {
        var encoder = QuotedPrintable()
        for piece in ["a\r", "\nb\r", "c"] { encoder.append(Array(piece.utf8)[...]) }
        #expect(String(decoding: encoder.finish(), as: UTF8.self) == "a\r\nb\r\nc\r\n")
    }

    @Test("base64, by RFC 4648, section 10", arguments: [
        ("", ""), ("f", "Zg=="), ("fo", "Zm8="), ("foo", "Zm9v"), ("foob", "Zm9vYg=="), ("fooba", "Zm9vYmE="),
        ("foobar", "Zm9vYmFy"),
    ])
    func base64(_ text: String, encoded: String) {
        var line: [UInt8] = []
        Base64.append(Array(text.utf8)[...], to: &line)
        #expect(String(decoding: line, as: UTF8.self) == encoded)
        #expect(Base64.length(of: text.utf8.count) == encoded.utf8.count)
    }

    /// https://csrc.nist.gov/projects/cryptographic-standards-and-guidelines/example-values
    @Test("SHA-256, by NIST's examples", arguments: [
        ("", 1, "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"),
        ("abc", 1, "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"),
        ("abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq", 1,
            "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1"),
        ("a", 1_000_000, "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0"),
    ])
    func sha256(_ text: String, count: Int, digest: String) {
        let bytes = SHA256.digest(Array(String(repeating: text, count: count).utf8))
        #expect(bytes.map { String(Int($0) + 256, radix: 16).dropFirst() }.joined() == digest)
    }

    @Test("a message's name is the same for one recipient however written, and another for another")
    func messageID() throws {
        let shop = try MailAddress("shop@example.org")
        let name = { (key: String, address: String) throws in
            MessageID.text(key: try #require(OccurrenceKey(key)), to: try MailAddress(address), from: shop)
        }
        let ann = try name("k/1", "ann@example.org")
        #expect(ann.count == "<@example.org>".count + 32)
        #expect(ann.hasSuffix("@example.org>"))
        #expect(try name("k/1", "Ann@Example.org") == ann)
        #expect(try name("k/1", "bob@example.org") != ann)
        #expect(try name("k/2", "ann@example.org") != ann)
        // sha256("k/1\nann@example.org"), by sha256sum(1).
        #expect(ann == "<3ECA3297CFD6B22AB2263510EA80D3ED@example.org>")
        let other = try MailAddress("shop@bücher.example")
        let key = try #require(OccurrenceKey("k/1"))
        #expect(MessageID.text(key: key, to: shop, from: other).hasSuffix("@campaignd.invalid>"))
    }

    @Test("dates are RFC 5322's, in UTC", arguments: [
        ("2026-01-05T08:00:00Z", "Mon, 05 Jan 2026 08:00:00 +0000"),
        ("2028-02-29T23:59:59Z", "Tue, 29 Feb 2028 23:59:59 +0000"),
        ("1999-12-31T00:00:01Z", "Fri, 31 Dec 1999 00:00:01 +0000"),
    ])
    func date(_ instant: String, text: String) throws {
        #expect(MailDate.text(try #require(Instant(instant))) == text)
    }
}
