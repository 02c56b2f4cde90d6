import ArgumentParser
import ControlAPI

struct Tag: ChangeVerb {
    static let configuration = CommandConfiguration(
        abstract: "Adds and removes tags; no new version comes of it.",
        discussion: "Example: campaignctl tag spring-newsletter --add fr --remove draft-idea")

    @OptionGroup var campaigns: CampaignNames

    @Option(help: ArgumentHelp("A tag to add; may come several times.", valueName: "tag"))
    var add: [String] = []

    @Option(help: ArgumentHelp("A tag to remove; may come several times.", valueName: "tag"))
    var remove: [String] = []

    @OptionGroup var change: ChangeArguments
    @OptionGroup var options: VerbOptions

    func validate() throws {
        if add.isEmpty, remove.isEmpty { throw ValidationError("Say which tags: --add <tag>, --remove <tag>") }
        if change.revision != nil, campaigns.names.count > 1 {
            throw ValidationError("--revision goes with one name only")
        }
    }

    func run() async throws {
        try await options.run { session in
            let client = try await session.connect()
            let times = session.times()
            try await session.forEach(campaigns.names) { name in
                let campaign = try await client.tag(name, adding: add, removing: remove, change.options)
                let tags = campaign.view.tags
                let word = "tagged " + (tags.isEmpty ? "with nothing" : tags.joined(separator: ", "))
                try session.printChanged(campaign, times, isDryRun: change.dryRun, word: word)
            }
        }
    }
}
