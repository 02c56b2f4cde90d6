import Testing
import VarlinkKit

@Suite("Calls and replies")
struct VarlinkMessageTests {
    @Test("a call comes back from its JSON form, and flags that are not set are left out")
    func calls() throws {
        let plain = VarlinkCall(method: "org.example.a.M")
        #expect(plain.json == ["method": "org.example.a.M"])
        let full = VarlinkCall(
            method: "org.example.a.M", parameters: ["x": 1], more: true, oneway: true, upgrade: true)
        for call in [plain, full] { #expect(try VarlinkCall(call.json) == call) }
        #expect(full.interfaceName == "org.example.a")
        #expect(full.memberName == "M")
        #expect(VarlinkCall(method: "M").interfaceName == "")
        #expect(VarlinkCall(method: "M").memberName == "M")
    }

    @Test("a reply comes back from its JSON form, and always has parameters")
    func replies() throws {
        #expect(VarlinkReply().json == ["parameters": [:]])
        for reply in [
            VarlinkReply(parameters: ["x": 1]), VarlinkReply(parameters: [:], continues: true),
            VarlinkReply(VarlinkErrorReply("org.example.a.E", ["y": nil])),
        ] { #expect(try VarlinkReply(reply.json) == reply) }
    }

    @Test("null means absent, and a vendor's extension is ignored")
    func lenient() throws {
        let call = try VarlinkCall(
            ["method": "a.B", "parameters": nil, "more": nil, "oneway": nil, "upgrade": nil, "org.example": ["x": 1]])
        #expect(call == VarlinkCall(method: "a.B"))
    }

    @Test(
        "what is no call is refused with the member",
        arguments: [
            ("[]", .notAnObject(kind: "array")), ("1", .notAnObject(kind: "int")), ("{}", .missing("method")),
            (#"{"method":1}"#, .wrongKind("method", found: "int", expected: "string")),
            (#"{"method":"a.B","parameters":[]}"#, .wrongKind("parameters", found: "array", expected: "object")),
            (#"{"method":"a.B","more":1}"#, .wrongKind("more", found: "int", expected: "bool")),
            (#"{"method":"a.B","z":1,"extra":{}}"#, .unknown("extra")),
            (#"{"method":"a.B","org.example":1}"#, .unknown("org.example")),
        ] as [(String, VarlinkMessageError)])
    func refuses(text: String, error: VarlinkMessageError) throws {
        let value = try JSONValue(parsing: text)
        #expect(throws: error) { try VarlinkCall(value) }
    }
}
