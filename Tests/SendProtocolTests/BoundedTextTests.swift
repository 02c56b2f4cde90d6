import SendProtocol
import Testing

@Suite struct BoundedTextTests {
    static let cases: [(String, String)] = [
        ("", ""),
        ("plain é 🎉", "plain é 🎉"),
        ("a\u{1B}[31m\u{202E}b\n", "a\\u{1B}[31m\\u{202E}b\\u{A}"),
        (String(repeating: "x", count: 2_048), String(repeating: "x", count: 2_048)),
        (String(repeating: "x", count: 2_049), String(repeating: "x", count: 2_025) + "… (2049 bytes in all)"),
        (String(repeating: "é", count: 2_000), String(repeating: "é", count: 1_012) + "… (4000 bytes in all)"),
    ]

    @Test("a text is shown safely and cut at 2 KiB with its whole length", arguments: cases.indices)
    func cut(index: Int) {
        let (text, expected) = Self.cases[index]
        #expect(text.cutForDisplay == expected)
        #expect(text.cutForDisplay.utf8.count <= ProtocolLimits.textBytes)
    }

    @Test("a text of control characters alone stays inside the limit too")
    func controls() {
        let shown = String(repeating: "\u{1B}", count: 1_000_000).cutForDisplay
        #expect(shown.utf8.count <= ProtocolLimits.textBytes)
        #expect(shown.hasSuffix("… (1000000 bytes in all)"))
    }
}
