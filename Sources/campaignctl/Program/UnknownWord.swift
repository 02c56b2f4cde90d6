import ArgumentParser
import CampaignModel
import Spelling

/// A word that stands where a verb has to, and is none.
struct UnknownWord: CustomStringConvertible {
    private let word: String
    /// The verbs before it, from the program's name on.
    private let path: String
    private let known: [String]

    /// - Parameter arguments: of the program, its own name included.
    /// - Returns: nil where the words are verbs for as long as there have to be some.
    init?(in arguments: [String]) {
        var command: any ParsableCommand.Type = Campaignctl.self
        var path = "campaignctl"
        for word in arguments.dropFirst() {
            let verbs = Completer.verbs(of: command)
            if verbs.isEmpty || word.hasPrefix("-") || ["help", Complete._commandName].contains(word) { return nil }
            guard let verb = verbs.first(where: { $0._commandName == word }) else {
                self.word = word
                self.path = path
                known = verbs.map { $0._commandName }
                return
            }
            command = verb
            path += " \(word)"
        }
        return nil
    }

    var description: String {
        let meant = NearestWord.of(word, in: known).map { "; did you mean \($0)?" }
        let verb = (path.split(separator: " ").dropFirst() + [Substring(word.escapedForDisplay)]).joined(separator: " ")
        return "campaignctl: there is no verb \"\(verb)\"\(meant ?? "")\n"
            + "  See '\(path) --help' for all of them."
    }
}
