import CampaignModel
@testable import Mail
import Testing

/// A column's value stays a value in each place.
@Suite("Escaping by place")
struct EscapingTests {
    @Test("in HTML the five signs are escaped, and nothing else", arguments: [
        ("<b>\"Ann\" & 'Bob'</b>", "&lt;b&gt;&quot;Ann&quot; &amp; &#39;Bob&#39;&lt;/b&gt;"),
        // A quote with an accent on it is still a quote to a browser.
        ("\"\u{301} onclick=\"\u{301}x", "&quot;\u{301} onclick=&quot;\u{301}x"),
        ("<\u{338}script>\u{338}", "&lt;\u{338}script&gt;\u{338}"), ("é 🎉 \n", "é 🎉 \n"),
    ])
    func html(_ value: String, escaped: String) throws {
        #expect(try MustacheTests.filled("{{x}}", ["x": value], place: .html) == escaped)
        #expect(try MustacheTests.filled("{{{x}}}{{&x}}", ["x": value], place: .html) == value + value)
        #expect(try MustacheTests.filled("{{x}}", ["x": value], place: .text) == value)
    }

    @Test("url(column) is percent-encoded", arguments: [TemplateParser.Place.text, .html])
    func url(place: TemplateParser.Place) throws {
        let template = "https://example.org/?who={{url(email)}}"
        let filled = try MustacheTests.filled(template, ["email": "ann+é&b@example.org"], place: place)
        #expect(filled == "https://example.org/?who=ann%2B%C3%A9%26b%40example.org")
    }

    @Test("in a header's URI a column is percent-encoded, a whole URI stays one", arguments: [
        ("<https://example.org/u?e={{x}}>", "a+b@c.org", "<https://example.org/u?e=a%2Bb%40c.org>"),
        ("<https://example.org/u?e={{x}}>", "\r\nBcc: eve@example.net>, <x", "<https://example.org/u?e=%0D%0ABcc%3A%20"
            + "eve%40example.net%3E%2C%20%3Cx>"),
        ("<mailto:u@example.org?subject={{x}}>", "50 % & more", "<mailto:u@example.org?subject=50%20%25%20%26%20more>"),
        ("<{{x}}>", "https://example.org/u?e=a%40b&c=d", "<https://example.org/u?e=a%40b&c=d>"),
        ("<{{x}}>", "https://a> <b\r\nBcc: é", "<https://a%3E%20%3Cb%0D%0ABcc:%20%C3%A9>"),
        ("<https://example.org/{{{x}}}>", "a/b?c=>", "<https://example.org/a/b?c=%3E>"),
        ("<https://a.example/{{x}}>, <mailto:{{x}}@a.example>", "a/b",
            "<https://a.example/a%2Fb>, <mailto:a%2Fb@a.example>"),
        ("<https://a.example/{{#x}}x={{x}}{{/x}}>", "a/b", "<https://a.example/x=a%2Fb>"),
    ])
    func uri(_ template: String, value: String, filled: String) throws {
        #expect(try MustacheTests.filled(template, ["x": value], place: .header) == filled)
    }

    @Test("a line end in a column is a space in every header", arguments: [
        "\r\n", "\n", "\r", "\u{85}", "\u{2028}", "\u{2029}", "\u{B}", "\u{C}", "\0", "\u{7F}",
    ])
    func lineEnds(_ end: String) throws {
        let field = { (text: String) in
            var field = HeaderField("X")
            field.append(text: Array(text.utf8))
            return String(decoding: field.bytes, as: UTF8.self)
        }
        #expect(field("a\(end)b") == "X: a b" || field("a\(end)b") == "X: =?utf-8?q?a__b?=")
        #expect(field("\(end)a\(end)") == "X: a")
    }
}
