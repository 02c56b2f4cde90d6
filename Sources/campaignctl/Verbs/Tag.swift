import ArgumentParser
import CampaignModel
import ControlAPI

struct Tag: ChangeVerb {
    static let configuration = CommandConfiguration(
        commandName: "tag", abstract: "Adds and removes tags; no new version comes of it.",
        discussion: "Example: campaignctl tag spring-newsletter --add fr --remove draft-idea")

    @OptionGroup var campaigns: CampaignNames

    @Option(
        help: ArgumentHelp("A tag to add; may come several times.", valueName: "tag"),
        completion: Names.completion(of: .tag))
    var add: [String] = []

    @Option(
        help: ArgumentHelp("A tag to remove; may come several times.", valueName: "tag"),
        completion: Names.completion(of: .tag))
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
            try await changeEach(in: session, word: word) { client, name in
                let command = Command.tag(
                    adding: try Tags.read(add, field: "--add"), removing: try Tags.read(remove, field: "--remove"))
                return try await client.perform(command, on: name, change.options)
            }
        }
    }

    private func word(_ changed: ReceivedChange) -> String {
        let tags = changed.campaign.view.tags
        let with = tags.isEmpty ? "with nothing" : tags.joined(separator: ", ")
        return wouldBe("tagged \(with)")
    }
}
