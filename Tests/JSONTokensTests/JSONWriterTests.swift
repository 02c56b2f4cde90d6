import JSONTokens
import Testing

@Suite("Written JSON")
struct JSONWriterTests {
    private func written(escapesDelete: Bool = false, _ write: (inout JSONWriter) -> Void) -> String {
        var writer = JSONWriter(escapesDelete: escapesDelete)
        write(&writer)
        return String(decoding: writer.bytes, as: UTF8.self)
    }

    @Test("of a text is escaped what must be, and U+007F where that is asked for")
    func strings() {
        let text = "é/\"\\\u{8}\u{C}\n\r\t\u{0}\u{1F}\u{2028}🎉"
        let json = #""é/\"\\\b\f\n\r\t\u0000\u001f"# + "\u{2028}🎉"
        #expect(written { $0.string(text) } == json + "\"")
        #expect(written { $0.string(text + "\u{7F}") } == json + "\u{7F}\"")
        #expect(written(escapesDelete: true) { $0.string(text + "\u{7F}") } == json + #"\u007f""#)
        #expect(written { $0.string("") } == #""""#)
    }

    @Test("what is listed has commas between it")
    func lists() {
        #expect(written { $0.list([Int](), from: "[", to: "]") { $0.word("\($1)") } } == "[]")
        #expect(written { $0.list([1, 2, 3], from: "{", to: "}") { $0.word("\($1)") } } == "{1,2,3}")
    }

    @Test("a text may be as long as it likes", arguments: [2_045, 2_046, 2_047, 5_000, 100_000])
    func long(count: Int) {
        let text = String(repeating: "x", count: count)
        #expect(written { $0.list([text, "\n"], from: "[", to: "]") { $0.string($1) } } == "[\"\(text)\",\"\\n\"]")
    }
}
