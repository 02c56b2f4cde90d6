import ArgumentParser

/// The verb that the program was started with.
enum AskedVerb {
    /// The option that a field of its call comes from: `--request-id` of `request_id`; nil where it has none of that
    /// name, since the field is an argument, or a key of a file.
    static func option(of field: String) -> String? {
        let option = "--" + field.replacing("_", with: "-")
        let arguments = try? Completer.arguments(of: verb)
        return arguments?.contains { $0.names.contains(option) } == true ? option : nil
    }

    private static var verb: any ParsableCommand.Type {
        var verb: any ParsableCommand.Type = Campaignctl.self
        for word in CommandLine.arguments.dropFirst() {
            guard let next = Completer.verbs(of: verb).first(where: { $0._commandName == word }) else { break }
            verb = next
        }
        return verb
    }
}
