import Yams

/// Reads a whole YAML file strictly: one document, no anchors, aliases or tags, no repeated key, valid UTF-8.
public enum YAMLDocument {
    /// A campaign or configuration file that a person wrote; larger ones are mistakes or attacks.
    public static let sizeLimit = 1_024 * 1_024
    /// No file of ours nests deeper than a handful; the parser itself recurses.
    static let depthLimit = 32

    /// - Parameters:
    ///   - bytes: the file's content; more than `limit` bytes are refused before they are looked at.
    ///   - file: the name for errors.
    /// - Returns: the document's root; an empty document is an empty mapping.
    public static func read(
        bytes: [UInt8], file: String, limit: Int = sizeLimit
    ) throws(YAMLError) -> YAMLNode {
        guard bytes.count <= limit else {
            throw YAMLError(file: file, place: nil, reason: "has \(bytes.count) bytes; \(limit) at most are allowed")
        }
        let text = try utf8Text(of: bytes, file: file)
        return try compose(text, file: file)
    }

    private static func utf8Text(of bytes: [UInt8], file: String) throws(YAMLError) -> String {
        guard let text = String(validating: bytes, as: UTF8.self) else {
            throw YAMLError(file: file, place: firstInvalidPlace(in: bytes), reason: "is not valid UTF-8 here")
        }
        return text.hasPrefix("\u{FEFF}") ? String(text.unicodeScalars.dropFirst()) : text
    }

    /// Where the text ends to be one: each byte is looked at once, since a file may be of one line.
    private static func firstInvalidPlace(in bytes: [UInt8]) -> YAMLPlace {
        var (line, column) = (1, 1)
        var rest = bytes.makeIterator()
        var decoder = UTF8()
        while case .scalarValue(let scalar) = decoder.decode(&rest) {
            (line, column) = scalar == "\n" ? (line + 1, 1) : (line, column + 1)
        }
        return YAMLPlace(line: line, column: column)
    }

    private static func compose(_ text: String, file: String) throws(YAMLError) -> YAMLNode {
        do {
            let parser = try Parser(yaml: text, resolver: .basic)
            // A node refers to its anchor weakly; the parser alone keeps anchors alive.
            defer { withExtendedLifetime(parser) {} }
            guard let first = try parser.nextRoot() else {
                return YAMLNode(file: file, place: YAMLPlace(line: 1, column: 1), field: "", value: .mapping([]))
            }
            if let second = try parser.nextRoot() {
                throw YAMLError(
                    file: file, place: place(of: second), reason: "a second document starts here; one is allowed")
            }
            return try Reader(file: file).node(first, field: "", depth: 0)
        } catch let error as YAMLError {
            throw error
        } catch let error as YamlError {
            throw YAMLError(file: file, reading: error, in: text)
        } catch {
            throw YAMLError(file: file, place: nil, reason: "is not YAML: \(error)")
        }
    }

    static func place(of node: Node) -> YAMLPlace {
        YAMLPlace(line: node.mark?.line ?? 1, column: node.mark?.column ?? 1)
    }
}

/// Turns the parser's nodes into ours and refuses what no file of ours may hold.
private struct Reader {
    let file: String

    func node(_ node: Node, field: String, depth: Int) throws(YAMLError) -> YAMLNode {
        let place = YAMLDocument.place(of: node)
        guard depth < YAMLDocument.depthLimit else {
            throw YAMLError(file: file, place: place, reason: "nests deeper than \(YAMLDocument.depthLimit)")
        }
        if node.anchor != nil {
            throw YAMLError(file: file, place: place, field: named(field), reason: "anchors (&name) are not allowed")
        }
        let value: YAMLNode.Value
        switch node {
        case .alias:
            throw YAMLError(file: file, place: place, field: named(field), reason: "aliases (*name) are not allowed")
        case .scalar(let scalar):
            try refuseTag(scalar.tag, at: place, field: field)
            value = .scalar(scalar.string)
        case .sequence(let sequence):
            try refuseTag(sequence.tag, at: place, field: field)
            var nodes: [YAMLNode] = []
            for (index, element) in sequence.enumerated() {
                nodes.append(try self.node(element, field: "\(field)[\(index)]", depth: depth + 1))
            }
            value = .sequence(nodes)
        case .mapping(let mapping):
            try refuseTag(mapping.tag, at: place, field: field)
            value = .mapping(try entries(of: mapping, field: field, depth: depth))
        }
        return YAMLNode(file: file, place: place, field: field, value: value)
    }

    private func entries(of mapping: Node.Mapping, field: String, depth: Int) throws(YAMLError) -> [YAMLEntry] {
        var entries: [YAMLEntry] = []
        var seen: Set<String> = []
        for (key, element) in mapping {
            let place = YAMLDocument.place(of: key)
            guard case .scalar(let scalar) = key else {
                throw YAMLError(file: file, place: place, field: named(field), reason: "a key must be a single word")
            }
            let path = field.isEmpty ? scalar.string : "\(field).\(scalar.string)"
            guard seen.insert(scalar.string).inserted else {
                throw YAMLError(file: file, place: place, field: path, reason: "repeated key")
            }
            if key.anchor != nil {
                throw YAMLError(file: file, place: place, field: path, reason: "anchors (&name) are not allowed")
            }
            try refuseTag(scalar.tag, at: place, field: path)
            let value = try node(element, field: path, depth: depth + 1)
            entries.append(YAMLEntry(key: scalar.string, place: place, node: value))
        }
        return entries
    }

    private func named(_ field: String) -> String? { field.isEmpty ? nil : field }

    /// Nodes without a written tag have the implicit one; quoted scalars and keys have that of a string.
    private func refuseTag(_ tag: Tag, at place: YAMLPlace, field: String) throws(YAMLError) {
        guard [Tag.Name.implicit, .nonSpecific, .str].map(\.rawValue).contains(tag.description) else {
            throw YAMLError(file: file, place: place, field: named(field), reason: "tags (!name) are not allowed")
        }
    }
}

extension YAMLError {
    /// - Parameter text: the whole file's.
    fileprivate init(file: String, reading error: YamlError, in text: String) {
        switch error {
        case .scanner(_, let problem, let mark, _), .parser(_, let problem, let mark, _),
            .composer(_, let problem, let mark, _):
            let place = YAMLPlace(line: mark.line, column: mark.column)
            let reason = Self.isTab(place, in: text) ? "a tab is here; indent with spaces" : "is not YAML: \(problem)"
            self.init(file: file, place: place, reason: reason)
        case .duplicatedKeysInMapping(let duplicates, let context):
            self.init(
                file: file, place: YAMLPlace(line: context.mark.line, column: context.mark.column),
                field: duplicates.first.map { "\($0)" }, reason: "repeated key")
        case .reader(let problem, _, _, _):
            self.init(file: file, place: nil, reason: "is not YAML: \(problem)")
        default:
            self.init(file: file, place: nil, reason: "is not YAML: \(error)")
        }
    }

    /// Whether a tab stands there, behind nothing but white space: the parser speaks of tokens then.
    private static func isTab(_ place: YAMLPlace, in text: String) -> Bool {
        let lines = text.unicodeScalars.split(separator: "\n", omittingEmptySubsequences: false)
        guard lines.indices.contains(place.line - 1) else { return false }
        let before = lines[place.line - 1].prefix(place.column)
        return before.last == "\t" && before.allSatisfy { $0 == " " || $0 == "\t" }
    }
}
