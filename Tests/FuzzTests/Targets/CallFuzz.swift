import CampaignModel
import ControlAPI
import VarlinkKit

@testable import ControlBench

/// The parameters of each method of `org.campaignd`, as a client may send them: the first byte chooses the method, and
/// JSON with its parameters follows. Other methods get those that have their names. What is no JSON is a text that
/// stands in each place that takes one.
///
/// Each answer is a reply that fits the interface, or one of its errors, whose text is short.
enum CallFuzz {
    private static let methods = ControlDesk.interface.methods

    static func run(_ bytes: [UInt8]) async throws {
        guard let first = bytes.first else { return }
        let desk = try ControlDesk(control())
        let name = methods[Int(first) % methods.count].name
        let text = Array(bytes.dropFirst())
        guard case .object(let parameters)? = try? JSONValue(parsing: text) else {
            return try await ask(desk, name, filled(with: String(decoding: text, as: UTF8.self), for: name))
        }
        try await ask(desk, name, parameters)
        // A call that holds parameters of all methods is, for each of them, cut to its own.
        for method in methods {
            let own = Set(method.input.map(\.name))
            let cut = parameters.filter { own.contains($0.key) }
            if method.name != name, !cut.isEmpty { try await ask(desk, method.name, cut) }
        }
    }

    /// Answers from tables.
    private static func control() -> RecordingControl {
        let control = RecordingControl(
            campaigns: [Sample.campaign(named: "spring"), Sample.campaign(named: "a", .active)])
        control.set(sends: [Sample.send("spring")], alerts: [Sample.alert("spring")])
        let result = RecipientResult(
            address: "ann@example.org", state: .refused, reason: "550 no", attempt: 1, at: Sample.instant)
        control.set(results: [[result]], of: Sample.send("spring").key)
        return control
    }

    private static func filled(with text: String, for name: String) -> JSONObject {
        guard let method = methods.first(where: { $0.name == name }) else { return [:] }
        let types = Dictionary(ControlDesk.interface.types.map { ($0.name, $0.type) }) { first, _ in first }
        return JSONObject(method.input.map { ($0.name, value(of: $0.type, text, types)) })
    }

    private static func value(of type: VarlinkType, _ text: String, _ types: [String: VarlinkType]) -> JSONValue {
        switch type {
        case .bool: .bool(text.utf8.count.isMultiple(of: 2))
        case .int: .int(Int64(text) ?? Int64(text.utf8.count))
        case .float: .double(0.5)
        case .string: .string(text)
        case .object: .object([text: .string(text)])
        case .named(let name): types[name].map { value(of: $0, text, types) } ?? .null
        case .structure(let fields):
            .object(JSONObject(fields.map { ($0.name, value(of: $0.type, text, types)) }))
        case .enumeration(let values): .string(values.first { $0.name == text }?.name ?? values[0].name)
        case .optional(let wrapped): value(of: wrapped, text, types)
        case .array(let element): .array([value(of: element, text, types)])
        case .dictionary(let element): .object([text: value(of: element, text, types)])
        }
    }

    private static func ask(_ desk: ControlDesk, _ name: String, _ parameters: JSONObject) async throws {
        let answer = try await desk.ask(name, parameters)
        try await desk.ask(name, parameters, more: true)
        try await desk.askAsStranger(name, parameters)
        if name == "BeginMessage", case .string(let upload)? = answer.parameters["upload"] {
            try await putParts(desk, upload, parameters)
        }
    }

    /// An upload is a story of several calls.
    private static func putParts(_ desk: ControlDesk, _ upload: String, _ parameters: JSONObject) async throws {
        for part in ["file", "text", "html", "attachment"] {
            try await desk.ask(
                "PutMessagePart",
                [
                    "upload": .string(upload), "part": .string(part), "name": parameters["file_name"] ?? .null,
                    "data": parameters["subject"] ?? .string("SGVsbG8="),
                ])
        }
        try await desk.ask("CommitMessage", ["upload": .string(upload)])
    }
}
