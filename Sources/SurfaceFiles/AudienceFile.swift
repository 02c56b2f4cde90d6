public import CampaignModel
public import StrictYAML

/// One file of audiences.d: where the recipients are.
///
///     file: /etc/campaignd/lists/subscribers.csv
public enum AudienceFile: Sendable {
    /// A file, CSV or JSON lines.
    case file(String)
    /// A program whose output is such a file.
    case command([String])
    /// A text that the surface alone understands.
    case reference(String)

    private static let keys = ["file", "command", "reference"]
    private static let maximumArguments = 64

    /// - Throws: ``YAMLError`` with file, line, column and key for the first thing that is wrong.
    public init(_ node: YAMLNode) throws(YAMLError) {
        let mapping = try node.mapping(allowing: Self.keys)
        guard mapping.entries.count == 1, let entry = mapping.entries.first else {
            throw node.error("must have one of \(Self.keys.joined(separator: ", "))")
        }
        let words = try entry.node.texts()
        let areSound = words.allSatisfy { !$0.isEmpty && !$0.utf8.contains(0) }
        guard areSound, (1...Self.maximumArguments).contains(words.count)
        else { throw entry.node.error("must not be empty, and hold \(Self.maximumArguments) words at most") }
        switch entry.key {
        case "file":
            self = .file(try Self.path(try entry.node.text(), entry.node))
        case "command":
            _ = try Self.path(words[0], entry.node)
            self = .command(words)
        default:
            self = .reference(try entry.node.text())
        }
    }

    private static func path(_ text: String, _ node: YAMLNode) throws(YAMLError) -> String {
        guard text.hasPrefix("/") else {
            throw node.error("\"\(FieldError.shown(text))\" must be a whole path, from /")
        }
        return text
    }

    /// The value of `AUDIENCE`: the file's path or the reference as it stands. A program's output is nothing that
    /// fits into a variable: its surface gets the audience's name, and the words to run in the request.
    public func variable(name: Slug) -> String {
        switch self {
        case .file(let path): path
        case .reference(let text): text
        case .command: name.text
        }
    }
}
