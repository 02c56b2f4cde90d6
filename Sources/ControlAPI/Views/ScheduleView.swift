public import CampaignModel
internal import Recurrence
public import VarlinkKit

/// A schedule as clients see it: as its author wrote it, with its canonical rule and a sentence.
public struct ScheduleView: Hashable, Sendable {
    /// `rrule` in it is what the author wrote; see ``rule`` for the canonical one.
    public var definition: ScheduleDefinition
    /// Nil for a single occurrence.
    public var rule: String?
    public var text: String

    public init(_ content: CampaignContent) {
        definition = content.definition.schedule ?? ScheduleDefinition()
        rule = content.schedule.rule?.description
        text = ScheduleSentence(content).description
    }

    public init(json: JSONObject) throws(ViewError) {
        definition = try ScheduleDefinition(json: json)
        rule = definition.rrule
        let fields = JSONFields(json)
        text = try fields.required("text", fields.text)
    }

    public var json: JSONObject {
        var members = definition.json
        members["rrule"] = JSONValue(rule)
        members["text"] = .string(text)
        return members
    }
}
