import Testing

@testable import VarlinkKit

@Suite("Interface descriptions")
struct VarlinkInterfaceTests {
    private static let whole = """
        # A licence that belongs to nothing.

        # What the example does.
        #
        #   indented
        interface org.example-1.a2

        # Where it stands.
        type State (
          # not begun
          idle,
          busy # behind its line: dropped
        )

        type Node (value: int, next: ?Node, extra: (deep: [][string]?float))

        # Finds.
        method Find(
          # its name
          name: string,
          state: ?(a, b)
        ) -> (nodes: []Node, raw: object, ok: bool)
        method Ping() -> ()

        error NotFound (name: string)
        error Gone ()
        """

    @Test("every part of the language is read")
    func reads() throws {
        let interface = try VarlinkInterface(parsing: Self.whole)
        #expect(interface.name == "org.example-1.a2")
        #expect(interface.documentation == "What the example does.\n\n  indented")
        #expect(interface.members.map(\.name) == ["State", "Node", "Find", "Ping", "NotFound", "Gone"])
        #expect(
            interface.types[0]
                == .init(
                    name: "State", documentation: "Where it stands.",
                    type: .enumeration([.init("idle", documentation: "not begun"), .init("busy")])))
        #expect(
            interface.types[1].type
                == .structure([
                    .init("value", .int), .init("next", .optional(.named("Node"))),
                    .init("extra", .structure([.init("deep", .array(.dictionary(.optional(.float))))])),
                ]))
        #expect(
            interface.methods[0]
                == .init(
                    name: "Find", documentation: "Finds.",
                    input: [
                        .init("name", .string, documentation: "its name"),
                        .init("state", .optional(.enumeration([.init("a"), .init("b")]))),
                    ],
                    output: [.init("nodes", .array(.named("Node"))), .init("raw", .object), .init("ok", .bool)]))
        #expect(interface.methods[1] == .init(name: "Ping"))
        #expect(
            interface.errors == [.init(name: "NotFound", parameters: [.init("name", .string)]), .init(name: "Gone")])
    }

    @Test("printing and reading again gives an equal value, and the printed form prints as itself")
    func roundTrip() throws {
        let interface = try VarlinkInterface(parsing: Self.whole)
        let printed = interface.description
        #expect(try VarlinkInterface(parsing: printed) == interface)
        #expect(try VarlinkInterface(parsing: printed).description == printed)
        #expect(
            printed == """
                # What the example does.
                #
                #   indented
                interface org.example-1.a2

                # Where it stands.
                type State (
                  # not begun
                  idle,
                  busy
                )

                type Node (value: int, next: ?Node, extra: (deep: [][string]?float))

                # Finds.
                method Find(
                  # its name
                  name: string,
                  state: ?(a, b)
                ) -> (nodes: []Node, raw: object, ok: bool)

                method Ping() -> ()

                error NotFound (name: string)

                error Gone ()

                """)
    }

    @Test("a structure that does not fit its line is printed on several")
    func longLines() throws {
        let fields = (0..<12).map { VarlinkField("field_\($0)", .array(.structure([.init("inner", .string)]))) }
        let interface = VarlinkInterface(
            name: "org.example", members: [.method(.init(name: "M", input: fields, output: fields))])
        #expect(interface.description.split(separator: "\n").allSatisfy { $0.count <= 100 })
        #expect(try VarlinkInterface(parsing: interface.description) == interface)
    }

    @Test("carriage returns before line ends are not part of comments")
    func carriageReturns() throws {
        let interface = try VarlinkInterface(parsing: "# A\r\ninterface a.b\r\n\r\n# B\r\nmethod M() -> ()\r\n")
        #expect(interface.documentation == "A")
        #expect(interface.methods[0].documentation == "B")
    }

    @Test(
        "what is wrong is told with line and column",
        arguments: [
            ("", "line 1, column 1: expected \"interface\", found the end"),
            ("interface", "line 1, column 10: expected the name of an interface, found the end"),
            ("interface a", "line 1, column 11: \"a\" is not the name of an interface"),
            ("interface a..b", "line 1, column 11: \"a..b\" is not the name of an interface"),
            ("interface 1.b", "line 1, column 11: \"1.b\" is not the name of an interface"),
            ("interface a.b-", "line 1, column 11: \"a.b-\" is not the name of an interface"),
            ("interface a.b method M() -> ()", "line 1, column 15: expected a line end, found \"method\""),
            (
                "interface a.b\nfunction M()",
                "line 2, column 1: expected \"type\", \"method\" or \"error\", found \"function\""
            ),
            ("interface a.b\nmethod m() -> ()", "line 2, column 8: \"m\" is not the name of a method"),
            ("interface a.b\nmethod M_() -> ()", "line 2, column 8: \"M_\" is not the name of a method"),
            ("interface a.b\nmethod M()", "line 2, column 11: expected \"->\", found the end"),
            ("interface a.b\nmethod M() -> (x)", "line 2, column 15: expected fields with types, found an enumeration"),
            ("interface a.b\ntype T int", "line 2, column 8: expected \"(\", found \"int\""),
            ("interface a.b\ntype T (a, b: int)", "line 2, column 13: expected \",\" or \")\", found \":\""),
            ("interface a.b\ntype T (a: int, b)", "line 2, column 18: expected \":\", found \")\""),
            ("interface a.b\ntype T (a: int b: int)", "line 2, column 16: expected \",\" or \")\", found \"b\""),
            ("interface a.b\ntype T (a: int,)", "line 2, column 16: expected the name of a field, found \")\""),
            ("interface a.b\ntype T (\n  a__b: int)", "line 3, column 3: \"a__b\" is not the name of a field"),
            ("interface a.b\ntype T (a: int, a: int)", "line 2, column 17: field \"a\" is there twice"),
            ("interface a.b\ntype T (a, a)", "line 2, column 12: field \"a\" is there twice"),
            ("interface a.b\ntype T ()\nerror T ()", "line 3, column 7: member \"T\" is there twice"),
            ("interface a.b\ntype T (a: [int]int)", "line 2, column 13: expected \"string\", found \"int\""),
            (
                "interface a.b\ntype T (a: ??int)",
                "line 2, column 13: expected a type that is not optional, found \"?\""
            ),
            ("interface a.b\ntype T (a: )", "line 2, column 12: expected a type, found \")\""),
            ("interface a.b\ntype T (a: integer)", "line 2, column 12: \"integer\" is not the name of a type"),
            (
                "interface a.b\ntype T (a: []Other)",
                "line 2, column 14: type \"Other\" is not defined in this interface"
            ),
            ("interface a.b\ntype T (é: int)", "line 2, column 9: expected the name of a field, found \"é\""),
            (
                "interface a.b\ntype T (a: \(String(repeating: "[]", count: 40))int)",
                "line 2, column 74: types are nested more than 32 deep"
            ),
        ])
    func errors(text: String, message: String) {
        do {
            _ = try VarlinkInterface(parsing: text)
            Issue.record("\(text) was read")
        } catch {
            #expect("\(error)" == message)
        }
    }
}
