/// The name of a list: `The Shop's news <news.example.org>`. RFC 2919
struct ListID {
    let field: HeaderField

    private static let name = "List-Id"
    /// RFC 2919, section 2.
    private static let maximumBytes = 255

    /// - Parameter part: what an error names.
    /// - Throws: ``MailTemplateError`` where it is none.
    init(_ text: String, part: String) throws(MailTemplateError) {
        let hasBrackets = text.utf8.trimmedBlanks.last == UInt8(ascii: ">")
        let (phrase, id) = hasBrackets ? Mailbox.parts(text) : (nil, String(Substring(text.utf8.trimmedBlanks)))
        let labels = id.utf8.split(separator: UInt8(ascii: "."), omittingEmptySubsequences: false)
        let isSound = !text.contains("{{") && labels.count > 1 && id.utf8.count <= Self.maximumBytes
            && labels.allSatisfy { !$0.isEmpty && $0.allSatisfy { $0.isAtomText && $0 < 0x80 } }
        guard isSound else {
            throw MailTemplateError(
                part,
                "must be a name with dots, the same for all recipients, as news.example.org or News <news.example.org>")
        }
        var field = HeaderField(Self.name)
        field.append(phrase: Array((phrase ?? "").utf8))
        field.append(word: "<\(id)>".utf8)
        self.field = field
    }
}
