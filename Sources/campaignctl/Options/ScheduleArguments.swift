import ArgumentParser
import CampaignModel

/// A schedule on the command line, with the keys of a campaign file.
struct ScheduleArguments: ParsableArguments {
    @Option(help: ArgumentHelp("A rule of RFC 5545, such as FREQ=WEEKLY;BYDAY=MO.", valueName: "rule"))
    var rrule: String?

    @Option(help: ArgumentHelp("Or its step in words: 2 weeks, month, 90 minutes.", valueName: "step"))
    var every: String?

    @Option(help: ArgumentHelp("With --every: monday,friday, first monday, last day, 31.", valueName: "days"))
    var days: [String] = []

    @Option(help: ArgumentHelp("With --every: 09:00,17:00.", valueName: "times"))
    var at: [String] = []

    @Option(help: ArgumentHelp("With --every: what a 31st means in a shorter month.", valueName: "clamp|omit"))
    var monthEnd: MonthEnd?

    @Option(help: ArgumentHelp("The local time of the start; now unless named.", valueName: "local time"))
    var start: String?

    @Option(help: ArgumentHelp("The time zone; also for a file that names none. Default: UTC.", valueName: "zone"))
    var timezone: String?

    @Option(help: ArgumentHelp("The inclusive end: a date, or a local time.", valueName: "end"))
    var end: String?

    @Option(help: ArgumentHelp("What becomes of a local time that does not exist.", valueName: "shift|skip"))
    var gap: Gap?

    @Option(help: ArgumentHelp("A local date that is left out; may come several times.", valueName: "date"))
    var except: [String] = []

    enum MonthEnd: String, ExpressibleByArgument, CaseIterable {
        case clamp, omit
    }

    enum Gap: String, ExpressibleByArgument, CaseIterable {
        case shift, skip
    }

    /// Whether a schedule is given at all.
    var isGiven: Bool { rrule != nil || every != nil || start != nil }

    /// The options that say something of a schedule and are given, but `--timezone`.
    var givenOptions: [String] {
        let options: [(String, Bool)] = [
            ("--rrule", rrule != nil), ("--every", every != nil), ("--days", !days.isEmpty), ("--at", !at.isEmpty),
            ("--month-end", monthEnd != nil), ("--start", start != nil), ("--end", end != nil), ("--gap", gap != nil),
            ("--except", !except.isEmpty),
        ]
        return options.filter(\.1).map(\.0)
    }

    var definition: ScheduleDefinition {
        var definition = ScheduleDefinition()
        definition.start = start
        definition.timezone = timezone
        definition.every = every
        definition.days = days.isEmpty ? nil : Self.split(days)
        definition.at = at.isEmpty ? nil : Self.split(at)
        definition.end = end
        definition.except = except.isEmpty ? nil : Self.split(except)
        definition.gap = gap?.rawValue
        definition.monthEnd = monthEnd?.rawValue
        definition.rrule = rrule
        return definition
    }

    /// The option that a field of the definition comes from.
    func option(_ field: String) -> String {
        guard field.hasPrefix("schedule.") else { return every == nil ? "--rrule" : "--every" }
        return "--" + field.dropFirst("schedule.".count).replacing("_", with: "-")
    }

    private static func split(_ values: [String]) -> [String] {
        values.flatMap { $0.split(separator: ",", omittingEmptySubsequences: false) }.map { word in
            String(word.drop { $0 == " " }.reversed().drop { $0 == " " }.reversed())
        }
    }
}
