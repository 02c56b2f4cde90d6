import CampaignModel
import StrictYAML
import VarlinkKit

/// A campaign file: its values, its text, and where each value stands.
struct CampaignFile {
    let path: String
    let definition: CampaignDefinition
    /// As its author wrote it.
    let text: String
    private let document: YAMLNode

    /// A thousand dates and a page of comments; with every character escaped, values and text stay below the 1 MiB that
    /// a call may have.
    static let sizeLimit = 128 * 1_024

    /// Reads and judges the file; the daemon judges it again.
    ///
    /// - Parameter path: `-` for standard input.
    /// - Throws: ``Failure`` with file, line and column.
    init(_ path: String) throws(Failure) {
        self.path = path
        let bytes: [UInt8]
        do {
            bytes = try FileBytes.read(path, limit: Self.sizeLimit)
        } catch {
            throw Failure(error, path: path, field: "file", limit: Self.sizeLimit)
        }
        do {
            document = try Self.document(bytes, path)
            definition = try Self.definition(document)
        } catch {
            throw Failure(error)
        }
        text = String(decoding: bytes, as: UTF8.self)
        do {
            try Self.judge(definition)
        } catch {
            throw located(.invalidField(error))
        }
    }

    /// The values of a campaign file's bytes, unjudged.
    ///
    /// - Parameter file: its name, for errors.
    static func definition(of bytes: [UInt8], file: String) throws(YAMLError) -> CampaignDefinition {
        try definition(try document(bytes, file))
    }

    /// A failure about one of the file's fields, with the place of that field.
    func located(_ failure: Failure) -> Failure {
        guard failure.parameters["error"] == "InvalidField", let field = failure.parameters["field"]?.stringValue,
            failure.parameters["line"] == nil, !field.hasPrefix("--")
        else { return failure }
        var parameters = failure.parameters
        parameters["file"] = .string(path)
        guard let place = place(of: field, value: parameters["value"]?.stringValue) else {
            return Failure(failure.status, text: "\(path): \(failure.text)", parameters: parameters)
        }
        parameters["line"] = JSONValue(place.line)
        parameters["column"] = JSONValue(place.column)
        return Failure(
            failure.status, text: "\(path):\(place.line):\(place.column): \(failure.text)", parameters: parameters)
    }

    /// Where the value of a field stands; in a list, the element that is the value. Where the field is not there, its
    /// parent's place.
    private func place(of field: String, value: String?) -> YAMLPlace? {
        var node = document
        for key in field.split(separator: ".") {
            guard case .mapping(let entries) = node.value, let entry = entries.first(where: { $0.key == key }) else {
                return node.field.isEmpty ? nil : node.place
            }
            node = entry.node
        }
        guard case .sequence(let elements) = node.value else { return node.place }
        let element = elements.first { if case .scalar(value) = $0.value { true } else { false } }
        return (element ?? node).place
    }

    private static func judge(_ definition: CampaignDefinition) throws(FieldError) {
        guard let name = definition.name else {
            throw FieldError("name", nil, "is missing; a campaign needs one, such as spring-newsletter")
        }
        _ = try Slug(name, field: "name")
        _ = try Tags.read(definition.tags ?? [])
        _ = try CampaignContent(definition)
    }

    private static func document(_ bytes: [UInt8], _ file: String) throws(YAMLError) -> YAMLNode {
        try YAMLDocument.read(bytes: bytes, file: file, limit: sizeLimit)
    }

    private static func definition(_ document: YAMLNode) throws(YAMLError) -> CampaignDefinition {
        let mapping = try document.mapping(allowing: CampaignDefinition.keys)
        var definition = CampaignDefinition()
        definition.name = try mapping.text("name")
        definition.title = try mapping.text("title")
        definition.type = try mapping.text("type")
        definition.channel = try mapping.text("channel")
        definition.surface = try mapping.text("surface")
        definition.message = try mapping.text("message")
        definition.audience = try mapping.text("audience")
        definition.tags = try mapping.texts("tags")
        definition.schedule = try mapping["schedule"].map(schedule)
        definition.overlap = try mapping.text("overlap")
        definition.lateLimit = try mapping.text("late_limit")
        definition.retries = try mapping.text("retries")
        definition.onInterrupt = try mapping.text("on_interrupt")
        return definition
    }

    private static func schedule(_ node: YAMLNode) throws(YAMLError) -> ScheduleDefinition {
        let mapping = try node.mapping(allowing: ScheduleDefinition.keys)
        var definition = ScheduleDefinition()
        definition.start = try mapping.text("start")
        definition.timezone = try mapping.text("timezone")
        definition.every = try mapping.text("every")
        definition.days = try mapping.texts("days")
        definition.at = try mapping.texts("at")
        definition.end = try mapping.text("end")
        definition.count = try mapping.text("count")
        definition.except = try mapping.texts("except")
        definition.gap = try mapping.text("gap")
        definition.monthEnd = try mapping.text("month_end")
        definition.rrule = try mapping.text("rrule")
        return definition
    }
}

extension Failure {
    /// A file that is not what it should be.
    init(_ error: YAMLError) {
        var failure = Failure.invalidFile(
            error.file, field: error.field ?? "file", value: nil, reason: error.reason, text: error.description)
        if let place = error.place {
            failure.parameters["line"] = JSONValue(place.line)
            failure.parameters["column"] = JSONValue(place.column)
        }
        self = failure
    }
}
