import SendProtocol
import Testing

@Suite("JSON of the send protocol")
struct WireJSONTests {
    private struct Value: Codable, Hashable {
        var text: String?
        var number: Int?
        var flag: Bool?
        var list: [String]?
        var inner: [String: Int]?
    }

    private func decoded(_ json: String) throws -> Value {
        try WireJSON.decode(Value.self, from: Array(json.utf8))
    }

    @Test(
        "a text stands for its characters",
        arguments: [
            (#""plain é 🎉""#, "plain é 🎉"), (#""\"\\\/\b\f\n\r\t""#, "\"\\/\u{8}\u{C}\n\r\t"), (#""\u00e9x""#, "éx"),
            (#""\uD83C\uDF89!""#, "🎉!"), (#""\u0000""#, "\0"), (#""""#, ""),
        ])
    func texts(json: String, text: String) throws {
        #expect(try decoded("{\"text\":\(json)}").text == text)
    }

    @Test(
        "a whole number may be written as any number that is one",
        arguments: [("0", 0), ("-0", 0), ("-12", -12), ("3.0", 3), ("2e3", 2_000), ("9223372036854775807", Int.max)])
    func numbers(json: String, number: Int) throws {
        #expect(try decoded("{\"number\":\(json)}").number == number)
    }

    @Test("white space, unknown members of any kind and a second member of a name are passed over")
    func passedOver() throws {
        let json = " { \"x\" : [ 1.5 , { \"y\" : null } , true ] ,\t\"number\" : 1 ,\n\"number\" : 2, \"text\": null } "
        #expect(try decoded(json) == Value(number: 1))
        #expect(try decoded("{\"list\":[\"a\",\"b\"],\"inner\":{\"c\":1},\"flag\":false}")
            == Value(flag: false, list: ["a", "b"], inner: ["c": 1]))
    }

    @Test(
        "what is no JSON is refused",
        arguments: [
            "", " ", "{", "{}x", "{} {}", "{\"text\"}", "{\"text\":}", "{\"text\":\"a}", "{'text':\"a\"}",
            "{\"list\":[\"a\",]}", "{\"number\":1,}", "{\"number\":01}", "{\"number\":1.}", "{\"number\":+1}",
            "{\"number\":1e}", "{\"number\":NaN}",
            "{\"flag\":True}", "{\"flag\":tru}", "{\"text\":\"\u{1}\"}", "{\"text\":\"\\x\"}", "{\"text\":\"\\u12\"}",
            "{\"text\":\"\\uD83C\"}", "{\"text\":\"\\uDF89\"}", "{\"text\":\"\\uD83C\\u0041\"}",
            "{\"x\":" + String(repeating: "[", count: 200) + String(repeating: "]", count: 200) + "}",
        ])
    func refused(json: String) throws {
        let failure = try #require(throws: WireJSON.Failure.self) { try decoded(json) }
        #expect(failure.reason == "the message is not JSON")
    }

    @Test("bytes that are no UTF-8 are refused, in a text and in a name")
    func notUTF8() {
        for bytes: [UInt8] in [[0xFF], [0xC3, 0x28], [0xED, 0xA0, 0x80]] {
            for (before, after) in [("{\"text\":\"", "\"}"), ("{\"", "\":1}")] {
                let json = Array(before.utf8) + bytes + Array(after.utf8)
                #expect(throws: WireJSON.Failure.self) { try WireJSON.decode(Value.self, from: json) }
            }
        }
    }

    @Test(
        "what is of another type is refused with its place",
        arguments: [
            ("{\"number\":\"1\"}", "number has a wrong type"), ("{\"number\":true}", "number has a wrong type"),
            ("{\"flag\":1}", "flag has a wrong type"), ("{\"text\":{}}", "text has a wrong type"),
            ("{\"list\":{}}", "list has a wrong type"), ("{\"list\":[\"a\",1]}", "list.Index 1 has a wrong type"),
            ("{\"inner\":{\"c\":\"x\"}}", "inner.c has a wrong type"), ("[]", "the message has a wrong type"),
            ("{\"number\":1.5}", "number: 1.5 is no Int"),
            ("{\"number\":9223372036854775808}", "number: 9223372036854775808 is no Int"),
        ])
    func wrongTypes(json: String, reason: String) throws {
        let failure = try #require(throws: WireJSON.Failure.self) { try decoded(json) }
        #expect(failure.reason == reason)
    }

    @Test("what is written has its keys sorted, and what must be escaped in JSON and nothing else")
    func written() throws {
        let value = Value(
            text: "é/\"\\\u{8}\u{C}\n\r\t\u{0}\u{1F}\u{7F}🎉", number: .min, flag: true, list: [],
            inner: ["b": 1, "a": 2])
        let json = String(decoding: WireJSON.encode(value), as: UTF8.self)
        #expect(
            json == #"{"flag":true,"inner":{"a":2,"b":1},"list":[],"number":-9223372036854775808,"#
                + #""text":"é/\"\\\b\f\n\r\t\u0000\u001f"# + "\u{7F}🎉\"}")
        #expect(try decoded(json) == value)
        #expect(String(decoding: WireJSON.encode(Value()), as: UTF8.self) == "{}")
    }
}
