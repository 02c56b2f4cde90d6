import ArgumentParser

struct SuppressVerbs: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "suppress", abstract: "Keeps the addresses that want no mail; only operators may.",
        discussion: """
            The surface mail leaves them out, from the moment on at which campaignctl has ended with 0: also of a send \
            that is under way, and of every retry. Case does not matter.

            Example: campaignctl suppress add eve@example.org --reason "asked by telephone"
            """,
        subcommands: [SuppressAdd.self, SuppressRemove.self, SuppressImport.self, SuppressList.self])
}
