import JSONTokens
import Testing

@Suite("Tokens of JSON")
struct JSONReaderTests {
    /// Steps over the one token of a text.
    private func read(_ bytes: [UInt8]) throws -> JSONReader.Token {
        try JSONReader.read(bytes[...]) { text throws(JSONError) in
            let token = try text.token()
            if token == .string { _ = try text.string() }
            if token == .number { _ = try text.number() }
            return token
        }
    }

    private func string(_ json: String, half: Unicode.Scalar? = nil) throws -> String {
        try JSONReader.read(Array(json.utf8)[...]) { text throws(JSONError) in try text.string(half: half) }
    }

    @Test(
        "a string stands for its characters",
        arguments: [
            (#""plain é 🎉""#, "plain é 🎉"), (#""\"\\\/\b\f\n\r\t""#, "\"\\/\u{8}\u{C}\n\r\t"),
            (#""\u00e9x\u00E9""#, "éxé"), (#""a\uD83C\uDF89!""#, "a🎉!"), (#""\u0000""#, "\0"), (#""""#, ""),
            ("\"\u{7F}\u{2028}\"", "\u{7F}\u{2028}"),
        ])
    func strings(json: String, text: String) throws {
        #expect(try string(json) == text)
    }

    @Test(
        "half of a surrogate pair is refused, or becomes what is asked for",
        arguments: [
            (#""a\ud83c""#, "a?", 2), (#""\udf89\ud83c""#, "??", 1), (#""\ud83c\u0041""#, "?A", 1),
            (#""\ud83c\n""#, "?\n", 1), (#""\ud83c\ud83c\udf89""#, "?🎉", 1), (#""\ud83cA""#, "?A", 1),
        ])
    func halves(json: String, text: String, offset: Int) throws {
        #expect(throws: JSONError(reason: .loneSurrogate, offset: offset)) { try string(json) }
        #expect(try string(json, half: "?") == text)
        try JSONReader.read(Array(json.utf8)[...]) { text throws(JSONError) in try text.skipString() }
    }

    @Test(
        "a token that is none is refused, with its reason and place",
        arguments: [
            ("", .unexpectedEnd, 0), ("  ", .unexpectedEnd, 2), ("nul", .unexpectedEnd, 3),
            ("nulL", .unexpectedByte(76), 3), ("1 2", .trailingBytes, 2),
            ("01", .trailingBytes, 1), ("-", .unexpectedEnd, 1), ("1.", .unexpectedEnd, 2), ("1e", .unexpectedEnd, 2),
            ("1e+x", .unexpectedByte(120), 3), ("--1", .unexpectedByte(45), 1), (".5", .unexpectedByte(46), 0),
            ("+1", .unexpectedByte(43), 0), ("NaN", .unexpectedByte(78), 0), ("'a'", .unexpectedByte(39), 0),
            (#""a"#, .unexpectedEnd, 2), (#""a\"#, .unexpectedEnd, 3), (#""\n"#, .unexpectedEnd, 3),
            ("\"a\nb\"", .controlCharacterInString, 2), (#""\x""#, .invalidEscape, 1), (#""\u12"#, .unexpectedEnd, 5),
            (#""\u12g4""#, .invalidEscape, 5), (#""\ud83c\u00g0""#, .invalidEscape, 11),
        ] as [(String, JSONError.Reason, Int)])
    func refuses(json: String, reason: JSONError.Reason, offset: Int) {
        #expect(throws: JSONError(reason: reason, offset: offset)) { try read(Array(json.utf8)) }
    }

    @Test(
        "bytes that are not UTF-8 are refused and not repaired",
        arguments: [
            [0xFF], [0xC3, 0x28], [0xED, 0xA0, 0x80], [0xC0, 0x80], [0xF4, 0x90, 0x80, 0x80], [0xE2, 0x82],
        ])
    func refusesInvalidUTF8(bytes: [UInt8]) {
        for after in ["\"", "\\n\""] {
            let text = [UInt8(ascii: "\"")] + bytes + Array(after.utf8)
            #expect(throws: JSONError(reason: .invalidUTF8, offset: 1)) { try read(text) }
        }
    }

    @Test("literal names are tokens of their own", arguments: [("true", true), (" false\n", false), ("null", nil)])
    func names(json: String, flag: Bool?) throws {
        #expect(try read(Array(json.utf8)) == flag.map { .flag($0) } ?? .null)
    }

    @Test(
        "a number is the text that it was written as",
        arguments: [
            ("0", true), ("-0", true), ("9223372036854775808", true), ("1.5", false), ("-2.5e-3", false),
            ("1E+2", false),
        ])
    func numbers(json: String, isWhole: Bool) throws {
        let number = try JSONReader.read(Array(json.utf8)[...]) { text throws(JSONError) in
            let (digits, isWhole) = try text.number()
            return (text: String(decoding: digits, as: UTF8.self), isWhole: isWhole)
        }
        #expect(number.text == json)
        #expect(number.isWhole == isWhole)
    }

    @Test("brackets, commas and colons are stepped over, and what is open is counted")
    func structure() throws {
        var depths: [Int] = []
        func skip(_ text: inout JSONReader) throws(JSONError) {
            text.skipSpace()
            depths.append(text.depth)
            switch try text.token() {
            case .array:
                guard text.begins(to: "]") else { return }
                repeat { try skip(&text) } while try text.goesOn(to: "]")
            case .object:
                guard text.begins(to: "}") else { return }
                repeat {
                    text.skipSpace()
                    try text.skipString()
                    try text.colon()
                    try skip(&text)
                } while try text.goesOn(to: "}")
            default: _ = try text.number()
            }
        }
        try JSONReader.read(Array(" [ 1 , [ ] , { \"a\" : [2] } , {}\n, 3 ] ".utf8)[...], skip)
        #expect(depths == [0, 1, 1, 1, 2, 3, 1, 1])
        for (json, reason, offset) in [
            ("[1 2]", .unexpectedByte(50), 3), ("[1,]", .unexpectedByte(93), 3), ("[1}", .unexpectedByte(125), 2),
            ("{\"a\" 1}", .unexpectedByte(49), 5), ("{a:1}", .unexpectedByte(97), 1), ("[", .unexpectedEnd, 1),
        ] as [(String, JSONError.Reason, Int)] {
            #expect(throws: JSONError(reason: reason, offset: offset)) {
                try JSONReader.read(Array(json.utf8)[...], skip)
            }
        }
    }

    @Test("errors say what is wrong and where")
    func errorTexts() {
        #expect("\(JSONError(reason: .tooDeep(limit: 64), offset: 64))" == "byte 64: nested more than 64 deep")
        #expect("\(JSONError(reason: .duplicateKey("a"), offset: 7))" == "byte 7: the key \"a\" comes twice")
    }

    @Test("an error shows of a key as much as anybody reads, without control characters")
    func shownKeys() {
        let long = JSONError(reason: .duplicateKey(String(repeating: "k", count: 65_536)), offset: 7)
        #expect(long.description == "byte 7: the key \"\(String(repeating: "k", count: 60))…\" comes twice")
        #expect("\(JSONError(reason: .duplicateKey("\u{1B}[2J\u{7F}"), offset: 7))".contains(#""\u001b[2J\u007f""#))
    }
}
