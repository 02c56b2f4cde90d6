import StrictYAML
import Testing

@Suite("Reading YAML strictly")
struct StrictYAMLTests {
    private func read(_ text: String, limit: Int = YAMLDocument.sizeLimit) throws(YAMLError) -> YAMLNode {
        try YAMLDocument.read(bytes: Array(text.utf8), file: "f.yaml", limit: limit)
    }

    @Test("scalars are the texts that their author wrote", arguments: ["no", "010", "1:30", "2026-02-30", "~", "1_000"])
    func textsStay(text: String) throws {
        #expect(try read("key: \(text)\n").mapping(allowing: ["key"]).text("key") == text)
    }

    @Test("a single text serves as a list of one, and a list keeps its order")
    func lists() throws {
        let mapping = try read("one: a\nmany: [b, \"c\"]\n").mapping()
        #expect(try mapping.texts("one") == ["a"])
        #expect(try mapping.texts("many") == ["b", "c"])
        #expect(try mapping.texts("none") == nil)
    }

    @Test("an empty document is an empty mapping", arguments: ["", "# only a comment\n", "\u{FEFF}"])
    func empty(text: String) throws {
        #expect(try read(text).mapping(allowing: []).entries.isEmpty)
    }

    @Test(
        "what no file of ours may hold is refused with its place",
        arguments: [
            ("a: 1\nb: [1\n", "f.yaml:3:1: is not YAML: did not find expected ',' or ']'"),
            ("a: 1\na: 2\n", "f.yaml:2:1: a: repeated key"),
            ("1: a\n\"1\": b\n", "f.yaml:2:1: 1: repeated key"),
            ("a: &x 1\n", "f.yaml:1:4: a: anchors (&name) are not allowed"),
            ("a: [1]\nb: &x [1]\nc: *x\n", "f.yaml:2:4: b: anchors (&name) are not allowed"),
            ("a: !!int 1\n", "f.yaml:1:4: a: tags (!name) are not allowed"),
            ("a: !thing [1]\n", "f.yaml:1:4: a: tags (!name) are not allowed"),
            ("a: 1\n---\nb: 2\n", "f.yaml:3:1: a second document starts here; one is allowed"),
            ("? [a]\n: 1\n", "f.yaml:1:3: a key must be a single word"),
        ])
    func refused(text: String, sentence: String) {
        let error = #expect(throws: YAMLError.self) { try read(text) }
        #expect(error?.description == sentence)
    }

    @Test("an unknown key is named with the nearest known one, or with all of them")
    func unknownKeys() throws {
        let node = try read("titel: x\n")
        let near = #expect(throws: YAMLError.self) { try node.mapping(allowing: ["title", "channel"]) }
        #expect(near?.description == "f.yaml:1:1: titel: unknown key; did you mean title?")
        let far = #expect(throws: YAMLError.self) { try node.mapping(allowing: ["surface", "channel"]) }
        #expect(far?.description == "f.yaml:1:1: titel: unknown key; allowed are channel, surface")
    }

    @Test("a wrong shape is told with its key")
    func wrongShape() throws {
        let mapping = try read("a: [1]\nb:\n  c: 1\n").mapping()
        #expect(throws: YAMLError(
            file: "f.yaml", place: YAMLPlace(line: 1, column: 4), field: "a",
            reason: "is a list, and must be a single value")
        ) { try mapping.text("a") }
        #expect(throws: YAMLError(
            file: "f.yaml", place: YAMLPlace(line: 3, column: 3), field: "b",
            reason: "is a mapping, and must be a list")
        ) { try mapping.texts("b") }
    }

    @Test("invalid UTF-8 is told by line and column and never repaired")
    func invalidText() {
        let bytes = Array("a: b\nc: é".utf8) + [0xFF]
        let error = #expect(throws: YAMLError.self) { try YAMLDocument.read(bytes: bytes, file: "f.yaml") }
        #expect(error?.description == "f.yaml:2:5: is not valid UTF-8 here")
    }

    @Test("a file over its limit is refused unread, one at it is read")
    func size() throws {
        #expect(try read("a: 12", limit: 5).mapping().text("a") == "12")
        let error = #expect(throws: YAMLError.self) { try read("a: 123", limit: 5) }
        #expect(error?.description == "f.yaml: has 6 bytes; 5 at most are allowed")
    }

    @Test("nesting has a limit")
    func nesting() {
        let text = String(repeating: "[", count: 40) + String(repeating: "]", count: 40)
        #expect(throws: YAMLError.self) { try read(text) }
    }

    @Test("where a text ends to be UTF-8 is found in a line of a megabyte, too")
    func invalidInLongLine() throws {
        var bytes = [UInt8](repeating: UInt8(ascii: "a"), count: YAMLDocument.sizeLimit)
        bytes[600_000] = 0xFF
        #expect(throws: YAMLError(
            file: "f.yaml", place: YAMLPlace(line: 1, column: 600_001), reason: "is not valid UTF-8 here")
        ) { try YAMLDocument.read(bytes: bytes, file: "f.yaml") }
    }

    @Test("a key or a reason is cut where it is told, and shown without control characters")
    func shown() {
        let key = String(repeating: "k", count: 65_536)
        #expect("\(YAMLError(file: "f.yaml", place: nil, field: key, reason: "repeated key"))".utf8.count < 200)
        #expect("\(YAMLError(file: "f.yaml", place: nil, field: "a\u{1B}[2J", reason: "is\u{0} bad"))"
            == "f.yaml: a\\u{1B}[2J: is\\u{0} bad")
    }

    /// YAML 1.2.2, section 5.2.
    @Test(
        "a byte order mark in quotes is a character of the value",
        arguments: [
            ("\u{FEFF}a: \"\u{FEFF}x\u{FEFF}y\"\n", "\u{FEFF}x\u{FEFF}y"), (#"a: "\uFEFFx""#, "\u{FEFF}x"),
        ])
    func byteOrderMark(text: String, value: String) throws {
        #expect(try read(text).mapping().text("a") == value)
    }
}
