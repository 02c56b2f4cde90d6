internal import CYAML

/// A YAML text as libyaml reads it: one event after the other, in bounded depth, nothing composed.
final class YAMLEvents {
    enum Event {
        case documentStart
        case scalar(Mark, String)
        case alias(YAMLPlace)
        case sequenceStart(Mark)
        case sequenceEnd
        case mappingStart(Mark)
        case mappingEnd
        case documentEnd
        case streamEnd
    }

    /// What stands at the beginning of a node.
    struct Mark {
        let place: YAMLPlace
        let hasAnchor: Bool
        /// The written tag; nil where there is none.
        let tag: String?
    }

    private let parser = UnsafeMutablePointer<yaml_parser_t>.allocate(capacity: 1)
    private let bytes: UnsafeMutableBufferPointer<UInt8>
    private let text: String
    private let file: String

    init(_ text: String, file: String) throws(YAMLError) {
        self.text = text
        self.file = file
        // The parser reads it where it lies.
        bytes = UnsafeMutableBufferPointer.allocate(capacity: text.utf8.count)
        _ = bytes.initialize(fromContentsOf: text.utf8)
        parser.initialize(to: yaml_parser_t())
        guard yaml_parser_initialize(parser) == 1 else { throw fault }
        yaml_parser_set_encoding(parser, YAML_UTF8_ENCODING)
        yaml_parser_set_input_string(parser, bytes.baseAddress, bytes.count)
    }

    deinit {
        yaml_parser_delete(parser)
        parser.deallocate()
        bytes.deallocate()
    }

    /// The next event; after the stream's end, that again.
    func next() throws(YAMLError) -> Event {
        while true {
            var event = yaml_event_t()
            guard yaml_parser_parse(parser, &event) == 1 else { throw fault }
            defer { yaml_event_delete(&event) }
            let place = YAMLPlace(event.start_mark)
            switch event.type {
            case YAML_STREAM_START_EVENT: continue
            case YAML_DOCUMENT_START_EVENT: return .documentStart
            case YAML_DOCUMENT_END_EVENT: return .documentEnd
            case YAML_ALIAS_EVENT: return .alias(place)
            case YAML_SCALAR_EVENT:
                let scalar = event.data.scalar
                let value = UnsafeBufferPointer(start: scalar.value, count: scalar.length)
                return .scalar(Mark(place, scalar.anchor, scalar.tag), String(decoding: value, as: UTF8.self))
            case YAML_SEQUENCE_START_EVENT:
                return .sequenceStart(Mark(place, event.data.sequence_start.anchor, event.data.sequence_start.tag))
            case YAML_SEQUENCE_END_EVENT: return .sequenceEnd
            case YAML_MAPPING_START_EVENT:
                return .mappingStart(Mark(place, event.data.mapping_start.anchor, event.data.mapping_start.tag))
            case YAML_MAPPING_END_EVENT: return .mappingEnd
            default: return .streamEnd
            }
        }
    }

    private var fault: YAMLError {
        let problem = parser.pointee.problem.map { String(cString: $0) } ?? "the parser is short of memory"
        let isPlaced = parser.pointee.error == YAML_SCANNER_ERROR || parser.pointee.error == YAML_PARSER_ERROR
        guard isPlaced else { return YAMLError(file: file, place: nil, reason: "is not YAML: \(problem)") }
        let place = YAMLPlace(parser.pointee.problem_mark)
        let reason = isTab(place) ? "a tab is here; indent with spaces" : "is not YAML: \(problem)"
        return YAMLError(file: file, place: place, reason: reason)
    }

    /// Whether a tab stands there, behind nothing but white space: the parser speaks of tokens then.
    private func isTab(_ place: YAMLPlace) -> Bool {
        let lines = text.unicodeScalars.split(separator: "\n", omittingEmptySubsequences: false)
        guard lines.indices.contains(place.line - 1) else { return false }
        let before = lines[place.line - 1].prefix(place.column)
        return before.last == "\t" && before.allSatisfy { $0 == " " || $0 == "\t" }
    }
}

extension YAMLEvents.Mark {
    fileprivate init(_ place: YAMLPlace, _ anchor: UnsafePointer<yaml_char_t>?, _ tag: UnsafePointer<yaml_char_t>?) {
        self.init(place: place, hasAnchor: anchor != nil, tag: tag.map { String(cString: $0) })
    }
}

extension YAMLPlace {
    fileprivate init(_ mark: yaml_mark_t) {
        self.init(line: mark.line + 1, column: mark.column + 1)
    }
}
