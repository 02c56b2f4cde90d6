internal import CampaignModel
internal import Recurrence
internal import VarlinkKit

/// Why a JSON object is not what it should be: which member, and what was expected there.
public struct ViewError: Error, Hashable, Sendable, CustomStringConvertible {
    /// With dots and indices for nesting: `alerts[0].since`.
    public let member: String
    public let expected: String

    public init(_ member: String, expected: String) {
        self.member = member
        self.expected = expected
    }

    public var description: String { "\(member): must be \(expected)" }

    /// The same error seen from the object that holds the member's object.
    func inside(_ outer: String) -> ViewError { ViewError("\(outer).\(member)", expected: expected) }
}

/// Reads the members of one JSON object by name and type. Absent and null are the same; members that nobody asks for
/// are let pass, so that an older client reads a newer daemon's answers.
struct JSONFields {
    let members: JSONObject

    init(_ members: JSONObject) {
        self.members = members
    }

    func text(_ name: String) throws(ViewError) -> String? {
        guard let value = present(name) else { return nil }
        guard let text = value.stringValue else { throw ViewError(name, expected: "a string") }
        return text
    }

    func number(_ name: String) throws(ViewError) -> Int? {
        guard let value = present(name) else { return nil }
        guard let number = value.intValue.flatMap(Int.init(exactly:)) else {
            throw ViewError(name, expected: "a whole number")
        }
        return number
    }

    /// Any number, a whole one too.
    func double(_ name: String) throws(ViewError) -> Double? {
        guard let value = present(name) else { return nil }
        guard let number = value.doubleValue else { throw ViewError(name, expected: "a number") }
        return number
    }

    func flag(_ name: String) throws(ViewError) -> Bool? {
        guard let value = present(name) else { return nil }
        guard let flag = value.boolValue else { throw ViewError(name, expected: "true or false") }
        return flag
    }

    func instant(_ name: String) throws(ViewError) -> Instant? {
        try parsed(name, "an instant such as 2026-12-07T08:00:00Z", Instant.init)
    }

    func instants(_ name: String) throws(ViewError) -> [Instant]? {
        guard let texts = try texts(name) else { return nil }
        var instants: [Instant] = []
        for text in texts {
            guard let instant = Instant(text) else { throw ViewError(name, expected: "instants") }
            instants.append(instant)
        }
        return instants
    }

    func localTime(_ name: String) throws(ViewError) -> LocalDateTime? {
        try parsed(name, "a local time such as 2026-12-07T09:00:00", LocalDateTime.init)
    }

    func word<Word: RawRepresentable>(_ name: String, _ type: Word.Type) throws(ViewError) -> Word?
    where Word.RawValue == String {
        try parsed(name, "one of the known words") { Word(rawValue: $0) }
    }

    func texts(_ name: String) throws(ViewError) -> [String]? {
        guard let values = try array(name) else { return nil }
        var texts: [String] = []
        for (index, value) in values.enumerated() {
            guard let text = value.stringValue else { throw ViewError("\(name)[\(index)]", expected: "a string") }
            texts.append(text)
        }
        return texts
    }

    func object(_ name: String) throws(ViewError) -> JSONObject? {
        guard let value = present(name) else { return nil }
        guard let object = value.objectValue else { throw ViewError(name, expected: "an object") }
        return object
    }

    /// Each element as a view; errors name its index.
    func views<View>(
        _ name: String, _ make: (JSONObject) throws(ViewError) -> View
    ) throws(ViewError) -> [View] {
        var views: [View] = []
        for (index, value) in (try required(name, array)).enumerated() {
            guard let object = value.objectValue else { throw ViewError("\(name)[\(index)]", expected: "an object") }
            do {
                views.append(try make(object))
            } catch {
                throw error.inside("\(name)[\(index)]")
            }
        }
        return views
    }

    /// The member at `name` as a view.
    func view<View>(
        _ name: String, _ make: (JSONObject) throws(ViewError) -> View
    ) throws(ViewError) -> View {
        let object = try required(name, object)
        do {
            return try make(object)
        } catch {
            throw error.inside(name)
        }
    }

    /// What `read` finds at `name`.
    ///
    /// - Throws: ``ViewError`` also where it finds nothing.
    func required<Value>(
        _ name: String, _ read: (String) throws(ViewError) -> Value?
    ) throws(ViewError) -> Value {
        guard let value = try read(name) else { throw ViewError(name, expected: "there") }
        return value
    }

    func requiredWord<Word: RawRepresentable>(_ name: String, _ type: Word.Type) throws(ViewError) -> Word
    where Word.RawValue == String {
        guard let word = try word(name, type) else { throw ViewError(name, expected: "there") }
        return word
    }

    private func array(_ name: String) throws(ViewError) -> [JSONValue]? {
        guard let value = present(name) else { return nil }
        guard let array = value.arrayValue else { throw ViewError(name, expected: "an array") }
        return array
    }

    private func parsed<Value>(
        _ name: String, _ expected: String, _ parse: (String) -> Value?
    ) throws(ViewError) -> Value? {
        guard let text = try text(name) else { return nil }
        guard let value = parse(text) else { throw ViewError(name, expected: expected) }
        return value
    }

    private func present(_ name: String) -> JSONValue? {
        guard let value = members[name], !value.isNull else { return nil }
        return value
    }
}

extension JSONValue {
    /// The instant's text, or null.
    init(_ instant: Instant?) {
        self = JSONValue(instant?.description)
    }

    /// The local time's text, or null.
    init(_ local: LocalDateTime?) {
        self = JSONValue(local?.description)
    }

    /// The texts, or null.
    init(_ texts: [String]?) {
        self = texts.map { .array($0.map(JSONValue.string)) } ?? .null
    }
}
