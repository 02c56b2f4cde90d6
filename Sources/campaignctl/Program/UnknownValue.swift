import Spelling

/// A value that is none of the words that an option takes.
enum UnknownValue {
    /// The argument parser's message with the word that was meant; as it is where none is near, and of other mistakes.
    ///
    /// - Parameter message: `The value 'nam' is invalid for '--sort <sort>'. Please provide one of 'name' or 'next'.`;
    ///   of many words each has a line of its own.
    static func suggesting(in message: String) -> String {
        let list = "Please provide one of"
        guard let value = message.firstMatch(of: #/The value '([^'\n]*)' is invalid for /#)?.1,
            let start = message.firstRange(of: list)
        else { return message }
        let end = message[start.upperBound...].firstRange(of: "\nHelp:")?.lowerBound ?? message.endIndex
        let words = message[start.upperBound..<end].matches(of: #/'([^'\n]+)'|  - ([^\n]+)/#)
        let known = words.compactMap { $0.1 ?? $0.2 }.map(String.init)
        guard let meant = NearestWord.of(String(value), in: known) else { return message }
        return message.replacing(list, with: "Did you mean '\(meant)'? \(list)", maxReplacements: 1)
    }
}
