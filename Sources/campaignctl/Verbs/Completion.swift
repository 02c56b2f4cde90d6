import ArgumentParser

struct Completion: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "completion",
        abstract: "Prints what a shell needs to complete verbs, options and names.",
        discussion: """
            Names come from campaignd at each tab, and none where it does not answer. In ~/.bashrc or ~/.zshrc it is \
            source <(campaignctl completion bash), or zsh; in ~/.config/fish/config.fish it is \
            campaignctl completion fish | source.

            Example: campaignctl completion bash
            """)

    @Argument(help: "The shell.")
    var shell: CompletionScript

    func run() throws {
        try Output.bytes(Array(shell.text.utf8))
    }
}
