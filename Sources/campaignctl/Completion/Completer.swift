import ArgumentParser
import ControlAPI
import VarlinkKit

/// What may stand at the end of a line that somebody is typing. It asks the argument parser for the one verb that the
/// line names: the scripts that the parser writes itself have a condition for each option of each verb, and take a
/// shell (fish) seconds.
struct Completer {
    /// A word that may stand there, and what it means.
    struct Word: Equatable {
        let text: String
        let about: String
    }

    /// What may stand there.
    enum Offer: Equatable {
        case words([Word])
        /// Names that campaignd knows, behind a part of the word that stays as it is (`--tag=`).
        case names(NamedKind, after: String)
        case files
    }

    private var verb: any ParsableCommand.Type = Campaignctl.self
    private var arguments: [VerbArgument] = []
    private var given: Set<String> = []
    private var places = 0
    /// The option whose value comes next.
    private var open: VerbArgument?
    private var optionsHaveEnded = false
    private let word: String

    /// - Parameter line: the words behind the program's name; the last one is being typed, and may be empty.
    init(_ line: [String]) throws {
        word = line.last ?? ""
        arguments = try Self.arguments(of: verb)
        for word in line.dropLast() { try pass(word) }
    }

    /// What fits what is typed of the word.
    var offer: Offer {
        // To bash the = behind an option is a word of its own.
        if let open { return offer(open, typed: word == "=" ? "" : word, after: "") }
        if !optionsHaveEnded, word.hasPrefix("-") {
            guard let equals = word.firstIndex(of: "=") else { return .words(options) }
            guard let option = option(named: String(word[..<equals])), option.takesValue else { return .words([]) }
            return offer(option, typed: String(word[word.index(after: equals)...]), after: String(word[...equals]))
        }
        let verbs = Self.verbs(of: verb)
        if !verbs.isEmpty {
            let words = verbs.map { Word(text: $0._commandName, about: $0.configuration.abstract) }
            return .words(words.filter { $0.text.hasPrefix(word) })
        }
        let positional = arguments.filter(\.names.isEmpty)
        guard let place = places < positional.count ? positional[places] : positional.last.flatMap({
            $0.isRepeating ? $0 : nil
        }) else { return .words([]) }
        return offer(place, typed: word, after: "")
    }

    /// The socket that the line names; nil where it names none.
    private(set) var socket: String?

    // MARK: The words before

    private mutating func pass(_ word: String) throws {
        if let option = open {
            if word == "=" { return }
            if option.names.contains("--socket") { socket = word }
            open = nil
        } else if !optionsHaveEnded, word == "--" {
            optionsHaveEnded = true
        } else if !optionsHaveEnded, word.hasPrefix("-"), word != "-" {
            let parts = word.split(separator: "=", maxSplits: 1).map(String.init)
            guard let option = option(named: parts[0]) else { return }
            if !option.isRepeating { given.formUnion(option.names) }
            if parts.count > 1, parts[0] == "--socket" { socket = parts[1] }
            if option.takesValue, parts.count == 1 { open = option }
        } else if let next = Self.verbs(of: verb).first(where: { $0._commandName == word }) {
            verb = next
            arguments = try Self.arguments(of: next)
        } else {
            places += 1
        }
    }

    private func option(named name: String) -> VerbArgument? { arguments.first { $0.names.contains(name) } }

    // MARK: What may stand there

    private var options: [Word] {
        arguments.filter { !$0.names.isEmpty && given.isDisjoint(with: $0.names) }.flatMap { option in
            option.names.filter { $0.hasPrefix(word) && $0.hasPrefix("--") }.map { Word(text: $0, about: option.about) }
        }
    }

    private func offer(_ argument: VerbArgument, typed: String, after kept: String) -> Offer {
        switch argument.values {
        case .words(let words):
            .words(words.filter { $0.hasPrefix(typed) }.map { Word(text: kept + $0, about: "") })
        case .names(let kind): .names(kind, after: kept)
        case .files: .files
        case .any: .words([])
        }
    }

    static func verbs(of verb: any ParsableCommand.Type) -> [any ParsableCommand.Type] {
        verb.configuration.subcommands.filter { $0.configuration.shouldDisplay }
    }

    static func arguments(of verb: any ParsableCommand.Type) throws -> [VerbArgument] {
        // Of a verb with verbs of its own the description has all of them, which takes long.
        guard verbs(of: verb).isEmpty else { return [] }
        let description = try JSONValue(parsing: verb._dumpHelp().utf8)
        return (description["command"]?["arguments"]?.arrayValue ?? []).map(VerbArgument.init)
    }
}
