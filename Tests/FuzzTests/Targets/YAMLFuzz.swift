import StrictYAML
@testable import campaignctl

/// A YAML file: refused in a short sentence with its place, or a tree whose parts lie inside the file, and that is read
/// back as it was when it is written in plain quotes.
enum YAMLFuzz {
    static func run(_ bytes: [UInt8]) throws(Finding) {
        let root: YAMLNode
        do throws(YAMLError) {
            root = try YAMLDocument.read(bytes: bytes, file: "fuzz.yaml")
        } catch {
            if let place = error.place { try checkPlace(place, bytes) }
            return try checkRefusal(error)
        }
        try checkNode(root, bytes)
        let written = Self.written(root)
        let again: YAMLNode
        do throws(YAMLError) {
            again = try YAMLDocument.read(bytes: Array(written.utf8), file: "fuzz.yaml")
        } catch {
            throw Finding(description: "\(written.debugDescription) is not read back: \(error)")
        }
        try check(Self.written(again) == written, "\(written) is read back as \(Self.written(again))")
    }

    private static func checkPlace(_ place: YAMLPlace, _ bytes: [UInt8]) throws(Finding) {
        // A CR, NEL, LS or PS may end a line as well; the end of the file is a place, too.
        let lines = bytes.count + 1
        try check(
            (1...lines + 1).contains(place.line) && (1...bytes.count + 2).contains(place.column),
            "line \(place.line), column \(place.column) is outside of a file of \(bytes.count) bytes")
    }

    private static func checkNode(_ node: YAMLNode, _ bytes: [UInt8]) throws(Finding) {
        try checkPlace(node.place, bytes)
        switch node.value {
        case .scalar: break
        case .sequence(let elements): for element in elements { try checkNode(element, bytes) }
        case .mapping(let entries):
            try check(Set(entries.map(\.key)).count == entries.count, "a key of \(node.field) comes twice")
            for entry in entries { try checkNode(entry.node, bytes) }
        }
        do throws(YAMLError) {
            _ = try node.mapping(allowing: ["channel", "command", "webhook"])
        } catch {
            try checkRefusal(error)
        }
    }

    /// The tree on one line, every text in double quotes.
    private static func written(_ node: YAMLNode) -> String {
        switch node.value {
        case .scalar(let text): quoted(text)
        case .sequence(let elements): "[\(elements.map(written).joined(separator: ", "))]"
        case .mapping(let entries):
            "{\(entries.map { "? \(quoted($0.key)) : \(written($0.node))" }.joined(separator: ", "))}"
        }
    }

    /// Without the byte order marks at its beginning, of which each reading drops one (see `YAMLNode.text()`).
    private static func quoted(_ text: String) -> String {
        CampaignYAML.quoted(String(String.UnicodeScalarView(text.unicodeScalars.drop { $0 == "\u{FEFF}" })))
    }
}
