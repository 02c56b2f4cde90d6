import JSONTokens
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
            ("", .unexpectedEnd, 0), ("  ", .unexpectedEnd, 2), ("01", .trailingBytes, 1),
            ("{\"a\":1,}", .unexpectedByte(125), 7), (#""\ud83c""#, .loneSurrogate, 1),
            ("9223372036854775808", .numberOutOfRange, 0), ("1e999", .numberOutOfRange, 0),
            (#"{"a":1,"a":2}"#, .duplicateKey("a"), 7), ("{\"a\":", .unexpectedEnd, 5),
            ("\u{FEFF}{}", .unexpectedByte(0xEF), 0),
        ] as [(String, JSONError.Reason, Int)])
    func refuses(text: String, reason: JSONError.Reason, offset: Int) {
        #expect(throws: JSONError(reason: reason, offset: offset)) { try JSONValue(parsing: text) }
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

    @Test("an error shows a member without control characters")
    func shownKeys() {
        let unknown = VarlinkMessageError.unknown("a\u{1B}[2J")
        #expect(unknown.description == "a\\u001b[2J: not a member of a Varlink message")
    }
}
