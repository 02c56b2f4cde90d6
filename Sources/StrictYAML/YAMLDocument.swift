/// Reads a whole YAML file strictly: one document, no anchors, aliases or tags, no repeated key, valid UTF-8.
public enum YAMLDocument {
    /// A campaign or configuration file that a person wrote; larger ones are mistakes or attacks.
    public static let sizeLimit = 1_024 * 1_024
    /// No file of ours nests deeper than a handful.
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
        let reader = Reader(events: try YAMLEvents(text, file: file), file: file)
        guard case .documentStart = try reader.events.next() else {
            return YAMLNode(file: file, place: YAMLPlace(line: 1, column: 1), field: "", value: .mapping([]))
        }
        let root = try reader.node(try reader.events.next(), field: "", depth: 0)
        // The document's end, and what follows it.
        _ = try reader.events.next()
        guard case .documentStart = try reader.events.next() else { return root }
        let second = reader.place(of: try reader.events.next())
        throw YAMLError(file: file, place: second, reason: "a second document starts here; one is allowed")
    }
}

/// Makes our nodes of the parser's events and refuses what no file of ours may hold.
private struct Reader {
    let events: YAMLEvents
    let file: String

    /// The node that begins with an event, with all that is in it.
    func node(_ event: YAMLEvents.Event, field: String, depth: Int) throws(YAMLError) -> YAMLNode {
        guard depth < YAMLDocument.depthLimit else {
            throw YAMLError(
                file: file, place: place(of: event), reason: "nests deeper than \(YAMLDocument.depthLimit)")
        }
        func make(_ mark: YAMLEvents.Mark, _ value: YAMLNode.Value) -> YAMLNode {
            YAMLNode(file: file, place: mark.place, field: field, value: value)
        }
        switch event {
        case .scalar(let mark, let text):
            try refuse(mark, field: field)
            return make(mark, .scalar(text))
        case .sequenceStart(let mark):
            try refuse(mark, field: field)
            return make(mark, .sequence(try elements(field: field, depth: depth)))
        case .mappingStart(let mark):
            try refuse(mark, field: field)
            return make(mark, .mapping(try entries(field: field, depth: depth)))
        case .alias(let place):
            throw YAMLError(file: file, place: place, field: named(field), reason: "aliases (*name) are not allowed")
        case .documentStart, .documentEnd, .sequenceEnd, .mappingEnd, .streamEnd:
            preconditionFailure("libyaml begins no node with \(event)")
        }
    }

    private func elements(field: String, depth: Int) throws(YAMLError) -> [YAMLNode] {
        var nodes: [YAMLNode] = []
        while true {
            let event = try events.next()
            if case .sequenceEnd = event { return nodes }
            nodes.append(try node(event, field: "\(field)[\(nodes.count)]", depth: depth + 1))
        }
    }

    private func entries(field: String, depth: Int) throws(YAMLError) -> [YAMLEntry] {
        var entries: [YAMLEntry] = []
        var seen: Set<String> = []
        while true {
            let event = try events.next()
            if case .mappingEnd = event { return entries }
            guard case .scalar(let mark, let key) = event else {
                throw YAMLError(
                    file: file, place: place(of: event), field: named(field), reason: "a key must be a single word")
            }
            let path = field.isEmpty ? key : "\(field).\(key)"
            guard seen.insert(key).inserted else {
                throw YAMLError(file: file, place: mark.place, field: path, reason: "repeated key")
            }
            try refuse(mark, field: path)
            let value = try node(try events.next(), field: path, depth: depth + 1)
            entries.append(YAMLEntry(key: key, place: mark.place, node: value))
        }
    }

    func place(of event: YAMLEvents.Event) -> YAMLPlace? {
        switch event {
        case .scalar(let mark, _), .sequenceStart(let mark), .mappingStart(let mark): mark.place
        case .alias(let place): place
        case .documentStart, .documentEnd, .sequenceEnd, .mappingEnd, .streamEnd: nil
        }
    }

    private func named(_ field: String) -> String? { field.isEmpty ? nil : field }

    /// A text may say that it is one.
    private static let allowedTags = ["!", "tag:yaml.org,2002:str"]

    private func refuse(_ mark: YAMLEvents.Mark, field: String) throws(YAMLError) {
        if mark.hasAnchor {
            throw YAMLError(
                file: file, place: mark.place, field: named(field), reason: "anchors (&name) are not allowed")
        }
        if let tag = mark.tag, !Self.allowedTags.contains(tag) {
            throw YAMLError(file: file, place: mark.place, field: named(field), reason: "tags (!name) are not allowed")
        }
    }
}
