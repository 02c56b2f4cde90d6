/// A campaign's file as its author wrote it, under the name that the campaign has: a duplicate keeps the text of its
/// original, and applied with the old name it would change that one.
enum SourceText {
    /// The same text with `name` as the value of its key `name`; as it is where that key has no line of its own.
    static func text(_ text: String, named name: String) -> String {
        var lines = text.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
        guard let index = lines.firstIndex(where: { $0.hasPrefix("name:") }) else { return text }
        let value = lines[index].dropFirst("name:".count)
        let old = value.drop { $0 == " " || $0 == "\t" }.prefix { $0 != " " && $0 != "\t" && $0 != "\r" && $0 != "#" }
        guard !old.isEmpty, old.filter({ $0 != "\"" && $0 != "'" }) != name else { return text }
        lines[index].replaceSubrange(old.startIndex..<old.endIndex, with: name)
        return lines.joined(separator: "\n")
    }
}
