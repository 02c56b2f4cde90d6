import CampaignModel
import SendProtocol
import SurfaceFiles
import Testing

@testable import campaign_send

/// The pure pieces of webhooks, as tables.
@Suite struct WebhookPieceTests {
    static let cleaned: [(String, Bool, String)] = [
        ("nothing", false, "nothing"),
        ("a secret and another: secret2", false, "a ${one} and another: ${two}"),
        ("secretsecret", false, "${one}${one}"),
        ("quo\\\"ted and quo\"ted", false, "${three} and ${three}"),
        ("the end is sec", false, "the end is sec"),
        ("the end is sec", true, "the end is "),
        ("the end is secret", true, "the end is "), ("the end is secret.", true, "the end is ${one}."),
        ("a\\/b\\u002b\\u00E9\\\\ and a/b+é\\ and a/b+\\u00e", false, "${four} and ${four} and a/b+\\u00e"),
        ("a/b+\\u00e", true, ""), ("a/b\\", true, ""), ("a/\\uD800", false, "a/\\uD800"),
        ("", true, ""),
    ]

    @Test("secrets are taken out of what is told, also where it was cut in one", arguments: cleaned)
    func redaction(text: String, isCut: Bool, expected: String) {
        let redaction = Redaction(
            ["one": "secret", "two": "secret2", "three": "quo\"ted", "four": "a/b+é\\", "none": ""])
        #expect(String(decoding: redaction.clean(Array(text.utf8), isCut: isCut), as: UTF8.self) == expected)
    }

    static let retries: [(String, Int?)] = [
        ("0", 0), ("120", 120), ("99999999999999999999", .max), ("Sun, 06 Nov 1994 08:49:37 GMT", 100),
        ("Sunday, 06-Nov-94 08:49:37 GMT", 100), ("", nil), ("-5", nil), ("1.5", nil), ("5 minutes", nil),
        ("12:00", nil), ("tomorrow", nil),
    ]

    @Test("Retry-After is a number of seconds or a date", arguments: retries)
    func retryAfter(text: String, expected: Int?) {
        #expect(WebhookAnswer.retryAfter(text, now: 1_000) { $0.hasSuffix("GMT") ? 1_100 : nil } == expected)
    }

    static let hosts: [(String, String?)] = [
        ("http://example.org", "example.org"), ("https://user:pass@example.org:8443/a@b?c#d", "example.org"),
        ("http://[::1]:80/x", "[::1]"), ("ftp://other.example/x", "other.example"), ("/path", nil), ("http:///x", nil),
    ]

    @Test("a redirect's host is told, and nothing else of its address", arguments: hosts)
    func host(text: String, expected: String?) {
        #expect(WebAddress.host(of: text) == expected)
    }

    @Test("addresses that are taken", arguments: [
        "http://localhost", "https://example.org", "HTTPS://Example.org:443/a/b?c=%20d&e=f,g", "http://127.0.0.1:1/",
        "http://[2001:db8::1]:65535/?a=@:[]", "https://xn--e1afmkfd.example./", "http://in_side/~x",
    ])
    func address(text: String) throws {
        #expect(try WebAddress(text).text == text)
    }
}
