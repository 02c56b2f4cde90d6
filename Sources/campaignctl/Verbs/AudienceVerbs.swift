import ArgumentParser

struct AudienceVerbs: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "audience", abstract: "Lists, counts and samples the sets of recipients that campaigns name.",
        discussion: "Example: campaignctl audience count subscribers",
        subcommands: [AudienceList.self, AudienceCountVerb.self, AudienceSampleVerb.self])
}
