import Testing

@testable import campaignctl

@Suite("How much of a terminal a text takes")
struct TextWidthTests {
    @Test(
        "wide, narrow and combining characters",
        arguments: [
            ("", 0), ("spring", 6), ("été", 3), ("e\u{301}te\u{301}", 3), ("日本語", 6), ("ｱﾊﾟｰﾄ", 5), ("한국어", 6),
            ("ไทย", 3), ("नमस्ते", 3), ("👍", 2), ("👍🏽", 2), ("👩‍👩‍👧‍👦", 2), ("🇫🇷", 2), ("❤️", 2), ("❤", 1), ("☕", 2),
            ("─│┼", 3), ("…", 1), ("\u{200B}", 0), ("עברית", 5),
        ])
    func width(text: String, columns: Int) {
        #expect(text.displayWidth == columns, "\(text.unicodeScalars.map { String($0.value, radix: 16) })")
    }

    @Test(
        "a text is cut between characters, with a mark, and never wider than it may be",
        arguments: [
            ("spring", 6, "spring"), ("spring", 5, "spri…"), ("日本語", 5, "日本…"), ("日本語", 4, "日…"), ("été", 2, "é…"),
            ("👩‍👩‍👧‍👦👩‍👩‍👧‍👦", 3, "👩‍👩‍👧‍👦…"), ("ab", 1, "…"), ("", 0, ""),
        ])
    func cut(text: String, width: Int, shown: String) {
        #expect(text.cut(to: width) == shown)
        #expect(text.cut(to: width).displayWidth <= max(width, 0))
    }

    @Test(
        "a text is wrapped between words",
        arguments: [
            ("", 9, []), ("one two", 7, ["one two"]), ("one two", 6, ["one", "two"]),
            ("a word-too-long b", 5, ["a", "word-too-long", "b"]), ("日本 語", 4, ["日本", "語"]),
        ])
    func wrapped(text: String, width: Int, lines: [String]) {
        #expect(text.wrapped(to: width) == lines)
    }
}
