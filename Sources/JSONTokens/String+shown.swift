extension String {
    /// The text as an error shows it: of what a peer wrote as much as anybody reads, control characters as JSON escapes
    /// them.
    package var shown: String {
        let limit = 60
        let isCut = !unicodeScalars.dropFirst(limit).isEmpty
        var writer = JSONWriter(escapesDelete: true)
        writer.string(String(String.UnicodeScalarView(unicodeScalars.prefix(limit))))
        return String(decoding: writer.bytes.dropFirst().dropLast(), as: UTF8.self) + (isCut ? "…" : "")
    }
}
