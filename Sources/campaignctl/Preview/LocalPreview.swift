import CampaignModel
import ControlAPI
import Recurrence

/// A preview of a campaign file or of a rule on the command line, computed here.
struct LocalPreview {
    let file: String?
    let schedule: ScheduleArguments
    let after: Instant?
    let count: Int

    /// The daemon's own rules, as they are until its configuration says others.
    private let rules = Rules(settings: Settings(), catalogue: Catalogue(), zones: Terminal.zones)

    init(file: String?, schedule: ScheduleArguments, after: Instant?, count: Int) {
        self.file = file
        self.schedule = schedule
        self.after = after
        self.count = count
    }

    func show(in session: Session) throws {
        if let file { return try showFile(CampaignFile(file), in: session) }
        var definition = CampaignDefinition()
        definition.schedule = schedule.definition
        do {
            // A rule is looked at from its beginning, in the past or not.
            try show(definition, from: { _, _ in nil }, in: session)
        } catch let error as FieldError {
            throw FieldError(schedule.option(error.field), error.value, error.reason)
        }
    }

    private func showFile(_ file: CampaignFile, in session: Session) throws {
        var definition = file.definition
        var notes: [String] = []
        if let zone = schedule.timezone {
            if let own = definition.schedule?.timezone {
                notes.append("--timezone is not used: the file names \(own).")
            } else {
                definition.schedule = definition.schedule ?? ScheduleDefinition()
                definition.schedule?.timezone = zone
            }
        }
        do {
            // As it would be if it were activated now.
            try show(definition, from: { rules.floor(of: $0, activatedAt: $1) }, notes: notes, in: session)
        } catch let error as FieldError {
            throw file.located(.invalidField(error))
        }
    }

    private func show(
        _ definition: CampaignDefinition, from beginning: (CampaignContent, Instant) -> Instant?, notes: [String] = [],
        in session: Session
    ) throws {
        let now = Terminal.now
        let content = try CampaignContent(rules.completed(definition))
        let plan = try rules.plan(of: content, activatedAt: now)
        let found = PreviewView(plan.page(after: after ?? beginning(content, now), limit: count))
        if session.isJSON { return try PreviewPage.printJSON(found.occurrences.map(\.json)) }
        var notes = notes
        if definition.schedule?.timezone == nil {
            notes.append(
                "No timezone is named; \(rules.settings.defaultTimezone) is taken, as campaignd does unless its "
                    + "default_timezone is another.")
        }
        let least = Int(rules.settings.minSpacing.secondsRoundedUp)
        if let seconds = plan.closestSpacingSeconds(below: least) {
            notes.append(
                "Two occurrences are \(seconds) s apart; campaignd refuses less than "
                    + "\(rules.settings.minSpacing.text) unless its min_spacing is another.")
        }
        var page = PreviewPage(
            sentence: ScheduleSentence(content).description, rule: content.schedule.rule?.description, notes: notes,
            occurrences: found.occurrences, isExhausted: found.isExhausted, after: after)
        if let schedule = content.definition.schedule, found.occurrences.isEmpty {
            page.reason = PastSchedule.words(schedule, at: now, session.times())
        }
        try page.print(in: session)
    }
}
