import CampaignModel
import JSONTokens
import Recurrence
import VarlinkKit

/// One line of `preview --batch`, and its answer.
///
///     {"id":"a","rrule":"FREQ=DAILY","start":"2026-10-03T02:30:00","timezone":"Australia/Sydney","count":2}
///     {"id":"a","occurrences":["2026-10-02T16:30:00Z","2026-10-03T16:30:00Z"],"exhausted":false}
struct BatchRequest {
    let content: CampaignContent
    let after: Instant?
    let count: Int

    static let keys = ["id", "rrule", "start", "timezone", "count", "end", "gap", "except", "exclude", "after"]
    /// Answers that a file of cases carries beside its questions; they are stepped over.
    private static let answerKeys = ["expect", "occurrences", "exhausted", "error"]
    /// A rule of 1 MB still has its own error.
    static let lineLimitBytes = 2 << 20

    /// Answers the lines of standard input one by one, as they come.
    static func answerAll(defaultCount: Int) throws {
        let rules = Rules(settings: Settings(), catalogue: Catalogue(), zones: Terminal.zones)
        var lines = InputLines(limit: lineLimitBytes)
        while let line = try lines.next() {
            switch line {
            case .whole(let bytes):
                try Output.line(answer(bytes, defaultCount, rules))
            case .tooLong:
                try Output.line(refusal(.null, "the line has more than \(lineLimitBytes) bytes, which is the limit"))
            }
        }
    }

    private static func answer(_ line: [UInt8], _ defaultCount: Int, _ rules: Rules) -> String {
        let members: JSONObject
        do {
            members = try object(line)
        } catch {
            return refusal(.null, error.text)
        }
        let id = members["id"] ?? .null
        do throws(FieldError) {
            let request = try BatchRequest(members, defaultCount: defaultCount)
            // The start is written; when that is activated does not matter.
            let plan = try rules.plan(of: request.content, activatedAt: .earliest)
            let page = plan.page(after: request.after, limit: request.count)
            let instants = page.occurrences.map { "\"\($0.instant)\"" }.joined(separator: ",")
            return "{\"id\":\(id),\"occurrences\":[\(instants)],\"exhausted\":\(page.isExhausted)}"
        } catch {
            return refusal(id, FieldError(key(of: error.field), error.value, error.reason).description)
        }
    }

    /// The key that a field of a campaign file stands for.
    private static func key(of field: String) -> String {
        if field == "schedule" { return "rrule" }
        return field.hasPrefix("schedule.") ? String(field.dropFirst("schedule.".count)) : field
    }

    private static func refusal(_ id: JSONValue, _ text: String) -> String {
        "{\"id\":\(id),\"error\":\(JSONValue.string(text))}"
    }
}

// MARK: - Reading

extension BatchRequest {
    /// Why a line is no object.
    private struct Unreadable: Error {
        let text: String
    }

    private init(_ members: JSONObject, defaultCount: Int) throws(FieldError) {
        let known = Self.keys + Self.answerKeys
        if let key = members.keys.first(where: { !known.contains($0) }) {
            throw FieldError(key, nil, "is no key here; keys are \(Self.keys.joined(separator: ", "))")
        }
        var schedule = ScheduleDefinition()
        schedule.rrule = try Self.text(members, "rrule")
        schedule.start = try Self.text(members, "start")
        schedule.timezone = try Self.text(members, "timezone")
        schedule.end = try Self.text(members, "end")
        schedule.gap = try Self.text(members, "gap")
        schedule.except = try Self.exceptions(members)
        guard let start = schedule.start else {
            throw FieldError("start", nil, "is missing; write 2026-12-07T09:00")
        }
        // No "now": the answer to a line is the same at any time.
        guard LocalDateTime(start) != nil else {
            throw FieldError(
                "start", start, "is not a date and time of the years 0001 to 9999; write 2026-12-07T09:00")
        }
        guard schedule.timezone != nil else {
            throw FieldError("timezone", nil, "is missing; write a zone's name, such as Europe/Paris or UTC")
        }
        count = try Self.count(members) ?? defaultCount
        after = try Self.after(members)
        var definition = CampaignDefinition()
        definition.schedule = schedule
        content = try CampaignContent(definition)
    }

    private static func object(_ line: [UInt8]) throws(Unreadable) -> JSONObject {
        var bytes = line
        // Each turn takes one number out of the way; more than one a key is not worth the while.
        for _ in 0...keys.count {
            do {
                guard let members = try JSONValue(parsing: bytes).objectValue else {
                    throw Unreadable(text: "the line is not a JSON object")
                }
                return members
            } catch let error as JSONError {
                guard error.reason == .numberOutOfRange else {
                    let what = line.allSatisfy { [0x20, 0x09, 0x0D].contains($0) } ? "it is empty" : "\(error)"
                    throw Unreadable(text: "the line is not JSON: \(what)")
                }
                bytes = quotingNumber(at: error.offset, of: bytes)
            } catch {
                throw Unreadable(text: "the line is not a JSON object")
            }
        }
        throw Unreadable(text: "the line holds numbers that do not fit")
    }

    /// A number that no key takes becomes its own text: its key's error then names it, and the id is not lost.
    private static func quotingNumber(at offset: Int, of bytes: [UInt8]) -> [UInt8] {
        let end = bytes[offset...].firstIndex { !"0123456789+-.eE".utf8.contains($0) } ?? bytes.count
        return bytes[..<offset] + [UInt8(ascii: "\"")] + bytes[offset..<end] + [UInt8(ascii: "\"")] + bytes[end...]
    }

    private static func text(_ members: JSONObject, _ key: String) throws(FieldError) -> String? {
        guard let value = members[key], !value.isNull else { return nil }
        guard let text = value.stringValue else { throw FieldError(key, value.description, "is not a string") }
        return text
    }

    private static func exceptions(_ members: JSONObject) throws(FieldError) -> [String]? {
        let given = ["except", "exclude"].filter { members[$0].map { !$0.isNull } ?? false }
        guard let key = given.first, let value = members[key] else { return nil }
        if given.count > 1 { throw FieldError("exclude", nil, "stands beside except; use one of them") }
        guard let values = value.arrayValue else {
            throw FieldError(key, value.stringValue ?? value.description, "is not a list of dates")
        }
        var texts: [String] = []
        for value in values {
            guard let text = value.stringValue else { throw FieldError(key, value.description, "is not a string") }
            texts.append(text)
        }
        return texts
    }

    private static func count(_ members: JSONObject) throws(FieldError) -> Int? {
        guard let value = members["count"], !value.isNull else { return nil }
        let allowed = OccurrencePage.allowedLimits
        guard let number = value.intValue.flatMap(Int.init(exactly:)), allowed.contains(number) else {
            throw FieldError(
                "count", value.stringValue ?? value.description,
                "is not a whole number from \(allowed.lowerBound) to \(allowed.upperBound)")
        }
        return number
    }

    private static func after(_ members: JSONObject) throws(FieldError) -> Instant? {
        guard let text = try text(members, "after") else { return nil }
        guard let instant = Instant(text) else {
            throw FieldError("after", text, "is not an instant; write 2026-12-07T08:00:00Z")
        }
        return instant
    }
}
