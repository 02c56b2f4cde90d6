/// What is wrong with a message, or with a surface's settings for it: nobody gets anything.
///
/// `html: line 12: {{#city}} is never closed; write {{/city}} where it ends`
public struct MailTemplateError: Error, Hashable, Sendable, CustomStringConvertible {
    /// `subject`, `text`, `html`, `headers.NAME`, `attachments`, or the key of a setting: `to_name`.
    public let part: String
    /// From 1; nil where the part is but one line, or the fault is no line's.
    public let line: Int?
    public let reason: String

    init(_ part: String, line: Int? = nil, _ reason: String) {
        self.part = part
        self.line = line
        self.reason = reason
    }

    public var description: String { "\(part): " + (line.map { "line \($0): " } ?? "") + reason }
}
