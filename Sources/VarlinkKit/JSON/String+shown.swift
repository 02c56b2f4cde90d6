extension String {
    /// The text as an error shows it: of what a peer wrote as much as anybody reads, control characters as JSON escapes
    /// them.
    var shown: String {
        let limit = 60
        let isCut = !unicodeScalars.dropFirst(limit).isEmpty
        let text = JSONValue.string(String(String.UnicodeScalarView(unicodeScalars.prefix(limit)))).description
        return text.dropFirst().dropLast() + (isCut ? "…" : "")
    }
}
