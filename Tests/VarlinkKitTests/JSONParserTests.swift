import Testing

@testable import VarlinkKit

@Suite("JSON texts")
struct JSONParserTests {
    @Test(
        "a text is read, and printed in its one form",
        arguments: [
            ("null", "null"), ("true", "true"), (" false\n", "false"), ("0", "0"), ("-0", "0"),
            ("9223372036854775807", "9223372036854775807"), ("-9223372036854775808", "-9223372036854775808"),
            ("1.5", "1.5"), ("-2.5e-3", "-0.0025"), ("1E2", "100.0"), ("0.1", "0.1"),
            (#""""#, #""""#), (#""été 🎉""#, #""été 🎉""#), (#""\u00e9\ud83c\udf89""#, #""é🎉""#),
            (#""\"\\\/\b\f\n\r\t""#, #""\"\\/\b\f\n\r\t""#), (#""\u0000\u001f\u007f""#, #""\u0000\u001f\u007f""#),
            ("[]", "[]"), ("[ 1 , [ ] , {} ]", "[1,[],{}]"), ("{}", "{}"),
            (#"{"b":1,"a":{"d":null,"c":[true]}}"#, #"{"a":{"c":[true],"d":null},"b":1}"#),
        ])
    func readsAndPrints(text: String, printed: String) throws {
        let value = try JSONValue(parsing: text)
        #expect(value.description == printed)
        #expect(try JSONValue(parsing: printed) == value)
    }

    @Test(
        "a text that is not JSON is refused, with its reason and place",
        arguments: [
            ("", .unexpectedEnd, 0), ("  ", .unexpectedEnd, 2), ("nul", .unexpectedEnd, 3),
            ("nulL", .unexpectedByte(76), 3),
            ("1 2", .trailingBytes, 2), ("[1,]", .unexpectedByte(93), 3), ("[1 2]", .unexpectedByte(50), 3),
            ("{\"a\" 1}", .unexpectedByte(49), 5), ("{a:1}", .unexpectedByte(97), 1),
            ("{\"a\":1,}", .unexpectedByte(125), 7),
            ("01", .trailingBytes, 1), ("-", .unexpectedEnd, 1), ("1.", .unexpectedEnd, 2), ("1e", .unexpectedEnd, 2),
            ("+1", .unexpectedByte(43), 0), ("NaN", .unexpectedByte(78), 0), ("'a'", .unexpectedByte(39), 0),
            ("9223372036854775808", .numberOutOfRange, 0), ("1e999", .numberOutOfRange, 0),
            (#""a"#, .unexpectedEnd, 2), ("\"a\nb\"", .controlCharacterInString, 2), (#""\x""#, .invalidEscape, 1),
            (#""\u12g4""#, .invalidEscape, 5), (#""\ud83c""#, .loneSurrogate, 1),
            (#""\udf89\ud83c""#, .loneSurrogate, 1),
            (#""\ud83c\u0041""#, .loneSurrogate, 1), (#"{"a":1,"a":2}"#, .duplicateKey("a"), 7),
            ("[", .unexpectedEnd, 1),
            ("{\"a\":", .unexpectedEnd, 5), ("\u{FEFF}{}", .unexpectedByte(0xEF), 0),
        ] as [(String, JSONError.Reason, Int)])
    func refuses(text: String, reason: JSONError.Reason, offset: Int) {
        #expect(throws: JSONError(reason: reason, offset: offset)) { try JSONValue(parsing: text) }
    }

    @Test(
        "bytes that are not UTF-8 are refused and not repaired",
        arguments: [
            [0xFF], [0xC3, 0x28], [0xED, 0xA0, 0x80], [0xC0, 0x80], [0xF4, 0x90, 0x80, 0x80], [0xE2, 0x82],
        ])
    func refusesInvalidUTF8(bytes: [UInt8]) {
        let text = [UInt8(ascii: "\"")] + bytes + [UInt8(ascii: "\"")]
        #expect(throws: JSONError(reason: .invalidUTF8, offset: 1)) { try JSONValue(parsing: text) }
    }

    @Test("nesting is taken to its limit and refused one past it")
    func limitsDepth() throws {
        let limits = JSONLimits(depth: 5)
        let deepest = String(repeating: "[", count: 5) + String(repeating: "]", count: 5)
        #expect(try JSONValue(parsing: deepest, limits: limits).description == deepest)
        #expect(throws: JSONError(reason: .tooDeep(limit: 5), offset: 5)) {
            try JSONValue(parsing: "[\(deepest)]", limits: limits)
        }
        #expect(throws: JSONError(reason: .tooDeep(limit: 5), offset: 25)) {
            try JSONValue(parsing: String(repeating: "{\"a\":", count: 6) + "1", limits: limits)
        }
        #expect(throws: JSONError.self) { try JSONValue(parsing: String(repeating: "[", count: 1_000_000)) }
    }

    @Test("values are counted to their limit and refused one past it")
    func limitsValues() throws {
        let limits = JSONLimits(values: 4)
        #expect(try JSONValue(parsing: "[1,2,3]", limits: limits) == [1, 2, 3])
        #expect(throws: JSONError(reason: .tooManyValues(limit: 4), offset: 7)) {
            try JSONValue(parsing: "[1,2,3,4]", limits: limits)
        }
    }

    @Test("a number that is not finite is printed as null")
    func printsNoNaN() {
        #expect(JSONValue.array([.double(.nan), .double(.infinity), 1.0]).description == "[null,null,1.0]")
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
        let unknown = VarlinkMessageError.unknown("a\u{1B}[2J")
        #expect(unknown.description == "a\\u001b[2J: not a member of a Varlink message")
    }
}
