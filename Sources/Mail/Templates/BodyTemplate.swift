/// A body with the columns in it. What does not change from recipient to recipient is encoded once: whole bodies, or in
/// quoted-printable all lines without a tag.
struct BodyTemplate: Sendable {
    private enum Content: Sendable {
        /// The same for all, encoded.
        case constant([UInt8])
        /// For each step of the text, where it is a text, its pieces.
        case quotedPrintable(TemplateText, [Pieces])
        case base64(TemplateText)
    }

    /// A text around its inner lines, which nothing can change.
    private struct Pieces: Sendable {
        /// Up to the first line end.
        var first: ArraySlice<UInt8> = []
        var hasLines = false
        /// All whole lines after that, encoded.
        var lines: [UInt8] = []
        /// What begins the last line.
        var last: ArraySlice<UInt8> = []
    }

    /// `plain` or `html`.
    let subtype: String
    let transferEncoding: String
    private let content: Content
    /// What it comes to with short columns, for memory to be taken at once.
    let usualBytes: Int

    /// - Throws: ``MailTemplateError`` naming `part` and the line.
    init(
        _ text: String, part: String, subtype: String, place: TemplateParser.Place, columns: inout ColumnNames
    ) throws(MailTemplateError) {
        let template = try TemplateParser.parse(text, part: part, place: place, columns: &columns)
        self.subtype = subtype
        let isQuoted = Self.isMostlyASCII(template)
        usualBytes = template.texts.reduce(0) { $0 + $1.count } * 4 / 3 + template.steps.count * 16
        transferEncoding = isQuoted ? "quoted-printable" : "base64"
        if let constant = template.constant {
            content = .constant(isQuoted ? Self.quoted(constant) : Self.base64(constant))
        } else if isQuoted {
            content = .quotedPrintable(template, template.steps.map(Self.pieces))
        } else {
            content = .base64(template)
        }
    }

    /// Quoted-printable takes three bytes for one beyond ASCII, base64 four for any three: the shorter one.
    private static func isMostlyASCII(_ template: TemplateText) -> Bool {
        var (all, beyond) = (0, 0)
        for text in template.texts {
            all += text.count
            beyond += text.count { $0 >= 0x80 }
        }
        return all + beyond * 2 <= all * 4 / 3
    }

    /// Adds the encoded body, whole lines.
    ///
    /// - Throws: ``MailMessageError/tooLarge``.
    func append(to message: inout [UInt8], with values: [[UInt8]]) throws(MailMessageError) {
        switch content {
        case .constant(let encoded): message.append(contentsOf: encoded)
        case .quotedPrintable(let text, let pieces):
            // Moved in and out: it is never copied.
            var sink = QuotedPrintableSink(encoder: QuotedPrintable(into: message), pieces: pieces)
            message = []
            try text.fill(&sink, with: values)
            message = sink.encoder.finish()
        case .base64(let text):
            var filled: [UInt8] = []
            try text.fill(&filled, with: values)
            Base64.appendLines(of: Self.withLineEnds(filled), to: &message)
        }
    }

    private struct QuotedPrintableSink: TemplateSink {
        var encoder: QuotedPrintable
        let pieces: [Pieces]
        var value: [UInt8] = []

        var count: Int { encoder.count }

        mutating func take(_ text: [UInt8], ofStep step: Int) {
            encoder.append(pieces[step].first)
            guard pieces[step].hasLines else { return }
            encoder.append(encodedLines: pieces[step].lines)
            encoder.append(pieces[step].last)
        }

        mutating func take(_ text: [UInt8], _ escaping: Escaping) {
            value.removeAll(keepingCapacity: true)
            escaping.append(text, to: &value)
            encoder.append(value[...])
        }
    }

    private static func pieces(of step: TemplateText.Step) -> Pieces {
        guard case .text(let text) = step else { return Pieces() }
        guard let first = text.firstIndex(of: 0x0A), let last = text.lastIndex(of: 0x0A) else {
            return Pieces(first: text[...])
        }
        let lines = quoted(Array(text[(first + 1)..<(last + 1)]))
        return Pieces(first: text[...first], hasLines: true, lines: lines, last: text[(last + 1)...])
    }

    private static func quoted(_ text: [UInt8]) -> [UInt8] {
        var encoder = QuotedPrintable()
        encoder.append(text[...])
        return encoder.finish()
    }

    private static func base64(_ text: [UInt8]) -> [UInt8] {
        var encoded: [UInt8] = []
        Base64.appendLines(of: withLineEnds(text), to: &encoded)
        return encoded
    }

    /// With CR LF for each line end, one at the end too.
    private static func withLineEnds(_ text: [UInt8]) -> [UInt8] {
        var lines: [UInt8] = []
        lines.reserveCapacity(text.count + text.count / 16 + 2)
        var isAfterReturn = false
        for byte in text {
            if byte == 0x0A || byte == 0x0D {
                if !(byte == 0x0A && isAfterReturn) { lines += [0x0D, 0x0A] }
            } else {
                lines.append(byte)
            }
            isAfterReturn = byte == 0x0D
        }
        if !lines.isEmpty, lines.last != 0x0A { lines += [0x0D, 0x0A] }
        return lines
    }
}
