import ArgumentParser

/// Answers a shell; see ``CompletionScript``. Whatever goes wrong, it says nothing: somebody is typing.
struct Complete: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "complete",
        abstract: "Answers the completion of a shell.", shouldDisplay: false)

    @Argument(parsing: .postTerminator)
    var words: [String] = []

    func run() async throws {
        guard let completer = try? Completer(words) else { return }
        switch completer.offer {
        case .words(let words): for word in words { try print(word.text, word.about) }
        case .files: try print(":files", "")
        case .names(let kind, let kept):
            let prefix = String((words.last ?? "").dropFirst(kept.count))
            let socket = completer.socket ?? VerbOptions.defaultSocket
            let names = try? await Names.names(of: kind, prefix: prefix, socket: socket)
            for name in names ?? [] { try print(kept + name, "") }
        }
    }

    private func print(_ word: String, _ about: String) throws {
        try Output.line(about.isEmpty ? word : "\(word)\t\(about)")
    }
}
