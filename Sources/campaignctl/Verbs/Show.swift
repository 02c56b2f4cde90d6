import ArgumentParser
import CampaignModel
import ControlAPI
import VarlinkKit

struct Show: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "show",
        abstract: "Shows all of a campaign: its schedule, next occurrences, alerts, last sends and history.",
        discussion: "Example: campaignctl show spring-newsletter --draft --yaml")

    @Argument(
        help: ArgumentHelp("The campaigns' names.", valueName: "name"), completion: Names.completion(of: .campaign))
    var names: [String]

    @Flag(help: "The live version, or the draft beside it.")
    var which: Which?

    @Option(help: ArgumentHelp("The version with this number.", valueName: "n"))
    var version: Int?

    @Flag(help: "Print the file as its author wrote it.")
    var yaml = false

    @OptionGroup var options: VerbOptions

    /// With them and the rest it fits a screen.
    static let lastSends = 5
    static let lastEvents = 5

    enum Which: String, EnumerableFlag {
        case live, draft
    }

    func validate() throws {
        try VersionChoice.validate(which, number: version)
        if yaml, options.json { throw ValidationError("--yaml stands beside --json; use one of them") }
    }

    func run() async throws {
        try await options.run(isPaged: true) { session in
            let client = try await session.connect()
            let times = session.times()
            var isFirst = true
            try await session.forEach(names) { name in
                let shown = try await client.show(name, version: VersionChoice(which, number: version))
                if session.isJSON { return try Output.line(shown.campaign.json) }
                if !isFirst { try Output.line("") }
                isFirst = false
                if yaml { return try Output.line(source(shown.sourceText, shown.definition, of: name)) }
                var sends: [SendView] = []
                for try await send in client.sends(of: name, limit: Self.lastSends) { sends.append(send.view) }
                var events: [EventView] = []
                for try await event in client.log(of: name, last: Self.lastEvents) { events.append(event.view) }
                let page = CampaignPage(
                    campaign: shown.campaign.view, sends: sends, events: events,
                    isOld: try await isOld(shown.campaign.view, client), now: shown.now, times: times,
                    style: session.style)
                for line in page.lines { try Output.line(line) }
            }
        }
    }

    private func isOld(_ shown: CampaignView, _ client: ControlClient) async throws -> Bool {
        guard version != nil else { return false }
        let current = try await client.show(shown.name).campaign.view
        return ![current.version, current.draftVersion].contains(shown.version)
    }

    /// The file as its author wrote it; of a campaign that was made without one, a file that says the same.
    private func source(_ text: String?, _ definition: CampaignDefinition, of name: String) -> String {
        let text = text.map { SourceText.text($0, named: name) } ?? CampaignYAML.text(definition)
        return text.hasSuffix("\n") ? String(text.dropLast()) : text
    }
}
