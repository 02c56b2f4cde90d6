import JSONTokens
import Testing

@testable import VarlinkKit

/// A list whose objects are passed on as text.
@Suite("Lines of JSON out of a message")
struct JSONLinesTests {
    private let path = JSONListPath(object: "parameters", list: "list")

    private func parse(
        _ text: String, limits: JSONLimits = JSONLimits()
    ) throws -> (value: JSONValue, lines: [String]) {
        let (value, lines) = try JSONParser.parse(Array(text.utf8), limits: limits, linesOf: path)
        return (value, String(decoding: lines, as: UTF8.self).split(separator: "\n").map(String.init))
    }

    @Test(
        "each object is the line that its value is printed as, however it was written",
        arguments: [
            #"{}"#, #"{"a":1}"#, #"{"a":[],"b":{"c":null,"d":true,"e":false}}"#, #"{"a":-1,"b":0,"c":"é🎉"}"#,
            #"{"a":"\"\\\b\f\n\r\t"}"#, #"{"A":1,"a":2,"a_b":3,"ab":4}"#, #"{"a":999999999999999999}"#,
            // What is written otherwise is read and printed.
            #"{ "a" : 1 }"#, #"{"b":1,"a":2}"#, #"{"a":"\/\u00e9\ud83c\udf89"}"#, #"{"a":"\u0000\u007f"}"#,
            #"{"a":-0}"#,
            #"{"a":9223372036854775807,"b":-9223372036854775808}"#, #"{"a":1.5,"b":1E2,"c":0.10}"#, #"{"é":1,"z":2}"#,
            "{\"a\":[1,\n2]}", #"{"\u0061":1}"#,
        ])
    func lines(object: String) throws {
        let printed = try JSONValue(parsing: object).description
        let list = #"[\#(object),{"x":1}, \#(object)]"#
        let (value, lines) = try parse(#"{"continues":true,"parameters":{"list":\#(list),"n":1}}"#)
        #expect(lines == [printed, #"{"x":1}"#, printed])
        #expect(value == ["continues": true, "parameters": ["list": [], "n": 1]])
    }

    @Test("only that list is taken, and what is no object stays in it")
    func elsewhere() throws {
        for text in [
            #"{"list":[{"a":1}]}"#, #"{"parameters":[{"list":[{"a":1}]}]}"#,
            #"{"parameters":{"x":{"list":[{"a":1}]}}}"#, #"{"parameters":{"list":{"a":1}}}"#,
            #"{"parameters":{"other":[{"a":1}]}}"#, #"[{"a":1}]"#,
            #"{"parameters":{"list":[]}}"#, #"{"other":{"list":[{"a":1}]}}"#,
        ] {
            let (value, lines) = try parse(text)
            #expect(lines == [])
            #expect(value == (try JSONValue(parsing: text)))
        }
        let (value, lines) = try parse(#"{"parameters":{"list":[{"a":1},2,[{}],null]}}"#)
        #expect(lines == [#"{"a":1}"#])
        #expect(value == ["parameters": ["list": [2, [[:]], nil]]])
    }

    @Test(
        "a fault has the reason and place that it has where all is read",
        arguments: [
            #"{"a":1"#, #"{"a":01}"#, #"{"a":1,"a":2}"#, #"{"a":1.}"#, #"{"a":1e999}"#, #"{"a":9223372036854775808}"#,
            #"{"a":"\x"}"#, #"{"a":"\ud83c"}"#, "{\"a\":\"\u{1}\"}", #"{"a":tru}"#, #"{"a":}"#, #"{"a" 1}"#, #"{a:1}"#,
            #"{"a":1,}"#, #"{"a":[1,]}"#, #"{"a":-}"#, #"{"a":"b"#,
        ])
    func faults(object: String) throws {
        let text = #"{"parameters":{"list":[{"x":1},\#(object)]}}"#
        let expected = #expect(throws: JSONError.self) { try JSONValue(parsing: text) }
        let found = #expect(throws: JSONError.self) { try parse(text) }
        #expect(found == expected)
    }

    @Test("bytes that are not UTF-8 are refused")
    func notUTF8() throws {
        var text = Array(#"{"parameters":{"list":[{"a":"?"}]}}"#.utf8)
        let place = try #require(text.firstIndex(of: UInt8(ascii: "?")))
        text[place] = 0xFF
        #expect(throws: JSONError(reason: .invalidUTF8, offset: place)) {
            try JSONParser.parse(text, limits: JSONLimits(), linesOf: path)
        }
    }

    @Test("depth and number of values have the same bounds")
    func bounds() throws {
        let text = #"{"parameters":{"list":[{"a":[[1]]},{"b":2}]}}"#
        // The whole, the parameters, the list, the object and the two arrays in it.
        for (depth, values) in [(6, 9), (5, 9), (6, 8), (4, 7), (3, 5), (2, 3), (6, 1)] {
            let limits = JSONLimits(depth: depth, values: values)
            let whole = Result { try JSONValue(parsing: text, limits: limits) }
            let lines = Result { try parse(text, limits: limits).lines }
            switch (whole, lines) {
            case (.success, .success(let lines)): #expect(lines == [#"{"a":[[1]]}"#, #"{"b":2}"#])
            case (.failure(let left as JSONError), .failure(let right as JSONError)):
                #expect(left.reason == right.reason, "\(depth) deep, \(values) values")
            default: Issue.record("\(depth) deep, \(values) values: \(whole), \(lines)")
            }
        }
    }
}
