import CampaignModel
import ControlAPI
import Recurrence
import StrictYAML

@testable import campaignctl

/// A campaign file: refused in a short sentence, or values that are written and read back as they were, that go over
/// the socket and come back, and whose schedule is a rule that says the same where it stands by itself.
enum CampaignFuzz {
    static func run(_ bytes: [UInt8]) throws(Finding) {
        let definition: CampaignDefinition
        do throws(YAMLError) {
            definition = try CampaignFile.definition(of: bytes, file: "fuzz.yaml")
        } catch {
            return try checkRefusal(error)
        }
        try checkWritten(definition)
        let content: CampaignContent
        do throws(FieldError) {
            _ = try Tags.read(definition.tags ?? [])
            content = try CampaignContent(definition)
        } catch {
            return try checkRefusal(error)
        }
        try checkSent(definition)
        try checkRule(content)
        try checkSentence(content)
        try checkPlan(content)
    }

    private static func checkWritten(_ definition: CampaignDefinition) throws(Finding) {
        let text = CampaignYAML.text(definition)
        let again: CampaignDefinition
        do throws(YAMLError) {
            again = try CampaignFile.definition(of: Array(text.utf8), file: "fuzz.yaml")
        } catch {
            throw Finding(description: "\(text) is not read back: \(error)")
        }
        // A byte order mark at the beginning of a value is dropped, see `YAMLNode.text()`.
        if text.contains(#""\U0000FEFF"#) { return }
        try check(again == definition, "\(definition) is read back as \(again) from \(text)")
    }

    /// Numbers are numbers on the wire, so that `007` comes back as `7`; the content is the same.
    private static func checkSent(_ definition: CampaignDefinition) throws(Finding) {
        guard let back = try? CampaignDefinition(json: definition.json) else {
            throw Finding(description: "\(definition.json) is not taken back")
        }
        try check((try? CampaignContent(back)) != nil, "\(back) is refused after it was sent")
        try check(back.json == definition.json, "\(back) is sent in two ways")
    }

    private static func checkRule(_ content: CampaignContent) throws(Finding) {
        guard let rule = content.schedule.rule else { return }
        var definition = content.definition
        var schedule = ScheduleDefinition()
        schedule.start = definition.schedule?.start
        schedule.timezone = definition.schedule?.timezone
        schedule.end = definition.schedule?.end
        schedule.except = definition.schedule?.except
        schedule.gap = definition.schedule?.gap
        schedule.rrule = rule.description
        definition.schedule = schedule
        guard let plain = try? CampaignContent(definition) else {
            throw Finding(description: "\(rule) is refused where it stands by itself")
        }
        try check(plain.schedule == content.schedule, "\(rule) says something else where it stands by itself")
    }

    private static func checkSentence(_ content: CampaignContent) throws(Finding) {
        let sentence = ScheduleSentence(content).description
        try check(!sentence.isEmpty, "there is no sentence for \(content.schedule)")
    }

    private static let now = Instant(secondsSinceEpoch: 1_796_630_400)

    private static func checkPlan(_ content: CampaignContent) throws(Finding) {
        // Long steps take a hundred times as long as others; the target `rule` looks at them.
        if let rule = content.schedule.rule, rule.frequency.isElapsed, rule.interval >= 60 { return }
        let rules = Rules(settings: Settings(), catalogue: Catalogue(), zones: SystemZones())
        let plan: Plan
        do throws(FieldError) {
            plan = try rules.plan(of: content, activatedAt: now)
        } catch {
            return try checkRefusal(error)
        }
        var last = now
        for occurrence in plan.occurrences(after: now, limit: 5) {
            try check(occurrence.instant > last, "\(occurrence.instant) is not later than \(last)")
            last = occurrence.instant
        }
    }
}
