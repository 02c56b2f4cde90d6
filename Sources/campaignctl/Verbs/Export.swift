import ArgumentParser
import CampaignModel
import ControlAPI
import Recurrence
import VarlinkKit

struct Export: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "export", abstract: "Writes what is to come as a file for calendar programs.",
        discussion: """
            With --ics it is an iCalendar file (RFC 5545) on standard output: each occurrence is an event of its own \
            at its instant, so that no calendar program works the schedule out anew. An event keeps its identity from \
            file to file. With --json each occurrence is an object, as next prints it.

            Example: campaignctl export --ics --until 2027-06-30
            Example: campaignctl export --ics spring-newsletter
            """)

    @Argument(
        help: ArgumentHelp("Of these campaigns alone.", valueName: "name"),
        completion: Names.completion(of: .campaign))
    var names: [String] = []

    @Flag(help: "As an iCalendar file.")
    var ics = false

    @Option(help: ArgumentHelp("Up to the end of this day, UTC. Default: a year ahead.", valueName: "date"))
    var until: String?

    @Flag(help: "Drafts too, as if they were activated now.")
    var drafts = false

    @OptionGroup var options: VerbOptions

    private static let defaultDays = 365

    func validate() throws {
        if ics, options.json { throw ValidationError("--ics stands beside --json; use one of them") }
        if !ics, !options.json { throw ValidationError("Name a format: --ics") }
        if let until, LocalDate(until) == nil {
            throw ValidationError("--until: \"\(until.escapedForDisplay)\" is not a date; write 2027-06-30")
        }
    }

    func run() async throws {
        try await options.run { session in
            let now = Terminal.now
            let last = until.flatMap { LocalDate($0) } ?? Zone.utc.local(at: now).date.adding(days: Self.defaultDays)
            let client = try await session.connect()
            var campaigns: [Slug] = []
            for name in names {
                campaigns.append(try Slug(name, field: "name"))
                // A name that nothing has is told, and no empty file made of it.
                _ = try await client.show(name)
            }
            let found = try await client.next(
                NextQuery(
                    campaigns: campaigns, until: SeriesEnd.date(last).lastInstant(in: .utc), includesDrafts: drafts,
                    limit: NextQuery.allowedLimits.upperBound))
            if session.isJSON {
                for planned in found.occurrences { try Output.line(planned.json) }
            } else {
                let file = ICSFile(occurrences: found.occurrences.map(\.view), now: now)
                try Output.bytes(Array(file.text.utf8))
            }
            if !found.isExhausted {
                let end = found.occurrences.last.map { "up to \($0.view.occurrence.instant)" } ?? "in part"
                Output.message("So much is planned that it is in the file \(end) only.")
            }
        }
    }
}
