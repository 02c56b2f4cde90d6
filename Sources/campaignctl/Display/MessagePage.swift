import CampaignModel
import ControlAPI

/// A message as `message show` tells it.
struct MessagePage {
    let message: MessageContentView
    let style: Style

    private static let labelWidth = 11

    var lines: [String] {
        var lines = [style.bold(message.name) + (message.subject.map { " - \($0.escapedForDisplay)" } ?? "")]
        lines += entries("Revision", ["\(message.revision), \(message.isPublished ? "published" : "draft")"])
        lines += entries("File", [message.fileName])
        lines += entries("Headers", message.headers.map { "\($0.name): \($0.value)" })
        lines += entries("Attachments", message.attachments.map { "\($0.name), \($0.bytes) bytes" })
        return lines + body("Text", message.text) + body("HTML", message.html)
    }

    private func entries(_ label: String, _ values: [String]) -> [String] {
        values.enumerated().map { index, value in
            let label = index == 0 ? label + ":" : ""
            let padding = String(repeating: " ", count: max(0, Self.labelWidth + 1 - label.count))
            return "\(padding)\(label) \(value.escapedForDisplay)"
        }
    }

    private func body(_ label: String, _ text: String?) -> [String] {
        guard let text else { return [] }
        // By scalars: a return and a line feed are one character.
        var lines = text.unicodeScalars.split(separator: "\n", omittingEmptySubsequences: false).map(Self.shown)
        if lines.last == "" { lines.removeLast() }
        return ["", "\(label):"] + lines
    }

    /// A line of a body: a tab and the return before its end are no danger, all else is escaped.
    private static func shown(_ line: Substring.UnicodeScalarView) -> String {
        let line = line.last == "\r" ? line.dropLast() : line
        return line.split(separator: "\t", omittingEmptySubsequences: false).map { String($0).escapedForDisplay }
            .joined(separator: "\t")
    }
}
