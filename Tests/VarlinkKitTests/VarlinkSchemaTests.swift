import Testing
import VarlinkKit

@Suite("Calls and replies held to their interface")
struct VarlinkSchemaTests {
    private static let interface: Result<VarlinkInterface, any Error> = Result {
        try VarlinkInterface(
            parsing: """
                interface org.example.a
                type Color (red, green)
                type Node (name: string, next: ?Node)
                method M(
                  flag: ?bool, number: ?int, ratio: ?float, text: ?string, any: ?object, color: ?Color, node: ?Node,
                  list: ?[]int, map: ?[string]Node, inline: ?(at: []string), holes: ?[]?int
                ) -> (id: int)
                method N(id: int) -> ()
                error Bad (field: string)
                """)
    }

    @Test(
        "what a method takes is accepted",
        arguments: [
            "{}", #"{"flag":true,"number":1,"ratio":1.5,"text":"","any":{"x":[]},"color":"red"}"#,
            #"{"flag":null,"number":null,"node":null,"list":null}"#, #"{"ratio":1}"#,
            #"{"node":{"name":"a","next":{"name":"b","next":null}}}"#, #"{"list":[],"map":{"k":{"name":"a"}}}"#,
            #"{"inline":{"at":["09:00"]},"holes":[1,null]}"#,
        ])
    func accepts(parameters: String) throws {
        try check(parameters)
    }

    @Test(
        "what does not fit is named by its path",
        arguments: [
            (#"{"flag":1}"#, "flag"), (#"{"number":1.5}"#, "number"), (#"{"number":"1"}"#, "number"),
            (#"{"ratio":"1"}"#, "ratio"), (#"{"text":1}"#, "text"), (#"{"any":[]}"#, "any"),
            (#"{"color":"blue"}"#, "color"),
            (#"{"color":1}"#, "color"), (#"{"unknown":null}"#, "unknown"), (#"{"z":1,"b":1}"#, "b"),
            (#"{"node":{}}"#, "node.name"), (#"{"node":{"name":"a","next":{"name":1}}}"#, "node.next.name"),
            (#"{"node":{"name":"a","more":1}}"#, "node.more"), (#"{"list":[1,"x"]}"#, "list[1]"),
            (#"{"list":{}}"#, "list"),
            (#"{"list":[null]}"#, "list[0]"), (#"{"map":{"k":{"name":null}}}"#, "map[k].name"),
            (#"{"inline":{"at":["09:00",5]}}"#, "inline.at[1]"), (#"{"holes":[1,"x"]}"#, "holes[1]"),
        ])
    func refuses(parameters: String, path: String) {
        #expect(throws: VarlinkErrorReply.invalidParameter(path)) { try check(parameters) }
    }

    @Test("a field that must be there may be neither missing nor null")
    func required() throws {
        let interface = try Self.interface.get()
        try interface.check(VarlinkCall(method: "org.example.a.N", parameters: ["id": 1]))
        for parameters: JSONObject in [[:], ["id": nil]] {
            #expect(throws: VarlinkErrorReply.invalidParameter("id")) {
                try interface.check(VarlinkCall(method: "org.example.a.N", parameters: parameters))
            }
        }
    }

    @Test("a method that is not there is told")
    func methods() throws {
        let interface = try Self.interface.get()
        for method in ["org.example.a.X", "org.example.b.M", "M", ""] {
            #expect(throws: VarlinkErrorReply.methodNotFound(method)) {
                try interface.check(VarlinkCall(method: method))
            }
        }
    }

    @Test("replies and errors are held to the interface as well")
    func replies() throws {
        let interface = try Self.interface.get()
        try interface.check(VarlinkReply(parameters: ["id": 1]), to: "M")
        try interface.check(VarlinkReply(VarlinkErrorReply("org.example.a.Bad", ["field": "x"])), to: "M")
        for (reply, path) in [
            (VarlinkReply(parameters: ["id": "1"]), "id"),
            (VarlinkReply(VarlinkErrorReply("org.example.a.Bad")), "field"),
            (VarlinkReply(VarlinkErrorReply("org.example.a.Worse")), "org.example.a.Worse"),
        ] {
            #expect(throws: VarlinkErrorReply.invalidParameter(path)) { try interface.check(reply, to: "M") }
        }
    }

    private func check(_ parameters: String) throws {
        let object = try #require(try JSONValue(parsing: parameters).objectValue)
        try Self.interface.get().check(VarlinkCall(method: "org.example.a.M", parameters: object))
    }
}
