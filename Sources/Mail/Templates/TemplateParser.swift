import CampaignModel

/// Reads the Mustache of a message: https://mustache.github.io/mustache.5.html, mustache(5).
///
/// Variables, sections, inverted sections, comments and changed delimiters are as its specification says. A recipient's
/// columns are texts, so a section is there once or not at all. Partials, blocks and pragmas are refused: a message has
/// no other templates. ``{{url(column)}}`` is ours: percent-encoded, for an address in a body.
struct TemplateParser {
    /// Where the text stands, which decides what a column's value must not break out of.
    enum Place {
        case text, html, header
    }

    /// More than any message nests; a reader of one loses track far earlier.
    static let maximumDepth = 32

    private struct Section {
        let name: String
        let column: Int
        let isInverted: Bool
        /// The jump over it.
        let step: Int
        let start: Int
    }

    private let source: [UInt8]
    private let part: String
    private let place: Place
    private var open = Array("{{".utf8)
    private var close = Array("}}".utf8)
    private var position = 0
    private var text: [UInt8] = []
    private var steps: [TemplateText.Step] = []
    private var sections: [Section] = []
    private var uri = URIPlace()

    /// - Parameter columns: gets the names of the columns in it.
    /// - Throws: ``MailTemplateError`` naming `part` and the line for the first tag that is wrong.
    static func parse(
        _ text: String, part: String, place: Place, columns: inout ColumnNames
    ) throws(MailTemplateError) -> TemplateText {
        var parser = TemplateParser(source: Array(text.utf8), part: part, place: place)
        while try parser.parseTag(&columns) {}
        if let section = parser.sections.last {
            let name = FieldError.shown(section.name)
            throw parser.error(at: section.start, "is never closed; write {{/\(name)}} where it ends")
        }
        parser.endText()
        return TemplateText(steps: parser.steps)
    }

    private init(source: [UInt8], part: String, place: Place) {
        self.source = source
        self.part = part
        self.place = place
    }

    /// The text up to the next tag, and the tag.
    ///
    /// - Returns: false at the end.
    private mutating func parseTag(_ columns: inout ColumnNames) throws(MailTemplateError) -> Bool {
        guard let start = find(open, from: position) else {
            text += source[position...]
            return false
        }
        text += source[position..<start]
        var inner = start + open.count
        let sign = inner < source.count && Self.signs.contains(source[inner]) ? source[inner] : nil
        var end = close
        if let sign {
            inner += 1
            if sign == UInt8(ascii: "{") { end = [UInt8(ascii: "}")] + close }
            if sign == UInt8(ascii: "=") { end = [UInt8(ascii: "=")] + close }
        }
        guard let stop = find(end, from: inner) else {
            let missing = FieldError.shown(String(decoding: end, as: UTF8.self))
            throw error(at: start, "is a tag that does not end; \(missing) is missing")
        }
        position = stop + end.count
        if let sign, Self.standalone.contains(sign) { dropLine(from: start) }
        try take(Tag(sign: sign, content: source[inner..<stop], start: start), &columns)
        return true
    }

    private struct Tag {
        let sign: UInt8?
        let content: ArraySlice<UInt8>
        let start: Int
    }

    private static let signs = Array("#^/!=>&{<$%".utf8)
    /// Those of which nothing stays in the text.
    private static let standalone = Array("#^/!=".utf8)

    private mutating func take(_ tag: Tag, _ columns: inout ColumnNames) throws(MailTemplateError) {
        switch tag.sign {
        case UInt8(ascii: "!"): break
        case UInt8(ascii: "="): try changeDelimiters(tag)
        case UInt8(ascii: "#"), UInt8(ascii: "^"):
            try beginSection(tag, isInverted: tag.sign == UInt8(ascii: "^"), &columns)
        case UInt8(ascii: "/"): try endSection(tag)
        case UInt8(ascii: "&"), UInt8(ascii: "{"): try takeColumn(tag, isRaw: true, &columns)
        case nil: try takeColumn(tag, isRaw: false, &columns)
        default:
            throw error(at: tag.start, "is a tag for other templates, and a message has none; name a column")
        }
    }

    private mutating func takeColumn(
        _ tag: Tag, isRaw: Bool, _ columns: inout ColumnNames
    ) throws(MailTemplateError) {
        var name = try name(of: tag)
        endText()
        var escaping = place == .html && !isRaw ? Escaping.html : .none
        if place == .header { escaping = uri.escaping(isRaw: isRaw) }
        if name.hasPrefix("url("), name.hasSuffix(")") {
            name = String(name.dropFirst(4).dropLast())
            escaping = .percent
        }
        steps.append(.column(columns.number(of: name), escaping))
    }

    private mutating func beginSection(
        _ tag: Tag, isInverted: Bool, _ columns: inout ColumnNames
    ) throws(MailTemplateError) {
        let name = try name(of: tag)
        guard sections.count < Self.maximumDepth else {
            throw error(at: tag.start, "is nested too deep; \(Self.maximumDepth) sections in each other are allowed")
        }
        endText()
        let column = columns.number(of: name)
        sections.append(
            Section(name: name, column: column, isInverted: isInverted, step: steps.count, start: tag.start))
        // Its target is known at its end.
        steps.append(.jump(column: column, ifEmpty: !isInverted, to: 0))
    }

    private mutating func endSection(_ tag: Tag) throws(MailTemplateError) {
        let name = written(tag)
        guard let section = sections.popLast() else {
            throw error(at: tag.start, "closes a section that is not open")
        }
        guard section.name == name else {
            throw error(at: tag.start, "stands where {{/\(FieldError.shown(section.name))}} must come first")
        }
        endText()
        steps[section.step] = .jump(column: section.column, ifEmpty: !section.isInverted, to: steps.count)
    }

    private mutating func changeDelimiters(_ tag: Tag) throws(MailTemplateError) {
        let words = tag.content.split { $0.isTemplateBlank }
        guard words.count == 2, !words.joined().contains(UInt8(ascii: "=")) else {
            throw error(at: tag.start, "must hold two delimiters with a space between, as {{=<% %>=}}")
        }
        open = Array(words[0])
        close = Array(words[1])
    }

    /// The column that a tag names; `.` is that of the section around it.
    private func name(of tag: Tag) throws(MailTemplateError) -> String {
        let name = written(tag)
        guard !name.isEmpty else { throw error(at: tag.start, "is a tag without a name; name a column") }
        guard !name.utf8.contains(UInt8(ascii: "\n")), find(open, from: 0, in: Array(name.utf8)) == nil else {
            throw error(at: tag.start, "is a tag that does not end where it should")
        }
        guard name == "." else { return name }
        guard let section = sections.last(where: { !$0.isInverted }) else {
            throw error(at: tag.start, "stands for the column of the section around it, and there is none")
        }
        return section.name
    }

    private func written(_ tag: Tag) -> String {
        var content = tag.content
        while let first = content.first, first.isTemplateBlank { content.removeFirst() }
        while let last = content.last, last.isTemplateBlank { content.removeLast() }
        return String(decoding: content, as: UTF8.self)
    }

    private mutating func endText() {
        guard !text.isEmpty else { return }
        if place == .header { uri.pass(text) }
        steps.append(.text(text))
        text = []
    }

    /// A tag that has its lines to itself leaves no empty line behind.
    private mutating func dropLine(from start: Int) {
        var lineStart = start
        while lineStart > 0, source[lineStart - 1].isLineBlank { lineStart -= 1 }
        guard lineStart == 0 || source[lineStart - 1] == UInt8(ascii: "\n") else { return }
        var end = position
        while end < source.count, source[end].isLineBlank { end += 1 }
        if end < source.count, source[end] == UInt8(ascii: "\r") { end += 1 }
        guard end == source.count || source[end] == UInt8(ascii: "\n") else { return }
        text.removeLast(start - lineStart)
        position = min(end + 1, source.count)
    }

    private func find(_ bytes: [UInt8], from start: Int) -> Int? { find(bytes, from: start, in: source) }

    private func find(_ bytes: [UInt8], from start: Int, in source: [UInt8]) -> Int? {
        guard let first = bytes.first, source.count >= bytes.count else { return nil }
        var place = start
        while place <= source.count - bytes.count {
            if source[place] == first, source[place..<(place + bytes.count)].elementsEqual(bytes) { return place }
            place += 1
        }
        return nil
    }

    /// Names the tag as it begins, and its line.
    private func error(at start: Int, _ reason: String) -> MailTemplateError {
        let line = source[..<start].count { $0 == UInt8(ascii: "\n") } + 1
        let rest = source[start...].prefix { $0 != UInt8(ascii: "\n") }
        var shown = rest
        if let end = find(close, from: 0, in: Array(rest)) {
            shown = rest.prefix(end + close.count)
            // The third brace of {{{name}}}.
            if rest.dropFirst(shown.count).first == UInt8(ascii: "}") { shown = rest.prefix(shown.count + 1) }
        }
        let tag = FieldError.shown(String(decoding: shown, as: UTF8.self))
        return MailTemplateError(part, line: place == .header ? nil : line, "\(tag) \(reason)")
    }
}

extension UInt8 {
    fileprivate var isLineBlank: Bool { self == 0x20 || self == 0x09 }
    fileprivate var isTemplateBlank: Bool { isLineBlank || self == 0x0A || self == 0x0D }
}
