import Foundation
@testable import Mail
import Mustache
import SeededRandom
import Testing

/// Templates, judged by Mustache's own specification and beside swift-mustache.
@Suite("Mustache")
struct MustacheTests {
    static func filled(
        _ template: String, _ columns: [String: String], place: TemplateParser.Place = .text
    ) throws -> String {
        var names = ColumnNames()
        let text = try TemplateParser.parse(template, part: "text", place: place, columns: &names)
        var filled: [UInt8] = []
        try text.fill(&filled, with: names.all.map { Array((columns[$0] ?? "").utf8) })
        return String(decoding: filled, as: UTF8.self)
    }

    private struct Case: Decodable, CustomTestStringConvertible {
        let name: String
        let data: Value
        let template: String
        let expected: String
        let partials: [String: String]?
        var testDescription: String { name }

        /// The data as a recipient's columns; nil where it is no object of plain values.
        var columns: [String: String]? {
            guard case .object(let members) = data, partials == nil else { return nil }
            var columns: [String: String] = [:]
            for (name, value) in members {
                switch value {
                case .text(let text): columns[name] = text
                case .flag(let flag): columns[name] = flag ? "true" : nil
                case .null: break
                case .object, .list: return nil
                }
            }
            return columns
        }
    }

    private enum Value: Decodable {
        case text(String), flag(Bool), null, list, object([String: Value])

        init(from decoder: any Decoder) throws {
            if let members = try? decoder.container(keyedBy: Name.self) {
                self = .object(
                    try Dictionary(uniqueKeysWithValues: members.allKeys.map {
                        ($0.stringValue, try members.decode(Value.self, forKey: $0))
                    }))
                return
            }
            let value = try decoder.singleValueContainer()
            if value.decodeNil() {
                self = .null
            } else if let flag = try? value.decode(Bool.self) {
                self = .flag(flag)
            } else if let number = try? value.decode(Double.self) {
                self = .text(number == number.rounded() ? "\(Int(number))" : "\(number)")
            } else if let text = try? value.decode(String.self) {
                self = .text(text)
            } else {
                self = .list
            }
        }

        private struct Name: CodingKey {
            let stringValue: String
            let intValue: Int? = nil
            init(stringValue: String) { self.stringValue = stringValue }
            init?(intValue: Int) { nil }
        }
    }

    private struct File: Decodable {
        let tests: [Case]
    }

    @Test(
        "every case of the specification whose data a recipient can have comes out as it says",
        arguments: [
            ("comments", 12), ("delimiters", 12), ("interpolation", 27), ("inverted", 16), ("sections", 17),
        ])
    func specification(file: String, count: Int) throws {
        let url = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "Fixtures/\(file).json")
        let cases = try JSONDecoder().decode(File.self, from: try Data(contentsOf: url)).tests
        // A list may well have a column `a.b`, and nothing else that the tag could mean.
        let usable = cases.filter { $0.columns != nil && $0.name != "Dotted Names are never single keys" }
        #expect(usable.count == count)
        for one in usable {
            let filled = try Self.filled(one.template, one.columns ?? [:], place: .html)
            #expect(filled == one.expected, "\(file): \(one.name)")
        }
    }

    @Test("a template of any tags comes out as swift-mustache renders it", arguments: 1...8 as ClosedRange<UInt64>)
    func beside(seed: UInt64) throws {
        var random = SeededGenerator(seed: seed)
        for round in 0..<500 {
            // Blanks at the very end it loses.
            let template = Self.template(&random, depth: 0) + "."
            var columns: [String: String] = [:]
            for name in Self.names where Bool.random(using: &random) {
                columns[name] = Self.values.randomElement(using: &random)
            }
            // An empty column is none: to swift-mustache it must be told so.
            let given = columns.filter { !$0.value.isEmpty }
            let theirs = try MustacheTemplate(string: template).render(given)
            let ours = try Self.filled(template, columns, place: .html)
            #expect(ours == theirs, "seed \(seed), round \(round): \(template.debugDescription) \(columns)")
        }
    }

    private static let names = ["name", "city", "last_name", "a-b"]
    private static let values = ["", "Ann", "<b> & \"c\" 'd'", "Zoë 🎉", "two\nlines", "{{name}}"]
    private static let pieces = ["\n", "\r\n", " ", "  \t", "Dear ", "<p>", "é", "}", "}}", "x\n", "|"]

    private static func template(_ random: inout SeededGenerator, depth: Int) -> String {
        (0..<Int.random(in: 0...7, using: &random)).map { _ in
            let name = names.randomElement(using: &random) ?? ""
            switch Int.random(in: 0..<10, using: &random) {
            case 0: return "{{\(name)}}"
            case 1: return "{{ \(name) }}"
            case 2: return "{{{\(name)}}}"
            case 3: return "{{&\(name)}}"
            case 4: return "{{! a note }}"
            case 5 where depth < 3:
                let sign = Bool.random(using: &random) ? "#" : "^"
                // What follows a section on its line it may take for the line's beginning.
                return "{{\(sign)\(name)}}" + template(&random, depth: depth + 1) + "{{/\(name)}})"
            default: return pieces.randomElement(using: &random) ?? ""
            }
        }.joined()
    }

    @Test("a broken template is refused with its line and what is wrong", arguments: [
        ("a\n\n{{name", "text: line 3: {{name is a tag that does not end; }} is missing"),
        ("{{{name}}", "text: line 1: {{{name}} is a tag that does not end; }}} is missing"),
        ("{{#a}}\n{{#b}}x{{/a}}", "text: line 2: {{/a}} stands where {{/b}} must come first"),
        ("\n{{#city}} x", "text: line 2: {{#city}} is never closed; write {{/city}} where it ends"),
        ("x {{/city}}", "text: line 1: {{/city}} closes a section that is not open"),
        ("{{}}", "text: line 1: {{}} is a tag without a name; name a column"),
        ("{{# }}", "text: line 1: {{# }} is a tag without a name; name a column"),
        ("{{a}\n{{b}}", "text: line 1: {{a} is a tag that does not end where it should"),
        ("{{.}}", "text: line 1: {{.}} stands for the column of the section around it, and there is none"),
        ("{{>end}}", "text: line 1: {{>end}} is a tag for other templates, and a message has none; name a column"),
        ("{{<a}}{{/a}}", "text: line 1: {{<a}} is a tag for other templates, and a message has none; name a column"),
        ("{{% CONTENT_TYPE: TEXT }}", "text: line 1: {{% CONTENT_TYPE: TEXT }} is a tag for other templates, and a "
            + "message has none; name a column"),
        ("{{=<\u{1} \u{2}=}}<\u{1}x", #"text: line 1: <\u{1}x is a tag that does not end; \u{2} is missing"#),
        ("{{=<%=}}", "text: line 1: {{=<%=}} must hold two delimiters with a space between, as {{=<% %>=}}"),
    ])
    func broken(_ template: String, message: String) {
        let error = #expect(throws: MailTemplateError.self) { try Self.filled(template, [:]) }
        #expect(error?.description == message)
    }

    @Test("sections nest 32 deep, and no deeper")
    func depth() throws {
        func nested(_ depth: Int) -> String {
            String(repeating: "{{#a}}", count: depth) + "x" + String(repeating: "{{/a}}", count: depth)
        }
        #expect(try Self.filled(nested(32), ["a": "1"]) == "x")
        let error = #expect(throws: MailTemplateError.self) { try Self.filled(nested(100_000), ["a": "1"]) }
        #expect(
            error?.description == "text: line 1: {{#a}} is nested too deep; 32 sections in each other are allowed")
    }

    @Test("columns have any name that a list gives them", arguments: [
        "First Name", "prénom", "имя", "名前", "attribs.city", "a/b", "e-mail (work)", "it's",
    ])
    func names(_ name: String) throws {
        #expect(try Self.filled("<{{ \(name) }}>{{^\(name)}}none{{/\(name)}}", [name: "x"]) == "<x>")
    }

    @Test("a column that is missing or empty comes to nothing, and its section is left out")
    func missing() throws {
        let template = "[{{city}}]{{#city}}in {{.}}{{/city}}{{^city}}nowhere{{/city}}"
        #expect(try Self.filled(template, [:]) == "[]nowhere")
        #expect(try Self.filled(template, ["city": ""]) == "[]nowhere")
        #expect(try Self.filled(template, ["city": "Paris"]) == "[Paris]in Paris")
    }

    @Test("no value is read as a template")
    func values() throws {
        #expect(try Self.filled("{{a}} {{{a}}}", ["a": "{{b}}", "b": "x"]) == "{{b}} {{b}}")
    }
}
