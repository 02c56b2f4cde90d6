import ArgumentParser

struct MessageVerbs: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "message", abstract: "Puts, publishes, lists, shows and previews messages.",
        discussion: "Example: campaignctl message put spring-2026 -f spring-2026.yaml",
        subcommands: [
            MessagePut.self, MessagePublish.self, MessageList.self, MessageShow.self, MessagePreview.self,
        ])
}
